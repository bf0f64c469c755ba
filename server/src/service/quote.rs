//! What a market paid lately, and what an order of a given size would lock.
//!
//! It reports a payment-weighted median with the money, keys and age behind it,
//! never the last price alone: one trade with oneself must not look like a
//! market.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::batch::CurrentBatch;
use super::next_action::NextAction;

/// A market's recent past and present.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuoteView {
    /// Market.
    pub gpu_type: String,
    /// Micro-USDC per GPU-hour: half of what was paid lately was paid at this
    /// price or less. Null where nothing was paid.
    pub median_price_micro: Option<u64>,
    /// True when too little was paid, by too few, to lean on the median.
    pub thin: bool,
    /// Micro-USDC paid over the batches counted.
    pub total_paid_micro: u64,
    /// Batches with a payment that were counted.
    pub batches: u32,
    /// Distinct buyers that paid.
    pub buyers: u32,
    /// Distinct providers that were paid.
    pub providers: u32,
    /// Seconds since the newest payment counted.
    pub age_seconds: Option<u64>,
    /// What an order of the given size would cost at the median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<QuoteEstimate>,
    /// Micro-USDC taken per order.
    pub order_fee_micro: u64,
    /// Micro-USDC held per order until it is revealed and included.
    pub reveal_deposit_micro: u64,
    /// Fee on a lease's amount, in hundredths of a percent, out of the amount.
    pub fee_bps: u16,
    /// Shortest lease, in seconds.
    pub min_duration_seconds: u32,
    /// Longest lease, in seconds.
    pub max_duration_seconds: u32,
    /// The batch that takes orders now.
    pub batch: CurrentBatch,
    /// What to know before bidding.
    pub notes: Vec<String>,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}

/// An order of the asked size, priced at the median.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuoteEstimate {
    /// GPUs.
    pub qty: u16,
    /// Seconds.
    pub duration_seconds: u32,
    /// Micro-USDC the lease would cost.
    pub amount_micro: u64,
    /// Least `maxTotalMicro` that would cover a bid at the median.
    pub collateral_micro: u64,
}
