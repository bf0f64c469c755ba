//! What a market paid lately: the payment-weighted median over its last batches,
//! with the money, the keys and the age behind it.

use std::collections::BTreeSet;

use obscura_auction::order::DEFAULT_BID_DURATION;
use obscura_auction::settlement::{amount_ceil, collateral_ceil};
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};

use obscura_client::accounts::{MarketParams, MarketTerms};

use super::Pool;
use super::batches::RunningBatch;
use super::market_board::MarketFigures;
use crate::service::{
    BatchPhase, CurrentBatch, FillEstimate, NextAction, QuoteEstimate, QuoteInput, QuoteView,
    RecentBatchSizes, ServiceError,
};
use crate::storage::{ClearedBatch, Payment};

/// Below any of these a median is called thin: few could have made it by trading
/// with themselves.
const THIN_TOTAL_MICRO: u64 = 100_000_000;
const THIN_BATCHES: usize = 3;
const THIN_PARTIES: usize = 3;

/// Percent of past batches that a quoted limit would have filled in, unless asked otherwise.
const DEFAULT_FILL_PROBABILITY: u8 = 80;
/// Below this many batches a share of them says little.
const FEW_BATCHES: usize = 10;
/// Batches whose start a quote tells.
const NEXT_BATCHES: u64 = 3;

impl Pool {
    pub(super) async fn quote_market(&self, input: QuoteInput) -> Result<QuoteView, ServiceError> {
        let market = self.markets.meant(Some(&input.gpu_type))?;
        let figures = self.figures(market).await?;
        let MarketFigures { running: RunningBatch { batch, terms }, history, cleared: batches } =
            figures.as_ref();
        let MarketTerms { params, .. } = terms;
        check_duration(params, &input)?;
        let fill = fill_estimate(batches, input.fill_probability.unwrap_or(DEFAULT_FILL_PROBABILITY));
        let price = fill.price_micro.or(history.median);
        let estimate = price.and_then(|price| estimate(price, &input, params));
        Ok(QuoteView {
            gpu_type: market.gpu_type.clone(),
            median_price_micro: history.median,
            thin: history.is_thin(),
            total_paid_micro: history.total,
            batches: as_u32(history.batches),
            buyers: as_u32(history.buyers),
            providers: as_u32(history.providers),
            age_seconds: history.newest.map(|at| age(batch.chain_time, at)),
            notes: notes(history, &fill),
            next_actions: next_actions(batch, estimate.as_ref()),
            fill,
            estimate,
            anonymity: sizes(batches),
            order_fee_micro: params.order_fee,
            reveal_deposit_micro: params.reveal_deposit,
            fee_bps: params.fee_bps,
            min_duration_seconds: params.min_duration,
            max_duration_seconds: params.max_duration,
            next_batches_open_at: (1..=NEXT_BATCHES)
                .map(|next| market.clock.starts_at(batch.index.saturating_add(next)))
                .collect(),
            batch: batch.clone(),
        })
    }
}

/// The least price that a share of `batches` cleared at or below. A batch in which nothing traded
/// would have filled no bid.
fn fill_estimate(batches: &[ClearedBatch], probability: u8) -> FillEstimate {
    let mut prices: Vec<u64> = batches.iter().filter_map(|batch| batch.price_micro).collect();
    prices.sort_unstable();
    let needed = (batches.len() * usize::from(probability)).div_ceil(100).max(1);
    let price_micro = prices.get(needed - 1).copied();
    FillEstimate {
        probability,
        price_micro,
        sample_batches: as_u32(batches.len()),
        traded_batches: as_u32(prices.len()),
        method: fill_method(batches.len(), prices.len(), probability, price_micro),
    }
}

fn fill_method(sample: usize, traded: usize, probability: u8, price: Option<u64>) -> String {
    match price {
        Some(_) if sample < FEW_BATCHES => format!(
            "{probability} % of the last {sample} cleared batches cleared at this price or less: too few to lean on"
        ),
        Some(_) => format!(
            "{probability} % of the last {sample} cleared batches cleared at this price or less; batches without a \
             trade count as not filling"
        ),
        None if sample == 0 => "unknown: this market has cleared no batch yet".to_owned(),
        None => format!(
            "unknown: only {traded} of the last {sample} cleared batches had a trade, less than {probability} %"
        ),
    }
}

fn sizes(batches: &[ClearedBatch]) -> RecentBatchSizes {
    let mut counts: Vec<u32> = batches.iter().map(|batch| batch.order_count).collect();
    counts.sort_unstable();
    RecentBatchSizes {
        batches: as_u32(counts.len()),
        smallest: counts.first().copied(),
        median: counts.get(counts.len() / 2).copied(),
    }
}

/// A lease that this market does not have is not quoted.
fn check_duration(params: &MarketParams, input: &QuoteInput) -> Result<(), ServiceError> {
    let (min, max) = (params.min_duration, params.max_duration);
    match input.duration_seconds.filter(|seconds| !(min..=max).contains(seconds)) {
        None => Ok(()),
        Some(seconds) => Err(ServiceError::DurationOutOfRange {
            got: seconds.to_string(),
            min: min.into(),
            max: max.into(),
            hint: String::new(),
        }),
    }
}

/// What the payments of the last batches say.
pub(super) struct History {
    median: Option<u64>,
    total: u64,
    batches: usize,
    buyers: usize,
    providers: usize,
    newest: Option<i64>,
}

