//! The chain's clock, the only clock here. It must never be an argument of an instruction.
//! Source: SPEC section 2.

use anchor_lang::prelude::*;

/// Seconds since the epoch, as the cluster agrees on them.
pub fn now() -> Result<i64> {
    Ok(Clock::get()?.unix_timestamp)
}
