//! The provider takes a lease on. From here its stake stays locked until the close. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::LeaseParties;
use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::LeaseAccepted;
use crate::state::LeaseState;

/// CAN: the provider's owner, or its delegate with LEASE, until `acceptBy` is past. CANNOT: the buyer; after
/// the deadline; twice.
pub fn run(ctx: Context<LeaseParties>) -> Result<()> {
    let now = now()?;
    ctx.accounts.authorise_provider(now)?;
    let lease = &mut ctx.accounts.lease;
    lease.require_offered()?;
    require!(!lease.accept_by.is_past(now), ObscuraError::AcceptOver);
    lease.state = LeaseState::Active;
    lease.accepted_at = now.seconds;
    emit!(LeaseAccepted { lease: lease.key() });
    Ok(())
}
