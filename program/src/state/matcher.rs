//! A matcher's bond. It must never leave while a batch that took commits under it can still go wrong.
//! Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct Matcher {
    pub key: Pubkey,
    /// Micro-OBSC, out of and back to the `available` of the trader account of the same key.
    pub bond: u64,
    /// The last second for which the bond stands, over all batches of all its markets.
    pub exposed_until: i64,
    pub bump: u8,
}

impl Matcher {
    pub fn require_bonded(&self, required: u64) -> Result<()> {
        require_gte!(self.bond, required, ObscuraError::MatcherNotBonded);
        Ok(())
    }

    pub fn expose_until(&mut self, seconds: i64) {
        self.exposed_until = self.exposed_until.max(seconds);
    }

    pub fn add(&mut self, amount: u64) -> Result<()> {
        self.bond = self.bond.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    pub fn take(&mut self, amount: u64) -> Result<()> {
        let left = self
            .bond
            .checked_sub(amount)
            .ok_or_else(|| error!(ObscuraError::InsufficientAvailable).with_values((self.bond, amount)))?;
        self.bond = left;
        Ok(())
    }
}
