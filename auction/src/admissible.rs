//! The one predicate that says whether an opened order counts in its batch (SPEC section 9).
//!
//! The public reveal, the matcher, the circuit and the clients all use it, so that no order can be
//! forced into a batch that the circuit cannot include. It must never read anything that can change
//! after the commit, and never the commitment: whether the opening matches it is `hashing`'s matter.

pub use crate::settlement::collateral_ceil;

use crate::lock::Lock;
use crate::order::{MarketTag, Order, Side};
use crate::units::{DurationSeconds, Gpus, MicroUsdc};

/// What a batch remembers of its market's parameters, as far as they decide about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketRules {
    pub tag: MarketTag,
    pub min_duration: DurationSeconds,
    pub max_duration: DurationSeconds,
}

/// Why an opening does not count, with what was needed and what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Inadmissible {
    #[error("the order names market {got}, the batch belongs to market {expected}")]
    OtherMarket { expected: MarketTag, got: MarketTag },
    #[error("the order is a {got}, but it was committed with the lock of a {expected}")]
    OtherSide { expected: Side, got: Side },
    #[error("minQty {got} is above qty {qty}")]
    MinQtyAboveQty { qty: Gpus, got: Gpus },
    #[error("a bid of {got} s is shorter than the market's shortest lease, {min} s")]
    BidTooShort { min: DurationSeconds, got: DurationSeconds },
    #[error("a bid of {got} s is longer than the market's longest lease, {max} s")]
    BidTooLong { max: DurationSeconds, got: DurationSeconds },
    #[error("the bid can cost {needed} micro-USDC, but only {locked} are locked")]
    CollateralTooSmall { needed: MicroUsdc, locked: MicroUsdc },
    #[error("an ask is always divisible: its minQty must be 1, got {got}")]
    AskNotDivisible { got: Gpus },
    #[error("an ask must offer at least the market's longest lease, {needed} s, got {got} s")]
    AskTooShort { needed: DurationSeconds, got: DurationSeconds },
    #[error("the ask offers {needed} GPUs, but only {locked} are locked")]
    CapacityTooSmall { needed: Gpus, locked: u64 },
}

/// Accepts an opened order, or says why it cannot be included.
///
/// Ranges of single fields are not checked here: the units cannot be out of range.
pub fn admissible(order: &Order, rules: &MarketRules, lock: Lock) -> Result<(), Inadmissible> {
    if order.market != rules.tag {
        return Err(Inadmissible::OtherMarket { expected: rules.tag, got: order.market });
    }
    if order.side != lock.side {
        return Err(Inadmissible::OtherSide { expected: lock.side, got: order.side });
    }
    if order.min_qty > order.qty {
        return Err(Inadmissible::MinQtyAboveQty { qty: order.qty, got: order.min_qty });
    }
    match order.side {
        Side::Bid => admissible_bid(order, rules, MicroUsdc::new(lock.amount)),
        Side::Ask => admissible_ask(order, rules, lock.amount),
    }
}

fn admissible_bid(bid: &Order, rules: &MarketRules, locked: MicroUsdc) -> Result<(), Inadmissible> {
    if bid.duration < rules.min_duration {
        return Err(Inadmissible::BidTooShort { min: rules.min_duration, got: bid.duration });
    }
    if bid.duration > rules.max_duration {
        return Err(Inadmissible::BidTooLong { max: rules.max_duration, got: bid.duration });
    }
    let needed = collateral_ceil(bid.price, bid.qty, bid.duration);
    if locked < needed {
        return Err(Inadmissible::CollateralTooSmall { needed, locked });
    }
    Ok(())
}

fn admissible_ask(ask: &Order, rules: &MarketRules, locked: u64) -> Result<(), Inadmissible> {
    if ask.min_qty != Gpus::ONE {
        return Err(Inadmissible::AskNotDivisible { got: ask.min_qty });
    }
    if ask.duration < rules.max_duration {
        return Err(Inadmissible::AskTooShort { needed: rules.max_duration, got: ask.duration });
    }
    if locked < u64::from(ask.qty.get()) {
        return Err(Inadmissible::CapacityTooSmall { needed: ask.qty, locked });
    }
    Ok(())
}
