//! What a caller may still spend, and what an order would take of it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::batch::BatchPhase;
use super::inputs::SideInput;
use super::next_action::NextAction;

/// What is left of an API key's budget. The program enforces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetView {
    /// Micro-USDC that the next order could lock: the least of the three below.
    pub left_micro: u64,
    /// Micro-USDC available in the trader account.
    pub available_micro: u64,
    /// Micro-USDC until the key's spend cap.
    pub spend_cap_left_micro: u64,
    /// Micro-USDC that one bid may lock.
    pub order_cap_micro: u64,
    /// Seconds since 1970 when the key's authority ends.
    pub expires_at: i64,
}

/// The terms of an order that a vault keeps, for its owner alone.
///
/// `Debug` shows none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnTerms {
    /// Micro-USDC per GPU-hour: the most it pays, or the least it accepts.
    pub price_micro: u64,
    /// GPUs.
    pub qty: u16,
    /// Least GPUs.
    pub min_qty: u16,
    /// Seconds.
    pub duration_seconds: u32,
}

impl fmt::Debug for OwnTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnTerms(..)")
    }
}

/// Asks what an order would lock, without locking it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviewInput {
    /// Market, for example "H100 80GB".
    #[schemars(length(min = 1, max = 64))]
    pub gpu_type: String,
    /// `bid` buys, `ask` sells. Default `bid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<SideInput>,
    /// Bids: micro-USDC to lock. Default: the key's per-order cap.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991u64))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_total_micro: Option<u64>,
    /// Asks: GPUs to lock. Default: the key's cap per ask.
    #[schemars(range(min = 1, max = 4096))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_gpus: Option<u16>,
}

/// What a commit would do. Nothing was locked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommitPreview {
    /// Always true: nothing was sent.
    pub dry_run: bool,
    /// Market.
    pub gpu_type: String,
    /// Side.
    pub side: SideInput,
    /// Micro-USDC that would be locked behind it (bids).
    pub locked_micro: u64,
    /// GPUs that would be locked, each backed by stake (asks).
    pub lock_gpus: u64,
    /// Micro-USDC taken for processing the order.
    pub order_fee_micro: u64,
    /// Micro-USDC that come back when the order is revealed and included.
    pub reveal_deposit_micro: u64,
    /// Micro-USDC that could be gone at worst: all of the above.
    pub worst_cost_micro: u64,
    /// Index of the batch it would join.
    pub batch_index: u64,
    /// `open`, or `revealing` where it would have to wait for the next one.
    pub batch_phase: BatchPhase,
    /// Seconds until that phase ends.
    pub seconds_left: u64,
    /// Orders in the batch so far.
    pub order_count: u32,
    /// The order itself, where a vault would seal it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<OwnTerms>,
    /// What would be left to spend.
    pub budget: BudgetView,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}
