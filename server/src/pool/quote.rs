//! What a market paid lately: the payment-weighted median over its last batches,
//! with the money, the keys and the age behind it.

use std::collections::BTreeSet;

use obscura_auction::order::DEFAULT_BID_DURATION;
use obscura_auction::settlement::{amount_ceil, collateral_ceil};
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};

use obscura_client::accounts::{MarketParams, MarketTerms};

use super::Pool;
use super::batches::RunningBatch;
use crate::service::{CurrentBatch, NextAction, QuoteEstimate, QuoteInput, QuoteView, ServiceError};
use crate::storage::Payment;

/// Below any of these a median is called thin: few could have made it by trading
/// with themselves.
const THIN_TOTAL_MICRO: u64 = 100_000_000;
const THIN_BATCHES: usize = 3;
const THIN_PARTIES: usize = 3;

impl Pool {
    pub(super) async fn quote_market(&self, input: QuoteInput) -> Result<QuoteView, ServiceError> {
        let market = self.markets.meant(Some(&input.gpu_type))?;
        let RunningBatch { batch, terms: MarketTerms { params, .. } } = self.running_batch(market).await?;
        check_duration(&params, &input)?;
        let payments = self.storage.recent_payments(&market.address.to_bytes()).await?;
        let history = History::of(&payments);
        Ok(QuoteView {
            gpu_type: market.gpu_type.clone(),
            median_price_micro: history.median,
            thin: history.is_thin(),
            total_paid_micro: history.total,
            batches: as_u32(history.batches),
            buyers: as_u32(history.buyers),
            providers: as_u32(history.providers),
            age_seconds: history.newest.map(|at| age(batch.chain_time, at)),
            estimate: history.median.and_then(|median| estimate(median, &input)),
            order_fee_micro: params.order_fee,
            reveal_deposit_micro: params.reveal_deposit,
            fee_bps: params.fee_bps,
            min_duration_seconds: params.min_duration,
            max_duration_seconds: params.max_duration,
            notes: notes(&history),
            next_actions: next_actions(&batch),
            batch,
        })
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
struct History {
    median: Option<u64>,
    total: u64,
    batches: usize,
    buyers: usize,
    providers: usize,
    newest: Option<i64>,
}

impl History {
    /// `payments` ascend by price.
    fn of(payments: &[Payment]) -> Self {
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

fn estimate(median: u64, input: &QuoteInput) -> Option<QuoteEstimate> {
    let price = PriceMicro::new(median).ok()?;
    let qty = Gpus::new(input.qty.unwrap_or(Gpus::ONE.get())).ok()?;
    let seconds = input.duration_seconds.unwrap_or(DEFAULT_BID_DURATION.get());
    let duration = DurationSeconds::new(seconds).ok()?;
    Some(QuoteEstimate {
        qty: qty.get(),
        duration_seconds: seconds,
        amount_micro: amount_ceil(price, qty, duration).get(),
        collateral_micro: collateral_ceil(price, qty, duration).get(),
    })
}

fn notes(history: &History) -> Vec<String> {
    let mut notes = vec![
        "A limit is what you may have to pay; everybody in a batch pays one price.".to_owned(),
        "A bid may be split over several providers; minQty is the least it accepts in all.".to_owned(),
    ];
    if history.is_thin() {
        notes.push("Thin: too little was paid, by too few, to lean on the median.".to_owned());
    }
    notes
}

fn next_actions(batch: &CurrentBatch) -> Vec<NextAction> {
    let reason = match batch.phase {
        crate::service::BatchPhase::Open => {
            format!("batch {} takes commits for {} s more", batch.index, batch.seconds_left)
        }
        _ => format!("when batch {} opens, in {} s", batch.index + 1, batch.seconds_left),
    };
    vec![NextAction::commit(&batch.gpu_type, reason)]
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

    #[test]
    fn trades_of_one_pair_are_thin_however_large() {
        assert!(History::of(&[paid(5, 1_000_000_000)]).is_thin());
    }
}
