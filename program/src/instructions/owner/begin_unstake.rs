//! Starts the delay after which OBSC may leave. What is behind an ask or a lease is locked and cannot start
//! it, so no slash ever finds its stake gone. Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::conservation;
use crate::errors::ObscuraError;
use crate::events::UnstakeBegun;
use crate::state::Trader;

/// CAN: the owner, up to what is available, also while paused. CANNOT: a delegate; shorten a delay that runs:
/// a second amount joins the first, and the delay of both starts again.
#[derive(Accounts)]
pub struct BeginUnstake<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ ObscuraError::WrongTrader)]
    pub trader: Box<Account<'info, Trader>>,
}

impl BeginUnstake<'_> {
    pub fn run(ctx: Context<BeginUnstake>, amount: u64) -> Result<()> {
        require!(amount > 0, ObscuraError::ZeroAmount);
        let trader = &mut ctx.accounts.trader;
        let before = trader.stake();
        trader.begin_unstake(amount, now()?.seconds)?;
        emit!(UnstakeBegun { trader: trader.key(), amount, withdrawable_at: trader.unstakes_at });
        conservation::require_unchanged(before, trader.stake())
    }
}
