//! Creates settings, books and the two vaults, once per deployment. Whoever signs becomes the authority, so
//! a deployment sends this at once and checks the authority before it tells anybody its address: an outsider
//! who comes first can spoil a deployment, and gains nothing from it. Source: SPEC section 10.

use anchor_lang::prelude::*;
use anchor_spl::token::{Mint, Token, TokenAccount};

use crate::constants::*;
use crate::errors::ObscuraError;
use crate::state::{Book, Books, Settings};

/// CAN: anyone, once. CANNOT: run twice (the settings' address exists then), use one mint for both
/// currencies, use a mint that does not count in millionths or is not of the classic token program.
#[derive(Accounts)]
pub struct Initialize<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(init, payer = authority, space = 8 + Settings::INIT_SPACE, seeds = [SETTINGS_SEED], bump)]
    pub settings: Box<Account<'info, Settings>>,
    #[account(init, payer = authority, space = 8 + Books::INIT_SPACE, seeds = [BOOKS_SEED], bump)]
    pub books: Box<Account<'info, Books>>,
    pub usdc_mint: Box<Account<'info, Mint>>,
    pub obsc_mint: Box<Account<'info, Mint>>,
    #[account(
        init, payer = authority, seeds = [VAULT_SEED, usdc_mint.key().as_ref()], bump,
        token::mint = usdc_mint, token::authority = settings, token::token_program = token_program,
    )]
    pub usdc_vault: Box<Account<'info, TokenAccount>>,
    #[account(
        init, payer = authority, seeds = [VAULT_SEED, obsc_mint.key().as_ref()], bump,
        token::mint = obsc_mint, token::authority = settings, token::token_program = token_program,
    )]
    pub obsc_vault: Box<Account<'info, TokenAccount>>,
    pub token_program: Program<'info, Token>,
    pub system_program: Program<'info, System>,
}

impl Initialize<'_> {
    pub fn run(ctx: Context<Initialize>, matcher_bond: u64, allow_dev_keys: bool) -> Result<()> {
        ctx.accounts.validate()?;
        let (settings_bump, books_bump) = (ctx.bumps.settings, ctx.bumps.books);
        ctx.accounts.apply(matcher_bond, allow_dev_keys, settings_bump, books_bump);
        Ok(())
    }

    fn validate(&self) -> Result<()> {
        require_keys_neq!(self.usdc_mint.key(), self.obsc_mint.key(), ObscuraError::SameMint);
        for mint in [&self.usdc_mint, &self.obsc_mint] {
            require!(mint.decimals == MINT_DECIMALS, ObscuraError::WrongDecimals);
        }
        Ok(())
    }

    fn apply(&mut self, matcher_bond: u64, allow_dev_keys: bool, settings_bump: u8, books_bump: u8) {
        self.settings.set_inner(Settings {
            authority: self.authority.key(),
            usdc_mint: self.usdc_mint.key(),
            obsc_mint: self.obsc_mint.key(),
            matcher_bond,
            allow_dev_keys,
            paused: false,
            bump: settings_bump,
        });
        self.books.set_inner(Books { usdc: Book::default(), obsc: Book::default(), bump: books_bump });
    }
}
