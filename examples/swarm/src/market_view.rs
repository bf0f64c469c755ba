//! What an agent knows when it decides: the quote, and the round.

use serde_json::Value;

/// What a market is taken to be worth before anybody has traded: micro-USDC per GPU-hour.
const OPENING_PRICE_MICRO: u64 = 1_900_000;

/// One look at the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketView {
    /// Micro-USDC per GPU-hour, weighted by payment; `None` before anything was paid.
    pub median: Option<u64>,
    /// Seconds.
    pub min_duration: u32,
    /// From 0.
    pub round: u32,
}

impl MarketView {
    /// From the answer of `quote`.
    pub fn of(quote: &Value, round: u32) -> Self {
        let min_duration =
            quote["minDurationSeconds"].as_u64().and_then(|seconds| u32::try_from(seconds).ok());
        Self { median: quote["medianPriceMicro"].as_u64(), min_duration: min_duration.unwrap_or(0), round }
    }

    /// The median, or a guess before there is one.
    pub fn reference(&self) -> u64 {
        self.median.unwrap_or(OPENING_PRICE_MICRO)
    }
}