impl History {
    /// `payments` ascend by price.
    pub(super) fn of(payments: &[Payment]) -> Self {
        Self {
            median: weighted_median(payments),
            total: payments.iter().fold(0, |sum, payment| sum.saturating_add(payment.amount_micro)),
            batches: distinct(payments.iter().map(|payment| payment.batch_index)),
            buyers: distinct(payments.iter().map(|payment| payment.buyer)),
            providers: distinct(payments.iter().map(|payment| payment.provider)),
            newest: payments.iter().map(|payment| payment.paid_at).max(),
        }
    }

    fn is_thin(&self) -> bool {
        self.total < THIN_TOTAL_MICRO
            || self.batches < THIN_BATCHES
            || self.buyers < THIN_PARTIES
            || self.providers < THIN_PARTIES
    }
}

/// The least price at or below which at least half of the money was paid.
fn weighted_median(ascending: &[Payment]) -> Option<u64> {
    let total: u128 = ascending.iter().map(|payment| u128::from(payment.amount_micro)).sum();
    let mut so_far: u128 = 0;
    ascending
        .iter()
        .find(|payment| {
            so_far += u128::from(payment.amount_micro);
            so_far * 2 >= total
        })
        .map(|payment| payment.price_micro)
}

fn estimate(price: u64, input: &QuoteInput, params: &MarketParams) -> Option<QuoteEstimate> {
    let price = PriceMicro::new(price).ok()?;
    let qty = Gpus::new(input.qty.unwrap_or(Gpus::ONE.get())).ok()?;
    let seconds = input.duration_seconds.unwrap_or(DEFAULT_BID_DURATION.get());
    let duration = DurationSeconds::new(seconds).ok()?;
    let collateral = collateral_ceil(price, qty, duration).get().max(params.min_collateral);
    Some(QuoteEstimate {
        qty: qty.get(),
        duration_seconds: seconds,
        price_micro: price.get(),
        amount_micro: amount_ceil(price, qty, duration).get(),
        collateral_micro: collateral,
        needed_micro: collateral.saturating_add(params.order_fee).saturating_add(params.reveal_deposit),
    })
}

fn notes(history: &History, fill: &FillEstimate) -> Vec<String> {
    let mut notes = vec![
        "A limit is what you may have to pay; everybody in a batch pays one price.".to_owned(),
        "A bid may be split over several providers; minQty is the least it accepts in all.".to_owned(),
    ];
    if history.is_thin() {
        notes.push("Thin: too little was paid, by too few, to lean on the median.".to_owned());
    }
    if fill.price_micro.is_none() && history.median.is_none() {
        notes.push(
            "Price unknown: nothing here says what GPUs cost in this market. Bid what they are worth to you."
                .to_owned(),
        );
    }
    notes
}

fn next_actions(batch: &CurrentBatch, estimate: Option<&QuoteEstimate>) -> Vec<NextAction> {
    let reason = match batch.phase {
        BatchPhase::Open => {
            format!("batch {} takes commits for {} s more", batch.index, batch.seconds_left)
        }
        _ => format!("when batch {} opens, in {} s", batch.index + 1, batch.seconds_left),
    };
    vec![NextAction::commit(&batch.gpu_type, estimate.map(|estimate| estimate.collateral_micro), reason)]
}

fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
    values.collect::<BTreeSet<_>>().len()
}

fn as_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn age(now: i64, then: i64) -> u64 {
    u64::try_from(now.saturating_sub(then)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(price_micro: u64, amount_micro: u64) -> Payment {
        Payment {
            lease: [0; 32],
            market: [0; 32],
            batch_index: 1,
            price_micro,
            amount_micro,
            buyer: [1; 32],
            provider: [2; 32],
            paid_at: 0,
        }
    }

    #[test]
    fn the_median_weighs_by_money_and_not_by_trades() {
        let payments = [paid(1, 1), paid(2, 1), paid(3, 1), paid(9, 100)];
        assert_eq!(weighted_median(&payments), Some(9));
        assert_eq!(weighted_median(&[paid(5, 50), paid(9, 50)]), Some(5));
        assert_eq!(weighted_median(&[]), None);
    }

    fn cleared(prices: &[Option<u64>]) -> Vec<ClearedBatch> {
        let batch = |(index, price_micro)| ClearedBatch { index, price_micro, order_count: 3, cleared_at: 0 };
        (0..).zip(prices.iter().copied()).map(batch).collect()
    }

    #[test]
    fn a_bid_fills_at_the_price_that_its_share_of_batches_cleared_at_or_below() {
        let batches = cleared(&[Some(9), Some(5), Some(7), Some(6), Some(8)]);
        let price = |percent| fill_estimate(&batches, percent).price_micro;
        assert_eq!([1, 20, 21, 50, 80, 81, 99].map(price), [5, 5, 6, 7, 8, 9, 9].map(Some));
    }

    #[test]
    fn batches_without_a_trade_fill_nothing_and_a_market_without_history_is_unknown() {
        let half = cleared(&[Some(5), None, Some(6), None]);
        assert_eq!(fill_estimate(&half, 50).price_micro, Some(6));
        let more = fill_estimate(&half, 51);
        assert_eq!((more.price_micro, more.sample_batches, more.traded_batches), (None, 4, 2));
        let none = fill_estimate(&[], 50);
        assert!(none.price_micro.is_none() && none.method.starts_with("unknown"), "{}", none.method);
    }

    #[test]
    fn trades_of_one_pair_are_thin_however_large() {
        assert!(History::of(&[paid(5, 1_000_000_000)]).is_thin());
    }
}
