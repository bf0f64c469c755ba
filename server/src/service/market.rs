//! Markets and the parameters their next batch will copy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::batch::BatchPhase;
use super::next_action::NextAction;

/// Every market of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MarketsView {
    /// In the order the pool was set up with; the first is the default.
    pub markets: Vec<MarketView>,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}

/// One market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MarketView {
    /// Its name.
    pub gpu_type: String,
    /// First 64 bits of the hash of its name, 16 hex digits.
    pub market_tag: String,
    /// Address of the market account, base58.
    pub address: String,
    /// Key of the matcher that clears it, base58.
    pub matcher: String,
    /// Seconds since 1970 on the chain's clock when batch 0 opened.
    pub genesis: i64,
    /// Length of a batch in seconds.
    pub batch_seconds: u32,
    /// Seconds of it that take commits; the rest take reveals.
    pub commit_seconds: u32,
    /// Seconds after it within which the matcher must clear.
    pub clear_seconds: u32,
    /// Most orders in one batch.
    pub max_orders: u32,
    /// Fee on a lease's amount, in hundredths of a percent.
    pub fee_bps: u16,
    /// Shortest lease, in seconds.
    pub min_duration_seconds: u32,
    /// Longest lease, in seconds.
    pub max_duration_seconds: u32,
    /// Micro-USDC taken per order.
    pub order_fee_micro: u64,
    /// Micro-USDC held per order until it is revealed and included.
    pub reveal_deposit_micro: u64,
    /// Micro-OBSC of stake behind each GPU offered.
    pub stake_per_gpu_micro_obsc: u64,
    /// Index of the batch that takes orders now.
    pub current_batch_index: u64,
    /// Its phase.
    pub current_phase: BatchPhase,
    /// Seconds until that phase ends.
    pub seconds_left: u64,
}
