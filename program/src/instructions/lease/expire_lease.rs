//! Closes a lease that its provider did not accept, or did not claim, in time. The buyer pays nothing; a
//! provider that was shown the terms and did not come is slashed. It must never slash one that was not.
//! Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::errors::ObscuraError;
use crate::state::lease::Payment;
use crate::state::CloseReason;

/// CAN: anyone; an offer once `acceptBy` is past, a running lease once the longest term and the grace to
/// claim it are over. CANNOT: close either earlier.
pub fn run(ctx: Context<LeaseParties>) -> Result<()> {
    let now = now()?;
    let parties = ctx.accounts;
    let reason = parties.lease.overdue(now)?;
    if reason != CloseReason::Unclaimed {
        let refused = parties.bid_order.refused_leases.checked_add(1);
        parties.bid_order.refused_leases = refused.ok_or(ObscuraError::Overflow)?;
    }
    let slash = no_show_slash(parties, reason)?;
    parties.close(reason, None, &Payment::default(), slash, now)
}

fn no_show_slash(parties: &LeaseParties, reason: CloseReason) -> Result<u64> {
    let terms = parties.lease.shown_terms()?.filter(|_| reason == CloseReason::NoShow);
    let params = &parties.batch.params;
    terms.map_or(Ok(0), |terms| params.slash(params.no_show_slash_bps, terms.qty))
}
