//! Batches as everybody may see them: counts and the price, never an order's
//! terms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a batch is in its life, on the chain's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum BatchPhase {
    /// Its commit window has not begun.
    NotOpen,
    /// Takes commits.
    Open,
    /// Takes reveals.
    Revealing,
    /// The matcher proves and posts.
    Clearing,
    /// The program accepted its clearing.
    Cleared,
    /// Not cleared in time: every order gets everything back.
    Void,
    /// Over, and nobody had committed to it.
    Empty,
}

/// The batch that takes orders now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CurrentBatch {
    /// Market.
    pub gpu_type: String,
    /// Index of the batch.
    pub index: u64,
    /// `open` or `revealing`.
    pub phase: BatchPhase,
    /// Seconds until this phase ends.
    pub seconds_left: u64,
    /// Seconds since 1970 on the chain's clock when the reveal window opens.
    pub reveal_opens_at: i64,
    /// When the reveal window closes and the next batch opens.
    pub ends_at: i64,
    /// Now, on the chain's clock.
    pub chain_time: i64,
    /// Orders committed so far.
    pub order_count: u32,
    /// Most orders it can hold.
    pub max_orders: u32,
    /// The batch being cleared, or null.
    pub clearing: Option<ClearingBatch>,
}

/// A batch whose reveal window is over and whose clearing is on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClearingBatch {
    /// Index of the batch.
    pub index: u64,
    /// Orders in it.
    pub order_count: u32,
    /// Seconds until it would be void.
    pub seconds_left: u64,
}

/// One batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchView {
    /// Market.
    pub gpu_type: String,
    /// Index of the batch.
    pub index: u64,
    /// Where it is in its life.
    pub phase: BatchPhase,
    /// Seconds until this phase ends; 0 where none does.
    pub seconds_left: u64,
    /// Seconds since 1970 on the chain's clock when it opens.
    pub opens_at: i64,
    /// When its reveal window opens.
    pub reveal_opens_at: i64,
    /// When its reveal window closes.
    pub ends_at: i64,
    /// When it is void if it was not cleared.
    pub void_at: i64,
    /// Orders committed.
    pub order_count: u32,
    /// Orders whose opening the clearing includes; null until cleared.
    pub included_count: Option<u32>,
    /// Orders filled; null until cleared.
    pub filled_count: Option<u32>,
    /// Micro-USDC per GPU-hour it cleared at; null until cleared, and where
    /// nothing traded.
    pub price_micro: Option<u64>,
    /// Leases opened from it.
    pub lease_count: u32,
    /// When it was cleared.
    pub cleared_at: Option<i64>,
    /// Milliseconds this pool's matcher took to prove it.
    pub proof_millis: Option<u64>,
    /// Compute units the program used to verify and record the clearing.
    pub clearing_compute_units: Option<u64>,
    /// Transaction that posted the clearing, base58.
    pub clearing_signature: Option<String>,
    /// Address of the batch account, base58.
    pub address: String,
}
