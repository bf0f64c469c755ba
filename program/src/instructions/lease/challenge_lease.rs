//! The buyer doubts that the host is there. It must never hold up a host that answers: the deposit is its
//! pay for the trouble. A challenge opens the terms, for without them nobody can say what the unused time is
//! worth. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::LeaseChallenged;
use crate::state::lease::{LeaseTerms, OpenedTerms};
use crate::state::{Challenge, Moment};

/// CAN: the buyer's owner, or its delegate with LEASE and within its cap, while the lease is active, against
/// a deposit out of `available`. CANNOT: open a second challenge; challenge again before the gap is over, or
/// when the term ends before the answer is due; with other terms than the lease's.
pub fn run(ctx: Context<LeaseParties>, terms: LeaseTerms) -> Result<()> {
    let now = now()?;
    let parties = ctx.accounts;
    let caller = parties.authorise_buyer(now)?;
    parties.lease.require_active()?;
    let terms = parties.lease.open_terms(&terms)?;
    validate(parties, &terms, now)?;
    if parties.lease.shown_terms()?.is_none() {
        parties.show(&terms)?;
    }
    let deposit = parties.batch.params.challenge_deposit;
    parties.buyer_trader.charge_caps(caller, deposit, 0)?;
    parties.buyer_trader.usdc.lock(deposit)?;
    parties.finish();
    let answer_by = now.later(parties.batch.params.answer_seconds)?;
    let delegate_epoch = caller.epoch();
    let challenge = Challenge { deposit, made_at: now.seconds, answer_by, delegate_epoch };
    parties.lease.challenge = Some(challenge);
    parties.lease.challenged_at = now.seconds;
    emit!(LeaseChallenged { lease: parties.lease.key(), answer_by });
    Ok(())
}

fn validate(parties: &LeaseParties, terms: &OpenedTerms, now: Moment) -> Result<()> {
    let params = &parties.batch.params;
    require!(parties.lease.challenge.is_none(), ObscuraError::ChallengeOpen);
    let allowed_at = parties.lease.challenged_at.checked_add(i64::from(params.challenge_gap_seconds));
    require_gte!(now.seconds, allowed_at.ok_or(ObscuraError::Overflow)?, ObscuraError::ChallengeTooSoon);
    let due = now.later(params.answer_seconds)?;
    require_gte!(parties.term_ends(terms)?, due.seconds, ObscuraError::ChallengeTooLate);
    Ok(())
}
