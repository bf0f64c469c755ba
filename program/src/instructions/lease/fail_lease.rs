//! Ends a lease whose host did not answer a challenge: the provider is paid until the challenge, the rest and
//! the deposit come back, and its stake is slashed. It must never do so while the host can still answer.
//! Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::errors::ObscuraError;
use crate::state::lease::OpenedTerms;
use crate::state::{Challenge, CloseReason};

/// CAN: anyone, once the answer's deadline is past. CANNOT: earlier; without an open challenge.
pub fn run(ctx: Context<LeaseParties>) -> Result<()> {
    let now = now()?;
    let parties = ctx.accounts;
    parties.lease.require_active()?;
    let challenge = parties.lease.challenge.ok_or(ObscuraError::NoChallenge)?;
    require!(challenge.answer_by.is_past(now), ObscuraError::AnswerNotOver);
    let terms = parties.lease.shown_terms()?.ok_or(ObscuraError::CorruptState)?;
    let payment = parties.lease.used_payment(&terms, used_seconds(parties, &challenge, &terms)?)?;
    let params = &parties.batch.params;
    let slash = params.slash(params.failure_slash_bps, terms.qty)?;
    parties.close(CloseReason::Failed, None, &payment, slash, now)
}

/// From the start of the term to the challenge; none of it where the challenge came before the term.
fn used_seconds(parties: &LeaseParties, challenge: &Challenge, terms: &OpenedTerms) -> Result<u32> {
    let starts = parties.lease.term_starts(&parties.bid_order, &parties.batch.params)?;
    let used = challenge.made_at.saturating_sub(starts).max(0);
    let used = u32::try_from(used).unwrap_or(u32::MAX);
    Ok(used.min(terms.duration.get()))
}
