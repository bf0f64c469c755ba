//! The provider is paid for a term that is over. It must never be paid before, nor while the buyer waits for
//! an answer. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::errors::ObscuraError;
use crate::state::lease::LeaseTerms;
use crate::state::CloseReason;

/// CAN: the provider's owner, or its delegate with LEASE, once the term is over. CANNOT: the buyer; a second
/// earlier; while other leases of the batch may still open, which decide when the term of a split order
/// started; while a challenge is open; with other terms than the lease's; twice.
pub fn run(ctx: Context<LeaseParties>, terms: LeaseTerms) -> Result<()> {
    let now = now()?;
    let parties = ctx.accounts;
    parties.authorise_provider(now)?;
    parties.lease.require_active()?;
    let terms = parties.lease.open_terms(&terms)?;
    require!(parties.lease.challenge.is_none(), ObscuraError::ChallengeOpen);
    require!(!parties.batch.leases_may_open(now), ObscuraError::LeasesMayOpen);
    require_gte!(now.seconds, parties.term_ends(&terms)?, ObscuraError::TermNotOver);
    let payment = parties.lease.whole_payment(&terms)?;
    parties.close(CloseReason::Claimed, Some(&terms), &payment, 0, now)
}
