//! What an order may lock and lose over all its attempts.
//!
//! What earlier attempts lost in fees and deposits, and the lock of the next one, are together never above
//! `maxTotalMicro` and one order's fee and deposit.

use obscura_auction::lock::Lock;
use obscura_auction::order::{Order, Side};
use serde::{Deserialize, Serialize};

use crate::placing::{least_lock, rounded_up};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// Bids: the most that may be locked and, fee and deposit aside, spent.
    pub max_total_micro: u64,
    /// Asks: GPUs to lock.
    pub lock_gpus: u16,
    /// Batches to try.
    pub good_for_batches: u16,
    /// Orders that a batch must hold with this one in it.
    pub min_batch_orders: u16,
}

/// The order can cost more than is left for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it can cost {needed} and {left} are left for it")]
pub struct OverBudget {
    pub needed: u64,
    pub left: u64,
}

impl Caps {
    /// What the next attempt locks, where earlier ones lost `lost` micro-USDC. A bid's lock is round, so that it does not give its size away.
    pub fn next_lock(&self, order: &Order, lost: u64) -> Result<Lock, OverBudget> {
        match order.side {
            Side::Ask => Ok(Lock::of_ask(u64::from(self.lock_gpus.max(order.qty.get())))),
            Side::Bid => {
                let needed = least_lock(order, 0).amount;
                let left = self.max_total_micro.saturating_sub(lost);
                if needed > left {
                    return Err(OverBudget { needed, left });
                }
                Ok(Lock { side: Side::Bid, amount: rounded_up(needed).min(left) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use obscura_auction::order::MarketTag;
    use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};

    use super::*;

    const CAPS: Caps =
        Caps { max_total_micro: 8_000_000, lock_gpus: 4, good_for_batches: 3, min_batch_orders: 1 };

    /// Costs 7,440,003 at most.
    fn order(side: Side) -> Order {
        Order {
            side,
            market: MarketTag::of("H100 80GB"),
            price: PriceMicro::new(1_860_000).unwrap(),
            qty: Gpus::new(4).unwrap(),
            min_qty: Gpus::new(4).unwrap(),
            duration: DurationSeconds::new(3600).unwrap(),
        }
    }

    #[test]
    fn a_bid_locks_a_round_number_and_never_more_than_its_cap() {
        let capped = CAPS.next_lock(&order(Side::Bid), 0).unwrap();
        let wide = Caps { max_total_micro: 50_000_000, ..CAPS };
        let rounded = wide.next_lock(&order(Side::Bid), 0).unwrap();
        assert_eq!((capped.amount, rounded.amount), (8_000_000, 10_000_000));
    }

    #[test]
    fn what_was_lost_before_comes_off_the_next_lock() {
        let lost_two_fees = CAPS.next_lock(&order(Side::Bid), 20_000).unwrap();
        assert_eq!(lost_two_fees.amount, 7_980_000);
        let over = CAPS.next_lock(&order(Side::Bid), 600_000).unwrap_err();
        assert_eq!(over, OverBudget { needed: 7_440_003, left: 7_400_000 });
    }

    #[test]
    fn an_ask_locks_the_gpus_it_was_told_to() {
        assert_eq!(CAPS.next_lock(&order(Side::Ask), 0).unwrap().amount, 4);
        let wide = Caps { lock_gpus: 16, ..CAPS };
        assert_eq!(wide.next_lock(&order(Side::Ask), 0).unwrap().amount, 16);
    }
}
