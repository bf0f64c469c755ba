//! What the chain answered, in the words of the service.
//!
//! Checks in front of a transaction give better errors than the program can; this
//! file covers what changes between the check and the transaction.

use obscura_client::accounts::ReadError;
use obscura_client::ledger::LedgerError;

use crate::service::ServiceError;
use crate::storage::StorageError;

/// The ledger could not be read.
pub fn unreadable(error: LedgerError) -> ServiceError {
    tracing::warn!(%error, "the chain did not answer");
    ServiceError::Unavailable { detail: "its chain does not answer".into() }
}

/// A transaction failed for a reason that no check foresaw.
pub fn refused(error: LedgerError) -> ServiceError {
    match error.program_error() {
        Some("Paused") => ServiceError::Unavailable { detail: "the program takes no new orders".into() },
        Some("NotOwnerOrDelegate" | "DelegateExpired" | "DelegateLacksPermission") => {
            ServiceError::Unauthorized("the trader's owner has ended this pool's authority over it")
        }
        Some("MatcherNotBonded") => ServiceError::Unavailable { detail: "its matcher is not bonded".into() },
        None if is_passing(&error) => unreadable(error),
        _ => {
            tracing::error!(%error, "the program refused a transaction");
            ServiceError::Internal
        }
    }
}

/// Whether the chain failed, rather than the transaction.
fn is_passing(error: &LedgerError) -> bool {
    matches!(
        error,
        LedgerError::Halted { .. }
            | LedgerError::Unavailable { .. }
            | LedgerError::FeePayerEmpty
            | LedgerError::BlockhashExpired
    )
}

impl From<ReadError> for ServiceError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Ledger(error) => unreadable(error),
            error => {
                tracing::error!(%error, "an account could not be read");
                ServiceError::Internal
            }
        }
    }
}

impl From<StorageError> for ServiceError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "the database failed");
        ServiceError::Internal
    }
}
