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
    /// The price that a bid would have needed in past batches.
    pub fill: FillEstimate,
    /// What an order of the given size would cost at that price, else at the median; null where neither is known.
    pub estimate: Option<QuoteEstimate>,
    /// How many orders recent batches held: how many yours could hide among.
    pub anonymity: RecentBatchSizes,
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
    /// Seconds since 1970 when the next batches open, the nearest first.
    pub next_batches_open_at: Vec<i64>,
    /// What to know before bidding.
    pub notes: Vec<String>,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}

/// How often past batches would have filled a bid, from their public prices alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FillEstimate {
    /// Percent asked for.
    pub probability: u8,
    /// Micro-USDC per GPU-hour: that share of the sample cleared at this price or less. Null where unknown.
    pub price_micro: Option<u64>,
    /// Cleared batches looked at.
    pub sample_batches: u32,
    /// Those in which something traded.
    pub traded_batches: u32,
    /// How it was computed, and how far to trust it.
    pub method: String,
}

/// Orders in the batches looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentBatchSizes {
    /// Batches looked at.
    pub batches: u32,
    /// Orders in the smallest; null where none was looked at.
    pub smallest: Option<u32>,
    /// Orders in the median one; null where none was looked at.
    pub median: Option<u32>,
}

/// An order of the asked size, at one price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuoteEstimate {
    /// GPUs.
    pub qty: u16,
    /// Seconds.
    pub duration_seconds: u32,
    /// Micro-USDC per GPU-hour: the limit it assumes.
    pub price_micro: u64,
    /// Micro-USDC the lease would cost.
    pub amount_micro: u64,
    /// Least `maxTotalMicro` that would cover such a bid.
    pub collateral_micro: u64,
    /// Micro-USDC that have to be available: collateral, order fee and reveal deposit.
    pub needed_micro: u64,
}
