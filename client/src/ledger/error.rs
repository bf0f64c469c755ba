//! Why the chain did not answer or did not take a transaction, one variant per cause.
//!
//! A refusal by the program carries the name and message of its IDL, so that callers match on names
//! and never on numbers or on log text.

use solana_sdk::signature::Signature;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// An instruction failed with a custom error code. `name` is the IDL's (or Anchor's own) name, and
    /// `Unknown` where neither has the code.
    #[error("instruction {instruction} was refused: {name} ({code}): {message}")]
    Program { code: u32, name: String, message: String, instruction: u8, logs: Vec<String> },

    /// An instruction failed with a runtime error, for example too few compute units.
    #[error("instruction {instruction} failed: {reason}")]
    Instruction { instruction: u8, reason: String, logs: Vec<String> },

    /// The blockhash is unknown or too old: sign again with a new one.
    #[error("the transaction's blockhash is not one of the last 150: sign again with a new one")]
    BlockhashExpired,

    /// Exactly this transaction has landed before.
    #[error("transaction {signature} has landed before")]
    AlreadyProcessed { signature: Signature },

    /// A signature is missing or does not fit the message.
    #[error("a signature is missing or wrong")]
    BadSignature,

    /// The fee payer's balance does not cover the fee, or it has no account.
    #[error("the fee payer cannot pay the transaction fee")]
    FeePayerEmpty,

    /// The chain refused the transaction as a whole for another reason.
    #[error("the transaction was refused: {reason}")]
    Refused { reason: String, logs: Vec<String> },

    /// The ledger could not keep its state safe and takes no more transactions until a restart.
    #[error("the ledger has stopped: {reason}; restart it")]
    Halted { reason: String },

    /// The node gave no answer, or one that makes no sense.
    #[error("the chain gave no usable answer: {reason}")]
    Unavailable { reason: String },
}

impl LedgerError {
    /// The name of the program's error, where the program refused: what callers map to their codes.
    pub fn program_error(&self) -> Option<&str> {
        match self {
            Self::Program { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The logs of the failed transaction, where it ran at all.
    pub fn logs(&self) -> &[String] {
        match self {
            Self::Program { logs, .. } | Self::Instruction { logs, .. } | Self::Refused { logs, .. } => logs,
            _ => &[],
        }
    }
}
