//! Writes the table of `docs/SPEC.md`, section 9: where the constraints and the full-size values of a full
//! batch go.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use ark_bn254::Fr;
use ark_ff::PrimeField;
use obscura_circuits::batch::Clearance;
use obscura_circuits::clearing::{ClearingCircuit, ClearingWitness};
use obscura_circuits::size::BatchSize;
use obscura_circuits::trial::full_batch;

const BEGIN: &str =
    "<!-- constraints: written by `cargo run -p obscura-circuits --example constraint_table` -->\n";
const END: &str = "<!-- end of constraints -->\n";
const SIZE: BatchSize = BatchSize::S1024;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/SPEC.md");
    let spec = std::fs::read_to_string(&path)?;
    let (before, rest) = spec.split_once(BEGIN).ok_or("the specification has no place for the table")?;
    let (_, after) = rest.split_once(END).ok_or("the table's place has no end")?;
    std::fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", table()?))?;
    Ok(())
}

fn table() -> Result<String, Box<dyn std::error::Error>> {
    let clearance = Clearance::compute(&full_batch(SIZE)?)?;
    let (groups, evaluation) = ClearingCircuit::new(&ClearingWitness::of(&clearance)).evaluate()?;
    let mut full_size: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, value) in evaluation.witnesses.iter().enumerate() {
        if is_full_size(value) {
            *full_size.entry(groups.of_witness(position).ok_or("a value without a group")?).or_default() += 1;
        }
    }
    let slots = f64::from(SIZE.get());
    let mut table =
        "| constraints of | in all | per slot | full-size values per slot |\n|---|---:|---:|---:|\n"
            .to_owned();
    let mut row = |name: &str, constraints: usize, values: usize| {
        let (constraints_per_slot, values) = (constraints as f64 / slots, values as f64 / slots);
        writeln!(table, "| {name} | {constraints} | {constraints_per_slot:.1} | {values:.1} |")
    };
    for (name, constraints) in groups.counts() {
        row(name, constraints, full_size.get(name).copied().unwrap_or_default())?;
    }
    row("all", groups.total(), full_size.values().sum())?;
    Ok(table)
}

/// Costs a whole scalar multiplication: neither the value nor its negative fits 64 bits.
fn is_full_size(value: &Fr) -> bool {
    let fits = |value: Fr| value.into_bigint().0[1..].iter().all(|limb| *limb == 0);
    !fits(*value) && !fits(-*value)
}
