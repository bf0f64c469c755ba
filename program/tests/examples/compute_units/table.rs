//! Calls by instruction, and the table made of them. Every instruction of the program must be in it.

use std::fmt::Write as _;

use obscura_program_tests::Landed;

/// Compute units that an instruction is to stay below.
const GOALS: [(&str, u64); 5] = [
    ("commit", 40_000),
    ("reveal", 40_000),
    ("post_clearing", 150_000),
    ("open_lease", 60_000),
    ("refund", 25_000),
];

/// Of one instruction, in the order in which they were made: the first is the typical one.
struct Calls {
    instruction: &'static str,
    calls: Vec<(&'static str, u64)>,
}

#[derive(Default)]
pub struct Table(Vec<Calls>);

impl Table {
    /// A call of `instruction`; `case` says what was special about it.
    pub fn add(&mut self, instruction: &'static str, case: &'static str, landed: Landed) {
        let call = (case, landed.compute_units);
        match self.0.iter_mut().find(|calls| calls.instruction == instruction) {
            Some(calls) => calls.calls.push(call),
            None => self.0.push(Calls { instruction, calls: vec![call] }),
        }
    }

    pub fn render(&self) -> String {
        let mut text = String::from(
            "# Compute units, rent, cost\n\nWritten by `cargo run -p obscura-program-tests --example \
             compute_units`; do not edit. Measured in LiteSVM with the committed program; whole transaction \
             of one instruction. The worst case is the dearest of those tried; the seeds of an address add \
             or save some thousand units.\n\n| instruction | typical | worst | the worst one | goal |\n\
             |---|---:|---:|---|---:|\n",
        );
        for Calls { instruction, calls } in &self.0 {
            let (_, typical) = calls[0];
            let (case, worst) = calls.iter().max_by_key(|(_, units)| *units).unwrap();
            let goal = GOALS.iter().find(|(name, _)| name == instruction);
            let goal = goal.map_or(String::new(), |(_, units)| units.to_string());
            writeln!(text, "| `{instruction}` | {typical} | {worst} | {case} | {goal} |").unwrap();
        }
        self.check_complete();
        text
    }

    /// Fails where the interface has an instruction that no row is about.
    fn check_complete(&self) {
        let idl = include_str!("../../../../client/idls/obscura_program.json");
        let idl: serde_json::Value = serde_json::from_str(idl).unwrap();
        for instruction in idl["instructions"].as_array().unwrap() {
            let name = instruction["name"].as_str().unwrap();
            assert!(self.0.iter().any(|calls| calls.instruction == name), "{name} was not measured");
        }
    }
}
