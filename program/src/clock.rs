//! The chain's clock, the only clock here. It must never be an argument of an instruction.
//! Source: SPEC section 2.

use anchor_lang::prelude::*;

use crate::state::Moment;

/// Seconds since the epoch and slots, as the cluster agrees on them.
pub fn now() -> Result<Moment> {
    let Clock { unix_timestamp: seconds, slot, .. } = Clock::get()?;
    Ok(Moment { seconds, slot })
}
