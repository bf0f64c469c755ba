//! Takes out the OBSC whose delay is over, all of it, also while paused. It must never take a second early,
//! nor pay anywhere but to a token account of the owner. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::Withdraw;
use crate::clock::now;
use crate::conservation;
use crate::errors::ObscuraError;
use crate::events::StakeWithdrawn;
use crate::state::settings::Currency;

/// CAN: the owner, from `unstakesAt` on. CANNOT: a delegate; take what did not wait out the delay.
pub fn run(ctx: Context<Withdraw>) -> Result<()> {
    let accounts = ctx.accounts;
    let currency = accounts.settings.currency_of(&accounts.mint.key())?;
    require!(currency == Currency::Obsc, ObscuraError::WrongMint);
    let amount = accounts.trader.unstaking;
    require!(amount > 0, ObscuraError::ZeroAmount);
    require_gte!(now()?.seconds, accounts.trader.unstakes_at, ObscuraError::UnstakeNotOver);
    let before = accounts.trader.stake();
    accounts.trader.unstaking = 0;
    let left = accounts.pay_out(currency, amount)?;
    emit!(StakeWithdrawn { trader: accounts.trader.key(), amount: left });
    conservation::require_shrunk(before, accounts.trader.stake(), left)?;
    let vault_amount = accounts.vault.amount;
    accounts.books.of(currency).require_covered_by(vault_amount)
}
