//! One order. It must never be closed in this version: its address is the idempotency key, and as a
//! tombstone it keeps a resent commit a no-op and a copied one apart. It may go when its batch account can,
//! which needs an index that is never made again. Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;
use obscura_auction::lock::Lock;
use obscura_auction::order::Side;

use super::Moment;
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
    /// Micro-OBSC behind an ask: less as it is slashed or freed.
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
    /// Part of the lock given back before the end: micro-USDC, or GPUs.
    pub freed: u64,
    /// Micro-OBSC taken from the stake of an ask.
    pub slashed: u64,
    /// Leases opened for it, and how many of them are not closed.
    pub leases: u16,
    pub open_leases: u16,
    /// How many of those not closed show their terms, and what these need of the lock: micro-USDC, or GPUs.
    pub shown_leases: u16,
    pub shown: u64,
    /// How many of a bid's leases no provider accepted in time.
    pub refused_leases: u16,
    /// The last accept deadline of its leases.
    pub accepts_until: Moment,
    /// The matcher paid for leaving it out.
    pub omission_paid: bool,
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
    /// Filled, and no lease of it was paid: not opened, not accepted, cancelled, or failed before its term.
    OfferExpired,
    /// Filled, with at least one lease paid.
    Completed,
}

impl Order {
    pub fn side(&self) -> Result<Side> {
        Side::try_from(self.side).map_err(|_| error!(ObscuraError::CorruptState))
    }

    pub fn is_bid(&self) -> Result<bool> {
        Ok(self.side()? == Side::Bid)
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
        let gone = self.paid.checked_add(self.freed).ok_or(ObscuraError::Overflow)?;
        match self.side()? {
            Side::Bid => self.lock.checked_sub(gone).ok_or_else(|| error!(ObscuraError::AmountExceedsLock)),
            Side::Ask => Ok(0),
        }
    }

    /// GPUs that an ask locks; a bid locks none.
    pub fn gpus(&self) -> Result<u64> {
        match self.side()? {
            Side::Bid => Ok(0),
            Side::Ask => self.lock.checked_sub(self.freed).ok_or_else(|| error!(ObscuraError::CorruptState)),
        }
    }

    pub fn require_live(&self) -> Result<()> {
        require!(self.ended == Ended::Live, ObscuraError::AlreadyEnded);
        Ok(())
    }

    /// A lease of it opened, to be accepted by `accept_by`.
    pub fn open_one(&mut self, accept_by: Moment) -> Result<()> {
        self.leases = self.leases.checked_add(1).ok_or(ObscuraError::Overflow)?;
        self.open_leases = self.open_leases.checked_add(1).ok_or(ObscuraError::Overflow)?;
        self.accepts_until = self.accepts_until.max(accept_by);
        Ok(())
    }

    /// One of its leases shows its terms, and needs `need` of the lock.
    pub fn show_one(&mut self, need: u64) -> Result<()> {
        self.shown_leases = self.shown_leases.checked_add(1).ok_or(ObscuraError::Overflow)?;
        self.shown = self.shown.checked_add(need).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// One of its leases closed with `amount` paid (bid) or earned (ask). `shown` is what it needed of the
    /// lock, if its terms were shown before.
    pub fn close_one(&mut self, amount: u64, shown: Option<u64>) -> Result<()> {
        self.open_leases = self.open_leases.checked_sub(1).ok_or(ObscuraError::CorruptState)?;
        self.paid = self.paid.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        if let Some(need) = shown {
            self.shown_leases = self.shown_leases.checked_sub(1).ok_or(ObscuraError::CorruptState)?;
            self.shown = self.shown.checked_sub(need).ok_or(ObscuraError::CorruptState)?;
        }
        Ok(())
    }

    /// What of the lock its leases no longer need: micro-USDC, or GPUs. Every lease that is not closed must
    /// show its terms.
    pub fn surplus(&self) -> Result<u64> {
        require!(self.shown_leases == self.open_leases, ObscuraError::TermsHidden);
        let left = match self.side()? {
            Side::Bid => self.unspent()?,
            Side::Ask => self.gpus()?,
        };
        left.checked_sub(self.shown).ok_or_else(|| error!(ObscuraError::AmountExceedsLock))
    }

    /// Takes up to `slash` micro-OBSC of the stake behind it. Returns what was there to take.
    pub fn slash(&mut self, slash: u64) -> Result<u64> {
        let taken = slash.min(self.stake_locked);
        self.stake_locked = self.stake_locked.saturating_sub(taken);
        self.slashed = self.slashed.checked_add(taken).ok_or(ObscuraError::Overflow)?;
        Ok(taken)
    }
}

/// Lock, fee and deposit together.
pub fn usdc_behind(lock_micro: u64, order_fee: u64, reveal_deposit: u64) -> Result<u64> {
    lock_micro
        .checked_add(order_fee)
        .and_then(|sum| sum.checked_add(reveal_deposit))
        .ok_or_else(|| error!(ObscuraError::Overflow))
}
