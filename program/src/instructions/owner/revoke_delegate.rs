//! Ends the delegate at once, also while paused. Orders it made stay, and end to the owner's benefit as ever.
//! Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;
use crate::events::DelegateRevoked;
use crate::state::Trader;

/// CAN: the owner. CANNOT: be stopped by a pause or by the delegate.
#[derive(Accounts)]
pub struct RevokeDelegate<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ ObscuraError::WrongTrader)]
    pub trader: Box<Account<'info, Trader>>,
}

impl RevokeDelegate<'_> {
    pub fn run(ctx: Context<RevokeDelegate>) -> Result<()> {
        let trader = &mut ctx.accounts.trader;
        require!(trader.delegate.is_some(), ObscuraError::NoDelegate);
        trader.replace_delegate(None)?;
        emit!(DelegateRevoked { trader: trader.key() });
        Ok(())
    }
}
