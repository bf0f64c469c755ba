//! What came of a transaction, and assertions on it that name the error and not its number.

use anchor_lang::error::ErrorCode as AnchorRefusal;
use solana_sdk::instruction::InstructionError;
use solana_sdk::transaction::TransactionError;

use crate::Refusal;

/// A transaction that was executed.
#[derive(Debug)]
pub struct Landed {
    pub compute_units: u64,
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
