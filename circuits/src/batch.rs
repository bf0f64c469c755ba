//! A batch as the matcher sees it at the end of its reveal window, and which orders count.
//!
//! Inclusion leaves no choice: an order is included if and only if it has an opening that hashes to
//! its commitment and is admissible. From SPEC sections 5 and 9.

pub use crate::clearance::{Clearance, ClearanceError, ClearedLease};

use crate::opening::Opening;
use crate::size::BatchSize;
use obscura_auction::admissible::{Inadmissible, MarketRules, admissible};
use obscura_auction::book::BookOrder;
use obscura_auction::encoding::{ChainedOrder, chained_order};
use obscura_auction::field::FieldBytes;
use obscura_auction::lock::Lock;
use obscura_auction::units::FeeBps;

/// What the chain holds of one order, and its opening if the matcher has one.
#[derive(Clone, Debug)]
pub struct CommittedOrder {
    pub commit_hash: FieldBytes,
    /// The trader's public key, as it is (not reduced).
    pub owner: [u8; 32],
    pub lock: Lock,
    pub opening: Option<Opening>,
}

/// Everything that decides a batch's clearing; orders in index order.
#[derive(Clone, Debug)]
pub struct BatchInputs {
    pub size: BatchSize,
    pub batch_index: u64,
    /// The program's id.
    pub program: [u8; 32],
    /// The market's address.
    pub market: [u8; 32],
    pub market_rules: MarketRules,
    pub fee_bps: FeeBps,
    pub orders: Vec<CommittedOrder>,
}

/// Why an order is not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exclusion {
    #[error("the order was not revealed")]
    NotRevealed,
    #[error("the opening names another owner than the order's")]
    OtherOwner,
    #[error("the opening does not hash to the commitment")]
    HashMismatch,
    #[error(transparent)]
    Inadmissible(#[from] Inadmissible),
}

impl CommittedOrder {
    /// The opening that counts, or why none does.
    pub fn included(&self, rules: &MarketRules) -> Result<&Opening, Exclusion> {
        let opening = self.opening.as_ref().ok_or(Exclusion::NotRevealed)?;
        if opening.owner != self.owner {
            return Err(Exclusion::OtherOwner);
        }
        if !opening.opens(&self.commit_hash) {
            return Err(Exclusion::HashMismatch);
        }
        admissible(&opening.order, rules, self.lock)?;
        Ok(opening)
    }

    /// What the orders root absorbs.
    pub fn chained(&self) -> ChainedOrder {
        chained_order(self.commit_hash, self.owner, self.lock)
    }
}

/// An included order as the auction sees it.
pub(crate) fn book_order(index: u32, opening: &Opening) -> BookOrder {
    let obscura_auction::order::Order { side, market: _, price, qty, min_qty, duration } = opening.order;
    BookOrder { index, side, price, qty, min_qty, duration }
}
