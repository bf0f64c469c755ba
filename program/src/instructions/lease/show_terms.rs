//! Opens a lease's terms before its close: to free what the lock holds beyond them, or to hold a provider to
//! an offer. It must never shorten a deadline: a provider that did not know the terms gets a second one. Nor
//! must it bring an offer back to life: others' terms have started by then.
//! Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::constants::PERMISSION_LEASE;
use crate::errors::ObscuraError;
use crate::state::lease::LeaseTerms;
use crate::state::{LeaseState, Moment};

/// CAN: the buyer's owner or its delegate with LEASE, while the lease is on offer or runs; the batch's matcher
/// while it is on offer; the provider's owner or delegate once it has accepted. CANNOT: show twice; show other terms than the
/// lease's; after the offer is over.
pub fn run(ctx: Context<LeaseParties>, terms: LeaseTerms) -> Result<()> {
    let now = now()?;
    let parties = ctx.accounts;
    validate(parties, now)?;
    let terms = parties.lease.open_terms(&terms)?;
    parties.show(&terms)?;
    if parties.lease.state == LeaseState::Offered {
        put_off(parties)?;
    }
    Ok(())
}

fn validate(parties: &LeaseParties, now: Moment) -> Result<()> {
    let signer = parties.signer.key;
    let accepted = parties.lease.state == LeaseState::Active;
    let by_buyer = parties.buyer_trader.authorise(signer, PERMISSION_LEASE, now.seconds).is_ok();
    let by_provider = parties.provider_trader.authorise(signer, PERMISSION_LEASE, now.seconds).is_ok();
    let by_matcher = *signer == parties.batch.matcher;
    let may = by_buyer || if accepted { by_provider } else { by_matcher };
    require!(may, ObscuraError::NotAParty);
    parties.lease.require_open()?;
    require!(parties.lease.shown_terms()?.is_none(), ObscuraError::TermsAlreadyShown);
    let offer_over = !accepted && parties.lease.accept_by.is_past(now);
    require!(!offer_over, ObscuraError::AcceptOver);
    Ok(())
}

/// A whole accept deadline behind the first one.
fn put_off(parties: &mut LeaseParties) -> Result<()> {
    let accept_by = parties.lease.accept_by.later(parties.batch.params.accept_seconds)?;
    parties.lease.accept_by = accept_by;
    parties.bid_order.accepts_until = parties.bid_order.accepts_until.max(accept_by);
    Ok(())
}
