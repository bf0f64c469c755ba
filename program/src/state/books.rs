//! Totals of both mints. It must never count what no instruction moved in: a donation to a vault is not
//! `accounted`. The law: `accounted` = all traders' available and locked + bonds + treasury, after every
//! instruction, and the vault holds at least that. Source: SPEC section 10.

use anchor_lang::prelude::*;

use super::settings::Currency;
use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct Books {
    pub usdc: Book,
    pub obsc: Book,
    pub bump: u8,
}

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Everything the program owes to somebody, the treasury included.
    pub accounted: u64,
    /// The part that belongs to the pool.
    pub treasury: u64,
}

impl Books {
    pub fn of(&mut self, currency: Currency) -> &mut Book {
        match currency {
            Currency::Usdc => &mut self.usdc,
            Currency::Obsc => &mut self.obsc,
        }
    }
}

impl Book {
    /// Tokens came into the vault.
    pub fn came_in(&mut self, amount: u64) -> Result<()> {
        self.accounted = self.accounted.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// Tokens left the vault.
    pub fn went_out(&mut self, amount: u64) -> Result<()> {
        self.accounted = self.accounted.checked_sub(amount).ok_or(ObscuraError::NotConserved)?;
        Ok(())
    }

    /// Fees and forfeited deposits, from a trader's locked money.
    pub fn earn(&mut self, amount: u64) -> Result<()> {
        self.treasury = self.treasury.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// The authority takes some of the treasury.
    pub fn pay_out(&mut self, amount: u64) -> Result<()> {
        self.treasury = self.treasury.checked_sub(amount).ok_or_else(|| {
            error!(ObscuraError::InsufficientAvailable).with_values((self.treasury, amount))
        })?;
        self.went_out(amount)
    }

    /// Counts what the vault holds beyond `accounted` into the treasury. Returns it.
    pub fn sweep(&mut self, vault_amount: u64) -> Result<u64> {
        let donated = vault_amount.checked_sub(self.accounted).ok_or(ObscuraError::VaultShort)?;
        require!(donated > 0, ObscuraError::NothingDonated);
        self.came_in(donated)?;
        self.earn(donated)?;
        Ok(donated)
    }

    /// The vault still covers what is accounted for.
    pub fn require_covered_by(&self, vault_amount: u64) -> Result<()> {
        require_gte!(vault_amount, self.accounted, ObscuraError::VaultShort);
        Ok(())
    }
}
