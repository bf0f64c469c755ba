//! How many orders an owner has in the batches that take commits now. It must never forget a batch before its
//! commits end: an owner could fill a batch's slots by turns between two markets. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::constants::{MAX_ORDERS_OF_OWNER, TALLIES};
use crate::errors::ObscuraError;

/// The orders of one batch. Its market and the second at which its commits end say which.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub market_tag: u64,
    pub commits_end: i64,
    pub orders: u8,
}

/// Counts one more order of the batch of `market_tag` whose commits end at `commits_end`.
pub fn count(tallies: &mut [Tally; TALLIES], market_tag: u64, commits_end: i64, now: i64) -> Result<()> {
    let same = |tally: &Tally| tally.market_tag == market_tag && tally.commits_end == commits_end;
    if let Some(tally) = tallies.iter_mut().find(|tally| same(tally)) {
        require_gt!(MAX_ORDERS_OF_OWNER, tally.orders, ObscuraError::TooManyOrders);
        tally.orders = tally.orders.saturating_add(1);
        return Ok(());
    }
    let over = tallies.iter_mut().find(|tally| tally.commits_end <= now);
    *over.ok_or(ObscuraError::TooManyMarkets)? = Tally { market_tag, commits_end, orders: 1 };
    Ok(())
}
