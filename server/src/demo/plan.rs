//! Who trades what: a fixed spread of limits that always makes at least one trade
//! and leaves at least one order without.
//!
//! The dearest bid meets the cheapest ask; the cheapest bid is below every ask, and
//! the dearest ask may be left over. No randomness: a demo that is run twice tells
//! the same story.

use obscura_auction::admissible::collateral_ceil;
use obscura_auction::order::Side;
use obscura_auction::units::{DurationSeconds, Gpus, OutOfRange, PriceMicro};
use obscura_client::placing::rounded_up;
use obscura_client::sealing::Terms;

use super::DemoOptions;
use crate::local::DemoRole;

/// Micro-USDC per GPU-hour, from the best order of a side to its worst.
const BIDS: (u64, u64) = (2_600_000, 1_200_000);
const ASKS: (u64, u64) = (1_400_000, 2_200_000);
/// Quantities, taken in turn.
const BID_GPUS: [u16; 5] = [2, 3, 1, 4, 2];
const ASK_GPUS: [u16; 3] = [4, 3, 6];
/// Seconds, taken in turn.
const BID_SECONDS: [u32; 3] = [3600, 7200, 1800];

/// One trader's order.
#[derive(Clone, Debug)]
pub struct PlannedOrder {
    pub terms: Terms,
    /// Micro-USDC a bid locks, rounded up so that it does not tell its size.
    pub max_total_micro: Option<u64>,
    /// GPUs an ask locks.
    pub lock_gpus: Option<u16>,
}

impl PlannedOrder {
    /// With a lock that covers it and does not tell its size.
    pub fn of(terms: Terms) -> Self {
        let order = terms.order();
        match terms.side {
            Side::Bid => {
                let needed = collateral_ceil(order.price, order.qty, order.duration);
                Self { terms, max_total_micro: Some(rounded_up(needed.get())), lock_gpus: None }
            }
            Side::Ask => {
                let lock = order.qty.get().next_power_of_two();
                Self { terms, max_total_micro: None, lock_gpus: Some(lock) }
            }
        }
    }
}

/// The traders of one demo.
pub struct Swarm {
    agents: u16,
    providers: u16,
}

/// Demo accounts for the swarm, in the order of its orders.
pub fn accounts(options: &DemoOptions) -> Vec<(String, DemoRole)> {
    let buyers = (1..=options.agents).map(|number| (format!("agent-{number}"), DemoRole::Buyer));
    let providers = (1..=options.providers).map(|number| (format!("provider-{number}"), DemoRole::Provider));
    buyers.chain(providers).collect()
}

impl Swarm {
    pub fn of(options: &DemoOptions) -> Self {
        Self { agents: options.agents, providers: options.providers }
    }

    /// Every order, bids first.
    pub fn orders(&self, gpu_type: &str) -> Vec<PlannedOrder> {
        let bids = (0..self.agents).map(|place| bid(gpu_type, place, self.agents));
        let asks = (0..self.providers).map(|place| ask(gpu_type, place, self.providers));
        bids.chain(asks)
            .collect::<Result<_, _>>()
            .expect("the constants above are in range, and spread keeps between two of them")
    }
}

fn bid(gpu_type: &str, place: u16, count: u16) -> Result<PlannedOrder, OutOfRange> {
    let turn = usize::from(place);
    let terms = Terms {
        gpu_type: gpu_type.to_owned(),
        side: Side::Bid,
        price: PriceMicro::new(spread(BIDS, place, count))?,
        qty: Gpus::new(BID_GPUS[turn % BID_GPUS.len()])?,
        min_qty: None,
        duration: Some(DurationSeconds::new(BID_SECONDS[turn % BID_SECONDS.len()])?),
    };
    Ok(PlannedOrder::of(terms))
}

fn ask(gpu_type: &str, place: u16, count: u16) -> Result<PlannedOrder, OutOfRange> {
    let gpus = ASK_GPUS[usize::from(place) % ASK_GPUS.len()];
    let terms = Terms {
        gpu_type: gpu_type.to_owned(),
        side: Side::Ask,
        price: PriceMicro::new(spread(ASKS, place, count))?,
        qty: Gpus::new(gpus)?,
        min_qty: None,
        duration: None,
    };
    Ok(PlannedOrder::of(terms))
}

/// Even steps from the first bound to the second; a lone order stands at the first.
fn spread((first, last): (u64, u64), place: u16, count: u16) -> u64 {
    let steps = u64::from(count.saturating_sub(1)).max(1);
    let place = u64::from(place);
    if first >= last {
        first - (first - last) * place / steps
    } else {
        first + (last - first) * place / steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_auction::book::{Book, BookOrder};
    use obscura_auction::clear::clear;

    fn options(agents: u16, providers: u16) -> DemoOptions {
        DemoOptions { agents, providers, batch_seconds: None, json: false }
    }

    #[test]
    fn every_swarm_that_is_let_through_has_a_trade_and_a_loser() {
        let large = [(1, 1023), (1023, 1), (512, 512), (200, 56)];
        let small =
            (1..=39u16).flat_map(|agents| (1..=40 - agents).map(move |providers| (agents, providers)));
        for (agents, providers) in small.chain(large) {
            if options(agents, providers).check().is_ok() {
                let orders = Swarm::of(&options(agents, providers)).orders("H100 80GB");
                let book = orders.iter().zip(0..).map(|(planned, index)| {
                    let order = planned.terms.order();
                    BookOrder {
                        index,
                        side: order.side,
                        price: order.price,
                        qty: order.qty,
                        min_qty: order.min_qty,
                        duration: order.duration,
                    }
                });
                let clearing = clear(&Book::new(book.collect()).unwrap());
                assert!(clearing.volume > 0, "{agents} agents, {providers} providers");
                assert!(clearing.fills.len() < orders.len(), "{agents} agents, {providers} providers");
            }
        }
    }

    #[test]
    fn locks_round_up_to_steps_that_hide_the_size() {
        assert_eq!([1, 3, 5, 6, 51].map(rounded_up), [1, 5, 5, 10, 100]);
    }

    #[test]
    fn locks_stay_within_an_api_keys_cap() {
        for planned in Swarm::of(&options(13, 3)).orders("H100 80GB") {
            assert!(planned.max_total_micro.unwrap_or(0) <= 50_000_000);
        }
    }

    #[test]
    fn more_orders_than_the_largest_circuit_and_a_lone_pair_are_refused() {
        assert!(matches!(options(1000, 25).check(), Err(super::super::Refusal::TooMany { .. })));
        assert!(options(1000, 24).check().is_ok());
        assert!(matches!(options(1, 1).check(), Err(super::super::Refusal::TooFew { .. })));
        assert!(options(1, 2).check().is_ok());
    }
}
