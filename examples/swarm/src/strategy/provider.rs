//! Providers: what a GPU-hour costs each, how many GPUs it has, and how it asks.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{Decision, Outcome, Strategy, permille};
use crate::market_view::MarketView;

/// Micro-USDC that a GPU-hour costs a provider.
const COSTS: std::ops::RangeInclusive<u64> = 1_100_000..=1_900_000;
const GPUS: std::ops::RangeInclusive<u16> = 3..=10;
/// Thousandths of its cost that a floor asks.
const MARGIN: u64 = 1_080;
/// Thousandths of the last clearing price that a follower asks.
const JUST_BELOW: u64 = 985;

/// A provider's mind.
#[derive(Clone, Debug)]
pub struct Provider {
    strategy: Strategy,
    draws: ChaCha8Rng,
    cost: u64,
    gpus: u16,
    /// What its last batch cleared at.
    last_price: Option<u64>,
}

impl Provider {
    pub fn new(strategy: Strategy, mut draws: ChaCha8Rng) -> Self {
        let (cost, gpus) = (draws.gen_range(COSTS), draws.gen_range(GPUS));
        Self { strategy, draws, cost, gpus, last_price: None }
    }

    pub fn strategy(&self) -> Strategy {
        self.strategy
    }

    pub fn decide(&mut self, view: &MarketView) -> Decision {
        let last = self.last_price.unwrap_or(view.reference());
        let luck = self.draws.gen_range(650..=1_050);
        let limit = match self.strategy {
            Strategy::Follower => permille(last, JUST_BELOW).max(self.cost),
            Strategy::Undercutter => permille(last, luck - 100).max(permille(self.cost, luck)),
            _ => permille(self.cost, MARGIN),
        };
        Decision { limit, qty: self.gpus, min_qty: 1, duration: 0 }
    }

    pub fn learn(&mut self, outcome: &Outcome) {
        self.last_price = outcome.clearing_price.or(self.last_price);
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    const VIEW: MarketView = MarketView { median: Some(2_000_000), min_duration: 60, round: 0 };

    fn provider(strategy: Strategy) -> Provider {
        let mut provider = Provider::new(strategy, ChaCha8Rng::seed_from_u64(1));
        provider.cost = 1_000_000;
        provider.learn(&Outcome { qty: 0, paid: 0, clearing_price: Some(3_000_000) });
        provider
    }

    #[test]
    fn a_floor_asks_its_cost_and_a_margin_whatever_was_paid() {
        assert_eq!(provider(Strategy::Floor).decide(&VIEW).limit, 1_080_000);
    }

    #[test]
    fn a_follower_stays_just_below_the_last_clearing_price_and_above_its_cost() {
        let mut follower = provider(Strategy::Follower);
        assert_eq!(follower.decide(&VIEW).limit, 2_955_000);
        follower.learn(&Outcome { qty: 0, paid: 0, clearing_price: Some(500_000) });
        assert_eq!(follower.decide(&VIEW).limit, 1_000_000);
    }

    #[test]
    fn an_undercutter_asks_less_than_a_follower() {
        let mut undercutter = provider(Strategy::Undercutter);
        for _ in 0..50 {
            assert!(undercutter.decide(&VIEW).limit < 2_955_000);
        }
    }
}
