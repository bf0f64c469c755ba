//! Until when a matcher's bond answers for a batch: SPEC section 11.

use crate::accounts::Batch;
use crate::idl::constants::EVIDENCE_SECONDS;

/// Seconds of the chain's clock; the program asks for as many slots too.
pub fn answered_until(batch: &Batch) -> i64 {
    let over = if batch.cleared {
        batch.settles_until.seconds.saturating_add(i64::from(batch.params.accept_seconds))
    } else {
        batch.void_at.seconds
    };
    over.saturating_add(i64::from(EVIDENCE_SECONDS))
}
