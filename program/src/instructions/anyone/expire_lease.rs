//! Closes a lease that its provider did not accept in time. It pays nothing: the money is still behind the
//! bid, and comes back with its refund. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::LeaseClosed;
use crate::state::{CloseReason, Lease, Order};

/// CAN: anyone, from `acceptBy` on. CANNOT: close a lease that was accepted, or any a second earlier.
#[derive(Accounts)]
pub struct ExpireLease<'info> {
    #[account(
        mut,
        has_one = bid_order @ ObscuraError::WrongOrder,
        has_one = ask_order @ ObscuraError::WrongOrder,
    )]
    pub lease: Box<Account<'info, Lease>>,
    #[account(mut)]
    pub bid_order: Box<Account<'info, Order>>,
    #[account(mut)]
    pub ask_order: Box<Account<'info, Order>>,
}

impl ExpireLease<'_> {
    pub fn run(ctx: Context<ExpireLease>) -> Result<()> {
        let now = now()?;
        ctx.accounts.lease.require_offered()?;
        require_gte!(now, ctx.accounts.lease.accept_by, ObscuraError::AcceptNotOver);
        ctx.accounts.apply(now)
    }

    fn apply(&mut self, now: i64) -> Result<()> {
        self.bid_order.close_one(0)?;
        self.ask_order.close_one(0)?;
        self.lease.end(CloseReason::NotAccepted, now);
        emit!(LeaseClosed { lease: self.lease.key(), reason: CloseReason::NotAccepted, amount: 0 });
        Ok(())
    }
}
