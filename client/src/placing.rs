//! How a sealed order gets into a batch: which one takes commits, and what must be locked.
//!
//! Must never lock less than the order can cost.

use obscura_auction::batch_clock::{BatchClock, Phase};
use obscura_auction::lock::Lock;
use obscura_auction::order::{Order, Side};
use obscura_auction::settlement::collateral_ceil;
use obscura_auction::units::OutOfRange;

use crate::accounts::Market;

/// A market's batch that takes commits or reveals at some second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningBatch {
    pub index: u64,
    pub phase: Phase,
    pub starts_at: i64,
    pub reveal_opens_at: i64,
    pub ends_at: i64,
    pub void_at: i64,
}

/// The batch of `market` at second `now`; none before its first.
pub fn running(market: &Market, now: i64) -> Result<Option<RunningBatch>, OutOfRange> {
    let clock = BatchClock::new(market.genesis, market.batch_seconds, market.clear_seconds)?;
    Ok(clock.index_at(now).map(|index| RunningBatch {
        index,
        phase: clock.phase(index, now),
        starts_at: clock.starts_at(index),
        reveal_opens_at: clock.reveal_opens_at(index),
        ends_at: clock.ends_at(index),
        void_at: clock.void_at(index),
    }))
}

/// The least that the chain must hold for `order`; `min_collateral` is the market's.
pub fn least_lock(order: &Order, min_collateral: u64) -> Lock {
    match order.side {
        Side::Bid => {
            let needed = collateral_ceil(order.price, order.qty, order.duration).get();
            Lock { side: Side::Bid, amount: needed.max(min_collateral) }
        }
        Side::Ask => Lock::of_ask(u64::from(order.qty.get())),
    }
}

/// The next of 1, 2, 5, 10, 20, 50 … that is at least `amount`, so that a lock does not give the size away.
pub fn rounded_up(amount: u64) -> u64 {
    let mut step: u64 = 1;
    loop {
        for factor in [1, 2, 5] {
            match step.checked_mul(factor) {
                Some(rounded) if rounded >= amount => return rounded,
                Some(_) => {}
                None => return amount,
            }
        }
        match step.checked_mul(10) {
            Some(next) => step = next,
            None => return amount,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_rounded_up_to_a_round_number_and_never_down() {
        let table =
            [(1, 1), (3, 5), (7_440_003, 10_000_000), (10_000_000, 10_000_000), (10_000_001, 20_000_000)];
        for (amount, rounded) in table {
            assert_eq!(rounded_up(amount), rounded, "{amount}");
        }
        assert!(rounded_up(u64::MAX) == u64::MAX);
    }
}
