//! Closes a lease that its provider did not accept, or did not claim, in time. It pays nothing: the money is
//! still behind the bid, and comes back with its refund. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::LeaseClosed;
use crate::state::{CloseReason, Lease, Order};

/// CAN: anyone; an offer from `acceptBy` on, a running lease once the longest term and the grace to claim it
/// are over. CANNOT: close either a second earlier, or pay anybody.
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
        let reason = ctx.accounts.lease.overdue(now)?;
        ctx.accounts.apply(reason, now)
    }

    fn apply(&mut self, reason: CloseReason, now: i64) -> Result<()> {
        self.bid_order.close_one(0)?;
        self.ask_order.close_one(0)?;
        self.lease.end(reason, now);
        emit!(LeaseClosed { lease: self.lease.key(), reason, amount: 0 });
        Ok(())
    }
}
