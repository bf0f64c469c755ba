//! The buyer ends a running lease and pays it in full. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::state::lease::LeaseTerms;
use crate::state::CloseReason;

/// CAN: the buyer's owner, or its delegate with LEASE, at any time while the lease is active.
/// CANNOT: the provider; with other terms than the lease's; twice.
pub fn run(ctx: Context<LeaseParties>, terms: LeaseTerms) -> Result<()> {
    let now = now()?;
    let parties = ctx.accounts;
    parties.authorise_buyer(now)?;
    parties.lease.require_active()?;
    let terms = parties.lease.open_terms(&terms)?;
    let payment = parties.lease.whole_payment(&terms)?;
    parties.close(CloseReason::Released, Some(&terms), &payment, 0, now)
}
