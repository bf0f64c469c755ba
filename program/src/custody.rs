//! Tokens into and out of a vault: the only file that calls the token program. It must never credit what was
//! asked for instead of what arrived, nor pay to an account that its callers did not tie to the right owner.
//! Source: SPEC section 11.

use anchor_lang::prelude::*;
use anchor_spl::token::{transfer_checked, Mint, Token, TokenAccount, TransferChecked};

use crate::constants::SETTINGS_SEED;
use crate::errors::ObscuraError;
use crate::state::Settings;

/// The accounts of one transfer.
pub struct Transfer<'a, 'info> {
    pub mint: &'a Account<'info, Mint>,
    pub vault: &'a mut Account<'info, TokenAccount>,
    pub outside: &'a Account<'info, TokenAccount>,
    pub token_program: &'a Program<'info, Token>,
}

impl<'info> Transfer<'_, 'info> {
    /// Moves `amount` into the vault and returns what it gained.
    pub fn take_in(self, amount: u64, owner: &Signer<'info>) -> Result<u64> {
        let before = self.vault.amount;
        let accounts = TransferChecked {
            from: self.outside.to_account_info(),
            mint: self.mint.to_account_info(),
            to: self.vault.to_account_info(),
            authority: owner.to_account_info(),
        };
        let context = CpiContext::new(self.token_program.key(), accounts);
        transfer_checked(context, amount, self.mint.decimals)?;
        self.vault.reload()?;
        self.vault.amount.checked_sub(before).ok_or_else(|| error!(ObscuraError::VaultShort))
    }

    /// Moves `amount` out of the vault and returns what it lost.
    pub fn pay_out(self, amount: u64, settings: &Account<'info, Settings>) -> Result<u64> {
        let before = self.vault.amount;
        let accounts = TransferChecked {
            from: self.vault.to_account_info(),
            mint: self.mint.to_account_info(),
            to: self.outside.to_account_info(),
            authority: settings.to_account_info(),
        };
        let seeds: &[&[u8]] = &[SETTINGS_SEED, &[settings.bump]];
        let signers = [seeds];
        let context = CpiContext::new_with_signer(self.token_program.key(), accounts, &signers);
        transfer_checked(context, amount, self.mint.decimals)?;
        self.vault.reload()?;
        before.checked_sub(self.vault.amount).ok_or_else(|| error!(ObscuraError::VaultShort))
    }
}
