//! Takes available USDC out, also while paused. It must never pay anywhere but to a token account of the
//! owner, nor take what is locked, nor OBSC, which leaves by `withdraw_stake`. Source: SPEC section 11.

use anchor_lang::prelude::*;
use anchor_spl::token::{Mint, Token, TokenAccount};

use crate::conservation;
use crate::constants::*;
use crate::custody::Transfer;
use crate::errors::ObscuraError;
use crate::events::Withdrawn;
use crate::state::settings::Currency;
use crate::state::{Books, Settings, Trader};

/// CAN: the owner, up to what is available. CANNOT: a delegate; anyone else's token account; OBSC at once.
#[derive(Accounts)]
pub struct Withdraw<'info> {
    pub owner: Signer<'info>,
    pub settings: Box<Account<'info, Settings>>,
    #[account(mut)]
    pub books: Box<Account<'info, Books>>,
    #[account(mut, has_one = owner @ ObscuraError::WrongTrader)]
    pub trader: Box<Account<'info, Trader>>,
    pub mint: Box<Account<'info, Mint>>,
    #[account(mut, seeds = [VAULT_SEED, mint.key().as_ref()], bump)]
    pub vault: Box<Account<'info, TokenAccount>>,
    #[account(mut, token::mint = mint, token::authority = owner)]
    pub owner_tokens: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
}

impl Withdraw<'_> {
    pub fn run(ctx: Context<Withdraw>, amount: u64) -> Result<()> {
        require!(amount > 0, ObscuraError::ZeroAmount);
        let currency = ctx.accounts.settings.currency_of(&ctx.accounts.mint.key())?;
        require!(currency == Currency::Usdc, ObscuraError::StakeNeedsUnstaking);
        let before = ctx.accounts.trader.balance_mut(currency).total();
        ctx.accounts.trader.balance_mut(currency).debit(amount)?;
        let left = ctx.accounts.pay_out(currency, amount)?;
        emit!(Withdrawn { trader: ctx.accounts.trader.key(), amount: left });
        let after = ctx.accounts.trader.balance_mut(currency).total();
        conservation::require_shrunk(before, after, left)?;
        let vault_amount = ctx.accounts.vault.amount;
        ctx.accounts.books.of(currency).require_covered_by(vault_amount)
    }

    /// Sends `amount`, which the trader no longer holds, to the owner. Returns what left the vault.
    pub(super) fn pay_out(&mut self, currency: Currency, amount: u64) -> Result<u64> {
        self.books.of(currency).went_out(amount)?;
        let transfer = Transfer {
            mint: &self.mint,
            vault: &mut self.vault,
            outside: &self.owner_tokens,
            token_program: &self.token_program,
        };
        transfer.pay_out(amount, &self.settings)
    }
}
