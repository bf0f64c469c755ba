//! A matcher's bond, and what it answers for. It must never leave while a batch that took commits under it
//! can still go wrong, and never be smaller than the locks of those batches ask for.
//! Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;

use super::MarketParams;
use crate::constants::BPS_PER_WHOLE;
use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct Matcher {
    pub key: Pubkey,
    /// Micro-OBSC, out of and back to the `available` of the trader account of the same key.
    pub bond: u64,
    /// Micro-OBSC: what the locks of the batches it answers for are worth, by their markets' rates.
    pub exposure: u64,
    /// Batches it answers for: begun and not discharged.
    pub open_batches: u32,
    /// It takes no more commits, so that its batches run out and the bond can leave.
    pub retired: bool,
    pub bump: u8,
}

/// Where a penalty goes, micro-OBSC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forfeit {
    pub to_victim: u64,
    pub to_treasury: u64,
}

/// What costs a matcher a part of its bond.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// A batch with orders was not cleared in time.
    VoidBatch,
    /// A filled bid was not opened as a lease in time.
    LeaseNotOpened,
    /// An order was left out that it had acknowledged.
    OrderOmitted,
}

impl Matcher {
    /// The bond is at least the market's minimum, and covers the share that the market asks for of all locks
    /// it answers for, one more of `value` micro-OBSC among them.
    pub fn require_bonded(&self, params: &MarketParams, value: u64) -> Result<()> {
        require!(!self.retired, ObscuraError::MatcherRetired);
        require_gte!(self.bond, params.matcher_bond, ObscuraError::MatcherNotBonded);
        let exposure = u128::from(self.exposure) + u128::from(value);
        let cover = exposure * u128::from(params.bond_cover_bps) / u128::from(BPS_PER_WHOLE);
        let cover = u64::try_from(cover).map_err(|_| ObscuraError::Overflow)?;
        if self.bond < cover {
            return Err(error!(ObscuraError::BondTooSmall).with_values((self.bond, cover)));
        }
        Ok(())
    }

    pub fn begin_batch(&mut self) -> Result<()> {
        self.open_batches = self.open_batches.checked_add(1).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    pub fn expose(&mut self, value: u64) -> Result<()> {
        self.exposure = self.exposure.checked_add(value).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// Locks worth `value` micro-OBSC can cost it nothing more.
    pub fn relieve(&mut self, value: u64) -> Result<()> {
        self.exposure = self.exposure.checked_sub(value).ok_or(ObscuraError::CorruptState)?;
        Ok(())
    }

    /// A batch is over.
    pub fn end_batch(&mut self) -> Result<()> {
        self.open_batches = self.open_batches.checked_sub(1).ok_or(ObscuraError::CorruptState)?;
        Ok(())
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

    /// Takes `penalty`, or what is left of the bond, and splits it: half for the one who suffered, rounded
    /// down, and the rest for the treasury, so that a matcher cannot take its bond out by wronging itself.
    pub fn forfeit(&mut self, penalty: u64) -> Forfeit {
        let taken = penalty.min(self.bond);
        self.bond = self.bond.saturating_sub(taken);
        let to_victim = taken / 2;
        Forfeit { to_victim, to_treasury: taken.saturating_sub(to_victim) }
    }
}
