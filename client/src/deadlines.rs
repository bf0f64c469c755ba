//! When what the program allows begins and ends: SPEC sections 2 and 11.
//!
//! Must never count seconds alone where the program counts slots too: a cluster that stood still lets seconds
//! pass in which nobody could act.

use obscura_auction::settlement;

use crate::accounts::{Batch, Lease, MarketParams, Moment, Order};
use crate::idl::constants::{EVIDENCE_SECONDS, SLOTS_PER_SECOND};
use crate::ledger::ChainClock;

/// Whether `deadline` is past: by its seconds and by its slots.
pub fn is_past(deadline: &Moment, clock: ChainClock) -> bool {
    clock.unix_seconds >= deadline.seconds && clock.slot >= deadline.slot
}

/// Whether another lease of a cleared batch may still open.
pub fn leases_may_open(batch: &Batch, clock: ChainClock) -> bool {
    !is_past(&batch.settles_until, clock) && batch.rows_opened < batch.row_count
}

/// Until when the matcher's bond answers for the batch.
pub fn answered_until(batch: &Batch) -> Moment {
    let Batch { cleared, settles_until, void_at, params, .. } = batch;
    let over = if *cleared { later(settles_until, params.accept_seconds) } else { *void_at };
    later(&over, EVIDENCE_SECONDS)
}

/// First second of the term of `lease`, which is one of `bid`'s; final once no more leases can open.
pub fn term_starts(lease: &Lease, bid: &Order, params: &MarketParams) -> i64 {
    let cancels_until = bid.accepts_until.seconds.saturating_add(i64::from(params.cancel_seconds));
    settlement::term_starts(lease.accepted_at, bid.leases, cancels_until)
}

/// `deadline` put off by `seconds`, and by as many slots as the program adds for them.
fn later(deadline: &Moment, seconds: u32) -> Moment {
    let slots = u64::from(seconds).saturating_mul(SLOTS_PER_SECOND);
    Moment {
        seconds: deadline.seconds.saturating_add(i64::from(seconds)),
        slot: deadline.slot.saturating_add(slots),
    }
}
