//! Buyers: what a GPU-hour is worth to each, what money it has, and how it bids.

use obscura_auction::admissible::collateral_ceil;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{Decision, Outcome, Strategy, permille};
use crate::market_view::MarketView;

/// Micro-USDC that a buyer has for the whole run.
const BUDGETS: std::ops::RangeInclusive<u64> = 30_000_000..=250_000_000;
/// The same where the budget is the strategy.
const TIGHT_BUDGETS: std::ops::RangeInclusive<u64> = 15_000_000..=60_000_000;
/// What a GPU-hour is worth to a buyer at most.
const VALUES: std::ops::RangeInclusive<u64> = 1_500_000..=3_200_000;
/// A bid that a demo account's key may lock, with room for rounding up.
const MOST_PER_BID: u64 = 45_000_000;
/// Seconds, taken at random.
const DURATIONS: [u32; 3] = [1_800, 3_600, 7_200];
/// Thousandths of the reference that a discount seeker starts from, and goes up by.
const DISCOUNT: u64 = 780;
const DISCOUNT_STEP: u64 = 60;
/// Thousandths of the reference that a deadline's bid goes from and to.
const RELAXED: u64 = 820;
const URGENT: u64 = 1_300;

/// A buyer's mind.
#[derive(Clone, Debug)]
pub struct Buyer {
    strategy: Strategy,
    draws: ChaCha8Rng,
    value: u64,
    budget: u64,
    /// Misses in a row.
    misses: u64,
    /// First and last round of the work that is to be done now.
    window: (u32, u32),
}

impl Buyer {
    pub fn new(strategy: Strategy, mut draws: ChaCha8Rng) -> Self {
        let budgets = if strategy == Strategy::Budget { TIGHT_BUDGETS } else { BUDGETS };
        let (value, budget) = (draws.gen_range(VALUES), draws.gen_range(budgets));
        let window = (0, draws.gen_range(1..=3));
        Self { strategy, draws, value, budget, misses: 0, window }
    }

    pub fn strategy(&self) -> Strategy {
        self.strategy
    }

    pub fn decide(&mut self, view: &MarketView) -> Option<Decision> {
        // Drawn in every round, so that one round's luck does not shift the next one's.
        let qty = self.draws.gen_range(1..=4);
        let duration = DURATIONS[self.draws.gen_range(0..DURATIONS.len())].max(view.min_duration);
        let jitter = self.draws.gen_range(0..40);
        let limit = self.limit(view, jitter).min(self.value).max(1);
        let wanted = match self.strategy {
            Strategy::Budget => Decision { limit, qty: 8, min_qty: 1, duration },
            _ => Decision { limit, qty, min_qty: qty, duration },
        };
        self.affordable(wanted)
    }

    pub fn learn(&mut self, outcome: &Outcome) {
        self.budget = self.budget.saturating_sub(outcome.paid);
        self.misses = if outcome.qty > 0 { 0 } else { self.misses + 1 };
    }

    fn limit(&mut self, view: &MarketView, jitter: u64) -> u64 {
        let reference = view.reference();
        let thousandths = match self.strategy {
            Strategy::Discount => (DISCOUNT + self.misses * DISCOUNT_STEP).min(1_000) + jitter,
            Strategy::Deadline => self.urgency(view.round) + jitter,
            Strategy::Budget => 1_020 + jitter,
            _ => 1_120 + jitter,
        };
        permille(reference, thousandths)
    }

    /// Rises from relaxed to urgent over the window of the work; a new one begins when it is over or done.
    fn urgency(&mut self, round: u32) -> u64 {
        let done = self.misses == 0 && round > self.window.0;
        if done || round > self.window.1 {
            self.window = (round, round + self.draws.gen_range(1..=3));
        }
        let (from, to) = self.window;
        let (passed, whole) = (u64::from(round - from), u64::from(to - from).max(1));
        RELAXED + (URGENT - RELAXED) * passed / whole
    }

    /// As many of the GPUs as money and the key's cap allow; nothing if fewer than it takes.
    fn affordable(&self, wanted: Decision) -> Option<Decision> {
        let most = self.budget.min(MOST_PER_BID);
        let fits = |qty: &u16| cost(&wanted, *qty).is_some_and(|cost| cost <= most);
        let qty = (wanted.min_qty..=wanted.qty).rev().find(fits)?;
        Some(Decision { qty, min_qty: wanted.min_qty.min(qty), ..wanted })
    }
}

fn cost(decision: &Decision, qty: u16) -> Option<u64> {
    let price = PriceMicro::new(decision.limit).ok()?;
    let duration = DurationSeconds::new(decision.duration).ok()?;
    Some(collateral_ceil(price, Gpus::new(qty).ok()?, duration).get())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn view(round: u32) -> MarketView {
        MarketView { median: Some(2_000_000), min_duration: 60, round }
    }

    fn buyer(strategy: Strategy) -> Buyer {
        let mut buyer = Buyer::new(strategy, ChaCha8Rng::seed_from_u64(1));
        (buyer.value, buyer.budget) = (5_000_000, 100_000_000);
        buyer
    }

    const MISS: Outcome = Outcome { qty: 0, paid: 0, clearing_price: None };

    fn limits(mut buyer: Buyer, rounds: u32) -> Vec<u64> {
        let bids = (0..rounds).map(|round| {
            let limit = buyer.decide(&view(round)).unwrap().limit;
            buyer.learn(&MISS);
            limit
        });
        bids.collect()
    }

    #[test]
    fn the_same_seed_decides_the_same() {
        for strategy in [Strategy::Taker, Strategy::Discount, Strategy::Deadline, Strategy::Budget] {
            assert_eq!(limits(buyer(strategy), 6), limits(buyer(strategy), 6));
        }
    }

    #[test]
    fn a_discount_seeker_starts_below_the_median_and_raises_after_each_miss() {
        let limits = limits(buyer(Strategy::Discount), 4);
        assert!(limits.iter().all(|limit| *limit < 2_100_000), "{limits:?}");
        assert!(limits.is_sorted() && limits[0] < 1_700_000, "{limits:?}");
    }

    #[test]
    fn a_deadline_is_bid_for_above_the_median_at_last() {
        let mut buyer = buyer(Strategy::Deadline);
        buyer.window = (0, 3);
        let limits = limits(buyer, 4);
        assert!(limits.is_sorted() && limits[0] < 2_000_000 && limits[3] > 2_500_000, "{limits:?}");
    }

    #[test]
    fn nobody_bids_more_than_it_has_or_than_it_is_worth() {
        let mut poor = buyer(Strategy::Budget);
        poor.budget = 9_000_000;
        let bid = poor.decide(&view(0)).unwrap();
        assert!(cost(&bid, bid.qty).unwrap() <= 9_000_000);
        poor.learn(&Outcome { qty: 4, paid: 8_999_999, clearing_price: Some(2_000_000) });
        assert_eq!(poor.decide(&view(1)), None);
        let mut modest = buyer(Strategy::Taker);
        modest.value = 1_000_000;
        assert_eq!(modest.decide(&view(0)).unwrap().limit, 1_000_000);
    }
}
