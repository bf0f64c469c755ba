//! Creates settings, books and the two vaults, once per deployment. Whoever signs becomes the authority, so
//! a deployment sends this at once and checks the authority before it tells anybody its address: an outsider
//! who comes first can spoil a deployment, and gains nothing from it. Source: SPEC section 10.

use anchor_lang::prelude::*;
use anchor_spl::token::{initialize_account3, InitializeAccount3, Mint, Token, TokenAccount};

use crate::constants::*;
use crate::errors::ObscuraError;
use crate::events::Initialized;
use crate::site::Site;
use crate::state::{Book, Books, Settings};

/// CAN: anyone, once. CANNOT: run twice (the settings' address exists then), use one mint for both
/// currencies, use a mint that does not count in millionths or is not of the classic token program.
#[derive(Accounts)]
pub struct Initialize<'info> {
    #[account(mut)]
    pub authority: Signer<'info>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [SETTINGS_SEED], bump)]
    pub settings: UncheckedAccount<'info>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [BOOKS_SEED], bump)]
    pub books: UncheckedAccount<'info>,
    pub usdc_mint: Box<Account<'info, Mint>>,
    pub obsc_mint: Box<Account<'info, Mint>>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [VAULT_SEED, usdc_mint.key().as_ref()], bump)]
    pub usdc_vault: UncheckedAccount<'info>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [VAULT_SEED, obsc_mint.key().as_ref()], bump)]
    pub obsc_vault: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token>,
    pub system_program: Program<'info, System>,
}

impl<'info> Initialize<'info> {
    pub fn run(ctx: Context<Initialize>, allow_dev_keys: bool) -> Result<()> {
        let accounts = ctx.accounts;
        accounts.validate()?;
        let bumps = &ctx.bumps;
        accounts.make_settings(allow_dev_keys, bumps.settings)?;
        accounts.make_books(bumps.books)?;
        accounts.make_vault(&accounts.usdc_mint, &accounts.usdc_vault, bumps.usdc_vault)?;
        accounts.make_vault(&accounts.obsc_mint, &accounts.obsc_vault, bumps.obsc_vault)?;
        emit!(Initialized { authority: accounts.authority.key() });
        Ok(())
    }

    fn validate(&self) -> Result<()> {
        require_keys_neq!(self.usdc_mint.key(), self.obsc_mint.key(), ObscuraError::SameMint);
        for mint in [&self.usdc_mint, &self.obsc_mint] {
            require!(mint.decimals == MINT_DECIMALS, ObscuraError::WrongDecimals);
        }
        Ok(())
    }

    fn make_settings(&self, allow_dev_keys: bool, bump: u8) -> Result<()> {
        let settings = Settings {
            authority: self.authority.key(),
            usdc_mint: self.usdc_mint.key(),
            obsc_mint: self.obsc_mint.key(),
            allow_dev_keys,
            paused: false,
            bump,
            proposed_authority: None,
        };
        self.site(&self.settings, &[SETTINGS_SEED, &[bump]]).build(&settings)
    }

    fn make_books(&self, bump: u8) -> Result<()> {
        let books = Books { usdc: Book::default(), obsc: Book::default(), bump };
        self.site(&self.books, &[BOOKS_SEED, &[bump]]).build(&books)
    }

    fn make_vault(&self, mint: &Account<'info, Mint>, vault: &AccountInfo<'info>, bump: u8) -> Result<()> {
        let address = mint.key();
        let seeds: &[&[u8]] = &[VAULT_SEED, address.as_ref(), &[bump]];
        self.site(vault, seeds).clear_ground(TokenAccount::LEN, &self.token_program.key())?;
        let accounts = InitializeAccount3 {
            account: vault.clone(),
            mint: mint.to_account_info(),
            authority: self.settings.to_account_info(),
        };
        initialize_account3(CpiContext::new(self.token_program.key(), accounts))
    }

    fn site<'a>(&'a self, account: &'a AccountInfo<'info>, seeds: &'a [&'a [u8]]) -> Site<'a, 'info> {
        Site { payer: &self.authority, account, seeds }
    }
}
