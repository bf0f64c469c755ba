//! Brings tokens in. It must never credit more than the vault gained. Source: SPEC section 11.

use anchor_lang::prelude::*;
use anchor_spl::token::{Mint, Token, TokenAccount};

use crate::conservation;
use crate::constants::*;
use crate::custody::Transfer;
use crate::errors::ObscuraError;
use crate::events::Deposited;
use crate::state::settings::Currency;
use crate::state::{Books, Settings, Trader};

/// CAN: the owner, either mint, from its own token account. CANNOT: credit another trader.
#[derive(Accounts)]
pub struct Deposit<'info> {
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

impl Deposit<'_> {
    pub fn run(ctx: Context<Deposit>, amount: u64) -> Result<()> {
        require!(amount > 0, ObscuraError::ZeroAmount);
        let currency = ctx.accounts.settings.currency_of(&ctx.accounts.mint.key())?;
        let before = ctx.accounts.trader.balance_mut(currency).total();
        let received = ctx.accounts.apply(currency, amount)?;
        let mint = ctx.accounts.mint.key();
        emit!(Deposited { trader: ctx.accounts.trader.key(), mint, amount: received });
        let after = ctx.accounts.trader.balance_mut(currency).total();
        conservation::require_grown(before, after, received)?;
        let vault_amount = ctx.accounts.vault.amount;
        ctx.accounts.books.of(currency).require_covered_by(vault_amount)
    }

    fn apply(&mut self, currency: Currency, amount: u64) -> Result<u64> {
        let transfer = Transfer {
            mint: &self.mint,
            vault: &mut self.vault,
            outside: &self.owner_tokens,
            token_program: &self.token_program,
        };
        let received = transfer.take_in(amount, &self.owner)?;
        self.books.of(currency).came_in(received)?;
        self.trader.balance_mut(currency).credit(received)?;
        Ok(received)
    }
}
