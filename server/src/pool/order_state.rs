//! The one place that turns chain accounts into an order's state.
//!
//! A pure function of the order, its batch, its leases, the chain's clock and two
//! facts only the pool knows: whether it holds the opening, and whether the
//! matcher refused the bid for its size.

use obscura_auction::batch_clock::Phase;
use obscura_auction::encoding::Bitmap;
use obscura_client::accounts::{Batch, Ended, Lease, LeaseState as ChainLeaseState, Order};
use obscura_client::deadlines::{is_past, leases_may_open};
use obscura_client::ledger::ChainClock;

use super::Market;
use crate::service::{BatchPhase, OrderReason, OrderState};

/// What the pool knows about an order beyond the chain.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrivateFacts {
    /// An opening was revealed to this pool.
    pub opening_held: bool,
    /// The matcher left the bid out because too few GPUs were left for its `minQty`.
    pub refused_for_size: bool,
}

/// An order's state with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: OrderState,
    pub reason: Option<OrderReason>,
}

impl Standing {
    fn plain(state: OrderState) -> Self {
        Self { state, reason: None }
    }

    fn because(state: OrderState, reason: OrderReason) -> Self {
        Self { state, reason: Some(reason) }
    }
}

/// Phase of a batch at `now`, for everybody to see.
pub fn batch_phase(market: &Market, batch: Option<&Batch>, index: u64, now: ChainClock) -> BatchPhase {
    if batch.is_some_and(|batch| batch.cleared) {
        return BatchPhase::Cleared;
    }
    match market.clock.phase(index, now.unix_seconds) {
        Phase::NotOpen => BatchPhase::NotOpen,
        Phase::Open => BatchPhase::Open,
        Phase::Revealing => BatchPhase::Revealing,
        Phase::Clearing | Phase::Void if batch.is_none() => BatchPhase::Empty,
        Phase::Clearing => BatchPhase::Clearing,
        // The cluster stood still: the matcher still has its slots.
        Phase::Void if batch.is_some_and(|batch| !is_past(&batch.void_at, now)) => BatchPhase::Clearing,
        Phase::Void => BatchPhase::Void,
    }
}

/// State of `order` in `phase` of its batch.
pub fn standing(
    order: &Order,
    batch: &Batch,
    leases: &[Lease],
    phase: BatchPhase,
    now: ChainClock,
    facts: PrivateFacts,
) -> Standing {
    match order.ended {
        Ended::Live => live_standing(order, batch, leases, phase, now, facts),
        Ended::Void => Standing::because(OrderState::Refunded, OrderReason::BatchVoid),
        Ended::NotRevealed => Standing::because(OrderState::Refunded, OrderReason::NotRevealed),
        Ended::Unmatched => Standing::because(OrderState::Refunded, unmatched(facts)),
        Ended::OfferExpired => Standing::because(OrderState::Refunded, OrderReason::OfferExpired),
        Ended::Completed => Standing::plain(OrderState::Closed),
    }
}

fn live_standing(
    order: &Order,
    batch: &Batch,
    leases: &[Lease],
    phase: BatchPhase,
    now: ChainClock,
    facts: PrivateFacts,
) -> Standing {
    let index = usize::from(order.index);
    match phase {
        BatchPhase::Void => Standing::because(OrderState::Refundable, OrderReason::BatchVoid),
        BatchPhase::Cleared if !Bitmap::from_bytes(batch.included).get(index) => {
            Standing::because(OrderState::Refundable, OrderReason::NotRevealed)
        }
        BatchPhase::Cleared if !Bitmap::from_bytes(batch.filled).get(index) => {
            Standing::because(OrderState::Refundable, unmatched(facts))
        }
        BatchPhase::Cleared => filled_standing(order, batch, leases, now),
        _ if facts.opening_held || Bitmap::from_bytes(batch.forced).get(index) => {
            Standing::plain(OrderState::Revealed)
        }
        _ => Standing::plain(OrderState::Committed),
    }
}

fn filled_standing(order: &Order, batch: &Batch, leases: &[Lease], now: ChainClock) -> Standing {
    if leases.iter().any(|lease| matches!(lease.state, ChainLeaseState::Active)) {
        return Standing::plain(OrderState::Leased);
    }
    if order.open_leases > 0 || leases_may_open(batch, now) {
        return Standing::plain(OrderState::Offered);
    }
    if order.paid > 0 {
        return Standing::plain(OrderState::Refundable);
    }
    Standing::because(OrderState::Refundable, OrderReason::OfferExpired)
}

fn unmatched(facts: PrivateFacts) -> OrderReason {
    if facts.refused_for_size { OrderReason::RefusedForSize } else { OrderReason::Unmatched }
}
