//! What one trader holds of one mint. It must never change its total but by `credit`, `debit` and
//! `take_locked`, whose callers put the same amount somewhere else. Source: SPEC section 10.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;

/// Micro-USDC or micro-OBSC.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Free to withdraw (OBSC: to unstake), lock or bond.
    pub available: u64,
    /// Behind a live order.
    pub locked: u64,
}

impl Balance {
    /// Takes in money from outside the balance.
    pub fn credit(&mut self, amount: u64) -> Result<()> {
        self.available = self.available.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// Gives money out of what is available.
    pub fn debit(&mut self, amount: u64) -> Result<()> {
        let left = self.available.checked_sub(amount).ok_or_else(|| {
            error!(ObscuraError::InsufficientAvailable).with_values((self.available, amount))
        })?;
        self.available = left;
        Ok(())
    }

    /// Moves from available to locked.
    pub fn lock(&mut self, amount: u64) -> Result<()> {
        self.debit(amount)?;
        self.locked = self.locked.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// Moves from locked back to available.
    pub fn unlock(&mut self, amount: u64) -> Result<()> {
        self.take_locked(amount)?;
        self.credit(amount)
    }

    /// Gives money out of what is locked.
    pub fn take_locked(&mut self, amount: u64) -> Result<()> {
        self.locked = self.locked.checked_sub(amount).ok_or(ObscuraError::InsufficientLocked)?;
        Ok(())
    }

    /// Everything held, for the conservation check.
    pub fn total(&self) -> u128 {
        u128::from(self.available) + u128::from(self.locked)
    }
}
