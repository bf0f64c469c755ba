//! Counts tokens that somebody sent to a vault, past every instruction, into the treasury. It must never touch
//! what is accounted for. Source: SPEC section 11.

use anchor_lang::prelude::*;
use anchor_spl::token::TokenAccount;

use crate::constants::VAULT_SEED;
use crate::events::DonationsSwept;
use crate::state::{Books, Settings};

/// CAN: anyone, of either mint. CANNOT: move a token; count one twice.
#[derive(Accounts)]
#[instruction(mint: Pubkey)]
pub struct SweepDonations<'info> {
    pub settings: Box<Account<'info, Settings>>,
    #[account(mut)]
    pub books: Box<Account<'info, Books>>,
    #[account(seeds = [VAULT_SEED, mint.as_ref()], bump)]
    pub vault: Box<Account<'info, TokenAccount>>,
}

impl SweepDonations<'_> {
    pub fn run(ctx: Context<SweepDonations>, mint: Pubkey) -> Result<()> {
        let SweepDonations { settings, books, vault } = ctx.accounts;
        let book = books.of(settings.currency_of(&mint)?);
        let amount = book.sweep(vault.amount)?;
        emit!(DonationsSwept { mint, amount });
        book.require_covered_by(vault.amount)
    }
}
