//! The buyer of a split order ends a lease free of charge because another one was not accepted: `minQty`
//! counts GPUs, and a part of them may be of no use. It must never end one whose term has started.
//! Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::errors::ObscuraError;
use crate::state::lease::Payment;
use crate::state::{CloseReason, Moment};

/// CAN: the buyer's owner, or its delegate with LEASE, for `cancelSeconds` after the last accept deadline of
/// the order, once another of its leases expired. CANNOT: the provider; later; where every lease was
/// accepted; a lease that is closed.
pub fn run(ctx: Context<LeaseParties>) -> Result<()> {
    let now = now()?;
    let parties = ctx.accounts;
    parties.authorise_buyer(now)?;
    parties.lease.require_open()?;
    validate(parties, now)?;
    parties.close(CloseReason::Cancelled, None, &Payment::default(), 0, now)
}

fn validate(parties: &LeaseParties, now: Moment) -> Result<()> {
    require!(parties.bid_order.refused_leases > 0, ObscuraError::NoneRefused);
    let cancels_until = parties.bid_order.accepts_until.later(parties.batch.params.cancel_seconds)?;
    require!(!cancels_until.is_past(now), ObscuraError::CancelOver);
    Ok(())
}
