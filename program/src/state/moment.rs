//! A moment of the chain's clock, and a deadline after which somebody pays. It must never be past by seconds
//! alone: a cluster that stood still lets seconds pass in which nobody could act, but no slots.
//! Source: SPEC section 2.

use anchor_lang::prelude::*;

use crate::constants::SLOTS_PER_SECOND;
use crate::errors::ObscuraError;

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Since the epoch.
    pub seconds: i64,
    pub slot: u64,
}

impl Moment {
    /// This moment as a deadline, put off by `seconds` and by the slots that a cluster makes meanwhile.
    pub fn later(self, seconds: u32) -> Result<Self> {
        let slots = u64::from(seconds).checked_mul(SLOTS_PER_SECOND).ok_or(ObscuraError::Overflow)?;
        Ok(Self {
            seconds: self.seconds.checked_add(i64::from(seconds)).ok_or(ObscuraError::Overflow)?,
            slot: self.slot.checked_add(slots).ok_or(ObscuraError::Overflow)?,
        })
    }

    /// This moment as a deadline, put off to second `seconds`, or not at all if that is past.
    pub fn until(self, seconds: i64) -> Result<Self> {
        let ahead = seconds.saturating_sub(self.seconds).max(0);
        let slots = ahead.unsigned_abs().checked_mul(SLOTS_PER_SECOND).ok_or(ObscuraError::Overflow)?;
        Ok(Self { seconds, slot: self.slot.checked_add(slots).ok_or(ObscuraError::Overflow)? })
    }

    /// Whether this deadline is past at `now`: by its seconds and by its slots.
    pub fn is_past(self, now: Moment) -> bool {
        now.seconds >= self.seconds && now.slot >= self.slot
    }

    /// The later of two, in both parts.
    pub fn max(self, other: Self) -> Self {
        Self { seconds: self.seconds.max(other.seconds), slot: self.slot.max(other.slot) }
    }
}
