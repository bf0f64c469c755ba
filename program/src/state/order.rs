//! One order. It must never be closed in this version: its address is the idempotency key, and as a
//! tombstone it keeps a resent commit a no-op and a copied one apart. It may go when its batch account can,
//! which needs an index that is never made again. Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;
use obscura_auction::lock::Lock;
use obscura_auction::order::Side;

use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct Order {
    /// The trader account whose money this is.
    pub trader: Pubkey,
    /// The trader's owner: the key inside the commitment.
    pub owner: Pubkey,
    pub batch: Pubkey,
    pub market: Pubkey,
    pub order_id: [u8; 16],
    /// Place in the batch, which is time priority.
    pub index: u16,
    /// 0 bid, 1 ask.
    pub side: u8,
    pub ended: Ended,
    pub commit_hash: [u8; 32],
    /// A bid: micro-USDC. An ask: GPUs.
    pub lock: u64,
    /// Micro-OBSC behind an ask.
    pub stake_locked: u64,
    /// Micro-USDC, locked beside the lock until the end.
    pub order_fee: u64,
    pub reveal_deposit: u64,
    /// Which delegate's cap a refund restores; 0 is the owner.
    pub delegate_epoch: u32,
    /// Micro-USDC. A bid: paid for its leases. An ask: earned with them, after the fee.
    pub paid: u64,
    /// Micro-USDC given back at the end: unused lock, deposit, fee of a void batch.
    pub refunded: u64,
    /// Leases opened for it, and how many of them are not closed.
    pub leases: u16,
    pub open_leases: u16,
    pub committed_at: i64,
    /// Set by the public reveal, so that any matcher can include what it must.
    pub public_opening: Option<PublicOpening>,
    pub bump: u8,
}

/// What a commitment hides, once its owner chose to show it; the side, the market and the owner are the
/// order's own. Everybody can read it, for ever.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicOpening {
    pub price_micro: u64,
    pub qty: u16,
    pub min_qty: u16,
    /// Seconds.
    pub duration: u32,
    pub secret: [u8; 32],
}

/// How an order ended.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It has not.
    Live,
    /// Its batch was not cleared in time.
    Void,
    /// It was not included: nobody revealed it.
    NotRevealed,
    /// Included, and not filled.
    Unmatched,
    /// Filled, and no lease of it was paid: not opened or not accepted in time.
    OfferExpired,
    /// Filled, with at least one lease paid.
    Completed,
}

impl Order {
    pub fn side(&self) -> Result<Side> {
        Side::try_from(self.side).map_err(|_| error!(ObscuraError::CorruptState))
    }

    pub fn lock(&self) -> Result<Lock> {
        Ok(Lock { side: self.side()?, amount: self.lock })
    }

    /// Micro-USDC of the trader's `locked` that belong to this order now.
    pub fn usdc_locked(&self) -> Result<u64> {
        usdc_behind(self.unspent()?, self.order_fee, self.reveal_deposit)
    }

    /// What is left of a bid's lock; an ask locks no USDC of its own.
    pub fn unspent(&self) -> Result<u64> {
        match self.side()? {
            Side::Bid => {
                self.lock.checked_sub(self.paid).ok_or_else(|| error!(ObscuraError::AmountExceedsLock))
            }
            Side::Ask => Ok(0),
        }
    }

    /// GPUs that an ask locks; a bid locks none.
    pub fn gpus(&self) -> Result<u64> {
        Ok(match self.side()? {
            Side::Bid => 0,
            Side::Ask => self.lock,
        })
    }

    pub fn require_live(&self) -> Result<()> {
        require!(self.ended == Ended::Live, ObscuraError::AlreadyEnded);
        Ok(())
    }

    pub fn open_one(&mut self) -> Result<()> {
        self.leases = self.leases.checked_add(1).ok_or(ObscuraError::Overflow)?;
        self.open_leases = self.open_leases.checked_add(1).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// One of its leases closed with `amount` paid (bid) or earned (ask).
    pub fn close_one(&mut self, amount: u64) -> Result<()> {
        self.open_leases = self.open_leases.checked_sub(1).ok_or(ObscuraError::CorruptState)?;
        self.paid = self.paid.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }
}

/// Lock, fee and deposit together.
pub fn usdc_behind(lock_micro: u64, order_fee: u64, reveal_deposit: u64) -> Result<u64> {
    lock_micro
        .checked_add(order_fee)
        .and_then(|sum| sum.checked_add(reveal_deposit))
        .ok_or_else(|| error!(ObscuraError::Overflow))
}
