//! Where an order stands, from the chain alone.
//!
//! A pure function of the order, its batch, its leases and the chain's clock. Must never know what only a
//! matcher knows: a private reveal does not show on the chain before the clearing.

use obscura_auction::batch_clock::{BatchClock, Phase};
use obscura_auction::encoding::Bitmap;
use obscura_auction::units::OutOfRange;
use serde::Serialize;

use crate::accounts::{Batch, Ended, Lease, LeaseState, Order};
use crate::deadlines::{is_past, leases_may_open};
use crate::ledger::ChainClock;

/// What can happen to an order next, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OrderStanding {
    /// In its batch; whether it was revealed in private does not show.
    Committed,
    /// Revealed in public: the matcher must include it.
    PubliclyRevealed,
    /// Its batch waits for the clearing.
    AwaitsClearing,
    /// Filled: leases can still open, or wait for their providers.
    Offered,
    Leased,
    /// Over: its batch is void, or it was not included, not filled, or nothing of it is open any more. Anyone
    /// may refund it.
    Refundable,
    /// Ended in full, without pay.
    Refunded,
    /// Ended with at least one lease paid.
    Completed,
}

/// Where `order` of `batch` stands at `now`.
pub fn of(
    order: &Order,
    batch: &Batch,
    leases: &[Lease],
    now: ChainClock,
) -> Result<OrderStanding, OutOfRange> {
    Ok(match order.ended {
        Ended::Live => live(order, batch, leases, now)?,
        Ended::Completed => OrderStanding::Completed,
        Ended::Void | Ended::NotRevealed | Ended::Unmatched | Ended::OfferExpired => OrderStanding::Refunded,
    })
}

fn live(
    order: &Order,
    batch: &Batch,
    leases: &[Lease],
    now: ChainClock,
) -> Result<OrderStanding, OutOfRange> {
    let is_in = |bitmap| Bitmap::from_bytes(bitmap).get(usize::from(order.index));
    if batch.cleared {
        return Ok(match is_in(batch.included) && is_in(batch.filled) {
            true => filled(order, batch, leases, now),
            false => OrderStanding::Refundable,
        });
    }
    let clock = BatchClock::new(batch.genesis, batch.batch_seconds, batch.clear_seconds)?;
    Ok(match clock.phase(batch.index, now.unix_seconds) {
        Phase::Void if is_past(&batch.void_at, now) => OrderStanding::Refundable,
        Phase::Void | Phase::Clearing => OrderStanding::AwaitsClearing,
        Phase::NotOpen | Phase::Open | Phase::Revealing if is_in(batch.forced) => {
            OrderStanding::PubliclyRevealed
        }
        Phase::NotOpen | Phase::Open | Phase::Revealing => OrderStanding::Committed,
    })
}

fn filled(order: &Order, batch: &Batch, leases: &[Lease], now: ChainClock) -> OrderStanding {
    if leases.iter().any(|lease| matches!(lease.state, LeaseState::Active)) {
        OrderStanding::Leased
    } else if order.open_leases > 0 || leases_may_open(batch, now) {
        OrderStanding::Offered
    } else {
        OrderStanding::Refundable
    }
}
