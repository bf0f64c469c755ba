//! The last step of every instruction that moves money: what the touched accounts hold together is what
//! they held before, plus what the vault took in, less what it gave out. It must never be skipped by an
//! early return. Source: SPEC section 10.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;

/// Money stayed inside the touched accounts.
pub fn require_unchanged<Held: PartialEq>(before: Held, after: Held) -> Result<()> {
    require!(before == after, ObscuraError::NotConserved);
    Ok(())
}

/// `amount` came in from a token account.
pub fn require_grown(before: u128, after: u128, amount: u64) -> Result<()> {
    require_unchanged(before + u128::from(amount), after)
}

/// `amount` left to a token account.
pub fn require_shrunk(before: u128, after: u128, amount: u64) -> Result<()> {
    require_unchanged(before, after + u128::from(amount))
}
