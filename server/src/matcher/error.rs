//! Why a step of the matcher failed. Every one of them is logged and tried again.

use obscura_circuits::batch::ClearanceError;
use obscura_client::accounts::ReadError;
use obscura_client::ledger::LedgerError;
use thiserror::Error;

use crate::prover::ProvingError;
use crate::storage::StorageError;

#[derive(Debug, Error)]
pub enum MatcherError {
    #[error("chain: {0}")]
    Ledger(#[from] LedgerError),
    #[error("account: {0}")]
    Read(#[from] ReadError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("a stored value is out of range: {0}")]
    OutOfRange(#[from] obscura_auction::units::OutOfRange),
    /// What the rule says of single orders stays out of the log.
    #[error("the clearing cannot be computed")]
    Clearance(#[from] ClearanceError),
    #[error(transparent)]
    Proving(#[from] ProvingError),
    #[error("batch {index}: no circuit has {slots} slots")]
    UnknownSize { index: u64, slots: u16 },
    #[error("batch {index}: order {order} has side {side}")]
    UnknownSide { index: u64, order: u16, side: u8 },
    #[error("batch {index}: the openings kept here do not lead to the leases root on chain")]
    OtherLeasesRoot { index: u64 },
    #[error("batch {index}: the lease tree has no path for row {row}")]
    NoPath { index: u64, row: u16 },
}
