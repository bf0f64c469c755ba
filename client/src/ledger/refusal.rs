//! The runtime's reasons against a transaction as [`LedgerError`]s, the same for every ledger.

use solana_sdk::instruction::InstructionError;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::transaction::{Transaction, TransactionError};

use super::LedgerError;
use crate::idl;

/// What `error` says about `transaction`, which left `logs`.
pub fn decode_error(transaction: &Transaction, error: TransactionError, logs: Vec<String>) -> LedgerError {
    match error {
        TransactionError::InstructionError(instruction, InstructionError::Custom(code)) => {
            let program = program_of(transaction, instruction);
            let (name, message) = idl::describe_error(program.as_ref(), code, &logs);
            LedgerError::Program { code, name, message, instruction, logs }
        }
        TransactionError::InstructionError(instruction, reason) => {
            LedgerError::Instruction { instruction, reason: reason.to_string(), logs }
        }
        TransactionError::SignatureFailure => LedgerError::BadSignature,
        TransactionError::BlockhashNotFound => LedgerError::BlockhashExpired,
        TransactionError::AlreadyProcessed => match transaction.signatures.first() {
            Some(signature) => LedgerError::AlreadyProcessed { signature: *signature },
            None => LedgerError::BadSignature,
        },
        TransactionError::AccountNotFound | TransactionError::InsufficientFundsForFee => {
            LedgerError::FeePayerEmpty
        }
        other => LedgerError::Refused { reason: other.to_string(), logs },
    }
}

fn program_of(transaction: &Transaction, instruction: u8) -> Option<Pubkey> {
    let instruction = transaction.message.instructions.get(usize::from(instruction))?;
    transaction.message.account_keys.get(usize::from(instruction.program_id_index)).copied()
}
