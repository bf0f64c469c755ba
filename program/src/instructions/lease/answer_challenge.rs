//! The host shows that its key is alive, and earns the challenge's deposit. It says nothing about the GPU.
//! Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::conservation;
use crate::errors::ObscuraError;
use crate::events::ChallengeAnswered;

/// CAN: the provider's owner, or its delegate with LEASE, until the answer's deadline is past. CANNOT: the
/// buyer; later; without an open challenge.
pub fn run(ctx: Context<LeaseParties>) -> Result<()> {
    let now = now()?;
    let parties = ctx.accounts;
    parties.authorise_provider(now)?;
    parties.lease.require_active()?;
    let challenge = parties.lease.challenge.ok_or(ObscuraError::NoChallenge)?;
    require!(!challenge.answer_by.is_past(now), ObscuraError::AnswerOver);
    let before = parties.held();
    parties.buyer_trader.usdc.take_locked(challenge.deposit)?;
    parties.provider_mut().usdc.credit(challenge.deposit)?;
    parties.finish();
    parties.lease.challenge = None;
    parties.lease.answers = parties.lease.answers.saturating_add(1);
    emit!(ChallengeAnswered { lease: parties.lease.key(), deposit: challenge.deposit });
    conservation::require_unchanged(before, parties.held())
}
