//! The provider is paid for a term that is over. It must never be paid before: until then only the buyer may
//! end the lease. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::CloseLease;
use crate::clock::now;
use crate::constants::PERMISSION_LEASE;
use crate::errors::ObscuraError;
use crate::state::lease::LeaseTerms;
use crate::state::CloseReason;

/// CAN: the provider's owner, or its delegate with LEASE, from `acceptedAt + duration` on. CANNOT: the
/// buyer; a second earlier; with other terms than the lease's; twice.
pub fn run(ctx: Context<CloseLease>, terms: LeaseTerms) -> Result<()> {
    let now = now()?;
    let provider = &ctx.accounts.provider_trader;
    provider.authorise(&ctx.accounts.authority.key(), PERMISSION_LEASE, now)?;
    let payment = ctx.accounts.open_terms(&terms)?;
    let term_ends = ctx.accounts.lease.accepted_at.checked_add(i64::from(terms.duration));
    require_gte!(now, term_ends.ok_or(ObscuraError::Overflow)?, ObscuraError::TermNotOver);
    ctx.accounts.settle(&terms, &payment, CloseReason::Claimed, now)
}
