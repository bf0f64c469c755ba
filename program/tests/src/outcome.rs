//! What came of a transaction, and assertions on it that name the error and not its number.

use anchor_lang::error::ErrorCode as AnchorRefusal;
use anchor_lang::prelude::Pubkey;
use solana_sdk::instruction::InstructionError;
use solana_sdk::transaction::TransactionError;

use crate::Refusal;

/// A transaction that was executed.
#[derive(Debug)]
pub struct Landed {
    pub compute_units: u64,
    pub logs: Vec<String>,
}

/// A transaction that changed nothing.
#[derive(Debug)]
pub struct Refused {
    pub error: TransactionError,
    pub logs: Vec<String>,
}

pub type Outcome = Result<Landed, Refused>;

impl Refused {
    /// The program's error number, if it was the program that refused.
    pub fn code(&self) -> Option<u32> {
        match self.error {
            TransactionError::InstructionError(_, InstructionError::Custom(code)) => Some(code),
            _ => None,
        }
    }

    /// The log line of the program that failed first, which may be one that the program called.
    fn first_failure(&self) -> Option<&str> {
        let mut lines = self.logs.iter().map(String::as_str);
        lines.find(|line| line.starts_with("Program ") && line.contains(" failed: "))
    }
}

/// The program refused for exactly this reason.
#[track_caller]
pub fn assert_refused(outcome: Outcome, reason: Refusal) {
    let name = format!("{reason:?}");
    assert_code(outcome, reason.into(), &name);
}

/// A constraint on the accounts refused, with one of Anchor's own errors.
#[track_caller]
pub fn assert_refused_by_anchor(outcome: Outcome, reason: AnchorRefusal) {
    let name = format!("{reason:?}");
    assert_code(outcome, reason.into(), &name);
}

/// A program that ours called refused.
#[track_caller]
pub fn assert_refused_inside(outcome: Outcome, program: &Pubkey) {
    match outcome {
        Ok(_) => panic!("expected a refusal by {program}, but it landed"),
        Err(refused) => {
            let failure = refused.first_failure().unwrap_or("no program failed");
            assert!(
                failure.starts_with(&format!("Program {program} failed: ")),
                "expected a refusal by {program}, got {:?}\n{}",
                refused.error,
                refused.logs.join("\n")
            );
        }
    }
}

#[track_caller]
fn assert_code(outcome: Outcome, code: u32, name: &str) {
    match outcome {
        Ok(_) => panic!("expected {name}, but it landed"),
        Err(refused) => assert_eq!(
            refused.code(),
            Some(code),
            "expected {name}, got {:?}\n{}",
            refused.error,
            refused.logs.join("\n")
        ),
    }
}
