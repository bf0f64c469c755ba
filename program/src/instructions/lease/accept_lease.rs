//! The provider takes a lease on. From here its stake stays locked until the close. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::constants::PERMISSION_LEASE;
use crate::errors::ObscuraError;
use crate::events::LeaseAccepted;
use crate::state::{Lease, LeaseState, Trader};

/// CAN: the provider's owner, or its delegate with LEASE, before `acceptBy`. CANNOT: the buyer; after the
/// deadline; twice.
#[derive(Accounts)]
pub struct AcceptLease<'info> {
    pub authority: Signer<'info>,
    #[account(constraint = provider_trader.owner == lease.provider @ ObscuraError::WrongTrader)]
    pub provider_trader: Box<Account<'info, Trader>>,
    #[account(mut)]
    pub lease: Box<Account<'info, Lease>>,
}

impl AcceptLease<'_> {
    pub fn run(ctx: Context<AcceptLease>) -> Result<()> {
        let now = now()?;
        ctx.accounts.validate(now)?;
        let lease = &mut ctx.accounts.lease;
        lease.state = LeaseState::Active;
        lease.accepted_at = now;
        emit!(LeaseAccepted { lease: lease.key() });
        Ok(())
    }

    fn validate(&self, now: i64) -> Result<()> {
        self.provider_trader.authorise(&self.authority.key(), PERMISSION_LEASE, now)?;
        self.lease.require_offered()?;
        require_gt!(self.lease.accept_by, now, ObscuraError::AcceptOver);
        Ok(())
    }
}
