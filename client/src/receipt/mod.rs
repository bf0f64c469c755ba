//! A receipt: what an order's owner needs to check its outcome without a network, and the check.
//!
//! It must never be believed for what it says: every field is either compared with what follows from the
//! others or bound by the proof, and [`verify`](Receipt::verify) names the first that is not. What it
//! cannot show is that its orders are those of the chain's batch; whoever wants that too compares the
//! statement's hash or its orders root with the batch account. SPEC section 14.

mod assemble;
mod parts;
mod read;
mod summary;
mod verify;

use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

pub use assemble::{AssembleError, ReceiptSource, listed, statement_of};
pub use parts::{Hex, KeyView, LeaseOpening, LeaseRowView, ListedOrder, OrderSide, ProofView, StatementView};
pub use read::MalformedReceipt;
pub use summary::Verified;
pub use verify::ReceiptError;

/// Version of the layout below.
pub const RECEIPT_VERSION: u8 = 1;

/// The receipt of one order of a cleared batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    pub version: u8,
    pub gpu_type: String,
    #[serde(with = "parts::base58")]
    pub program: Pubkey,
    /// Address of the market, which the program derives from its gpuType.
    #[serde(with = "parts::base58")]
    pub market: Pubkey,
    /// The receipt's own order: its place in `orders`, and its commitment.
    pub order_index: u16,
    pub commit_hash: Hex<32>,
    pub outcome: Outcome,
    /// The leases of the order, by ascending row; empty unless it was filled.
    pub leases: Vec<LeaseRowView>,
    pub statement: StatementView,
    pub proof: ProofView,
    pub verifying_key: KeyView,
    /// Every order of the batch, as it was committed, in the order of the commits.
    pub orders: Vec<ListedOrder>,
}

/// What the clearing made of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// No opening of it was included, so it could not trade.
    NotIncluded,
    /// It was included and got nothing.
    Unfilled,
    /// It got at least one lease.
    Filled,
}
