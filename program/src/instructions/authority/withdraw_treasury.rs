//! Takes earned fees out of the program. It must never take more than the treasury of that mint, whatever
//! the vault holds. Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;
use anchor_spl::token::{Mint, Token, TokenAccount};

use crate::constants::*;
use crate::custody::Transfer;
use crate::errors::ObscuraError;
use crate::events::TreasuryWithdrawn;
use crate::state::settings::Currency;
use crate::state::{Books, Settings};

/// CAN: the authority, of either mint, to its own token account. CANNOT: reach a trader's money or a bond.
#[derive(Accounts)]
pub struct WithdrawTreasury<'info> {
    pub authority: Signer<'info>,
    #[account(has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
    #[account(mut)]
    pub books: Box<Account<'info, Books>>,
    pub mint: Box<Account<'info, Mint>>,
    #[account(mut, seeds = [VAULT_SEED, mint.key().as_ref()], bump)]
    pub vault: Box<Account<'info, TokenAccount>>,
    #[account(mut, token::mint = mint, token::authority = authority)]
    pub authority_tokens: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
}

impl WithdrawTreasury<'_> {
    pub fn run(ctx: Context<WithdrawTreasury>, amount: u64) -> Result<()> {
        require!(amount > 0, ObscuraError::ZeroAmount);
        let currency = ctx.accounts.settings.currency_of(&ctx.accounts.mint.key())?;
        ctx.accounts.apply(currency, amount)?;
        emit!(TreasuryWithdrawn { mint: ctx.accounts.mint.key(), amount });
        let vault_amount = ctx.accounts.vault.amount;
        ctx.accounts.books.of(currency).require_covered_by(vault_amount)
    }

    fn apply(&mut self, currency: Currency, amount: u64) -> Result<()> {
        self.books.of(currency).pay_out(amount)?;
        let transfer = Transfer {
            mint: &self.mint,
            vault: &mut self.vault,
            outside: &self.authority_tokens,
            token_program: &self.token_program,
        };
        let left = transfer.pay_out(amount, &self.settings)?;
        require!(left == amount, ObscuraError::NotConserved);
        Ok(())
    }
}
