//! From a budget to a bid: the limit that it may go to.
//!
//! A limit is what one may have to pay. The budget bounds it; where the market's own prices are known and not
//! thin, so does a quarter above what a bid needed there, so that a lone buyer with a large budget does not pay
//! half of it.

use obscura_auction::order::DEFAULT_BID_DURATION;
use obscura_auction::units::PriceMicro;

use crate::service::{LeaseInput, QuoteInput, QuoteView, ServiceError, SideInput, TermsInput};

use super::Keeper;

const SECONDS_PER_HOUR: u128 = 3600;
const MAX_PRICE_MICRO: u64 = PriceMicro::MAX.get();

impl Keeper {
    /// The bid that a budget makes.
    pub(super) async fn terms_within(&self, input: LeaseInput) -> Result<TermsInput, ServiceError> {
        let LeaseInput {
            gpu_type,
            qty,
            duration_seconds,
            max_total_micro,
            max_price_micro,
            min_qty,
            good_for_batches,
            min_batch_orders,
            client_tag,
            order_id,
            dry_run,
        } = input;
        let seconds = duration_seconds.unwrap_or(DEFAULT_BID_DURATION.get());
        let affordable = affordable(max_total_micro, qty, seconds).ok_or_else(|| too_little(qty, seconds))?;
        let limit = match max_price_micro {
            Some(most) => affordable.min(most),
            None => affordable.min(self.dearest_sensible(&gpu_type).await?),
        };
        Ok(TermsInput {
            gpu_type,
            side: Some(SideInput::Bid),
            price_micro: limit,
            qty,
            min_qty,
            duration_seconds,
            max_total_micro: Some(max_total_micro),
            lock_gpus: None,
            good_for_batches,
            min_batch_orders,
            client_tag,
            order_id,
            dry_run,
        })
    }

    async fn dearest_sensible(&self, gpu_type: &str) -> Result<u64, ServiceError> {
        // The pool must not learn from the question what the order will be.
        let asked = QuoteInput {
            gpu_type: gpu_type.to_owned(),
            qty: None,
            duration_seconds: None,
            fill_probability: None,
        };
        Ok(ceiling(&self.pool.quote(asked).await?))
    }
}

/// A quarter above the median, or the price that mostly fills where that is more; none where little is known.
fn ceiling(quote: &QuoteView) -> u64 {
    let known = quote.median_price_micro.filter(|_| !quote.thin);
    let Some(median) = known else { return MAX_PRICE_MICRO };
    let needed = quote.fill.price_micro.unwrap_or(median).max(median);
    needed.saturating_add(needed.div_ceil(4)).min(MAX_PRICE_MICRO)
}

/// The highest price whose collateral, `ceil(price*qty*seconds/3600) + qty - 1`, is within `total`.
fn affordable(total: u64, qty: u16, seconds: u32) -> Option<u64> {
    let qty = u128::from(qty);
    let spendable = u128::from(total).checked_sub(qty - 1)?;
    let price = spendable * SECONDS_PER_HOUR / (qty * u128::from(seconds));
    let price = u64::try_from(price).unwrap_or(MAX_PRICE_MICRO).min(MAX_PRICE_MICRO);
    (price > 0).then_some(price)
}

fn too_little(qty: u16, seconds: u32) -> ServiceError {
    ServiceError::invalid_field(
        "maxTotalMicro",
        format!("maxTotalMicro pays no price above 0 for {qty} GPUs over {seconds} s: raise it"),
    )
}

#[cfg(test)]
mod tests {
    use obscura_auction::settlement::collateral_ceil;
    use obscura_auction::units::{DurationSeconds, Gpus};

    use super::*;

    #[test]
    fn the_limit_is_the_highest_that_the_budget_covers() {
        for (total, qty, seconds) in [(8_000_000, 4, 3600), (1_000, 3, 61), (7, 1, 2_592_000), (50, 4096, 60)]
        {
            let Some(price) = affordable(total, qty, seconds) else { continue };
            let cost = |price| {
                let (qty, seconds) = (Gpus::new(qty).unwrap(), DurationSeconds::new(seconds).unwrap());
                collateral_ceil(PriceMicro::new(price).unwrap(), qty, seconds).get()
            };
            assert!(cost(price) <= total && cost(price + 1) > total, "{total} {qty} {seconds}: {price}");
        }
    }

    #[test]
    fn a_budget_that_pays_nothing_is_refused() {
        assert_eq!(affordable(2, 4, 3600), None);
        assert_eq!(affordable(3, 4, 3600), None);
    }
}
