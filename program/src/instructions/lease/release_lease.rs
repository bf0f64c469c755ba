//! The buyer ends a running lease and pays it in full. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::CloseLease;
use crate::clock::now;
use crate::constants::PERMISSION_LEASE;
use crate::state::lease::LeaseTerms;
use crate::state::CloseReason;

/// CAN: the buyer's owner, or its delegate with LEASE, at any time while the lease is active.
/// CANNOT: the provider; with other terms than the lease's; twice.
pub fn run(ctx: Context<CloseLease>, terms: LeaseTerms) -> Result<()> {
    let now = now()?;
    let buyer = &ctx.accounts.buyer_trader;
    buyer.authorise(&ctx.accounts.authority.key(), PERMISSION_LEASE, now)?;
    let payment = ctx.accounts.open_terms(&terms)?;
    ctx.accounts.settle(&terms, &payment, CloseReason::Released, now)
}
