//! One lease: one row of the lease tree, one filled bid on one provider. While it runs it must never hold
//! more of the terms than their hash. It is never closed in this version, so that its row cannot open again
//! and its outcome stays a receipt. Source: SPEC sections 8, 10 and 11.

use anchor_lang::prelude::*;
use obscura_auction::hashing;
use obscura_auction::settlement;
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, MicroUsdc, PriceMicro};

use crate::constants::CLAIM_GRACE_SECONDS;
use crate::errors::ObscuraError;
use crate::poseidon::SyscallPoseidon;

#[account]
#[derive(InitSpace, Debug)]
pub struct Lease {
    pub batch: Pubkey,
    pub market: Pubkey,
    pub bid_order: Pubkey,
    pub ask_order: Pubkey,
    /// Owner of the bid's trader account.
    pub buyer: Pubkey,
    /// Owner of the ask's trader account.
    pub provider: Pubkey,
    pub row: u16,
    pub bid_index: u16,
    pub ask_index: u16,
    pub state: LeaseState,
    pub reason: CloseReason,
    pub terms_hash: [u8; 32],
    /// The batch's price, micro-USDC per GPU-hour, and its fee.
    pub price_micro: u64,
    pub fee_bps: u16,
    /// First second at which nobody can accept any more.
    pub accept_by: i64,
    /// Seconds: the longest term that the lease can have, whatever its hidden terms say.
    pub max_duration: u32,
    pub offered_at: i64,
    /// Zero until it happens, as is `closed_at`.
    pub accepted_at: i64,
    pub closed_at: i64,
    /// The terms and what they cost: zero until a close opens them.
    pub qty: u16,
    pub duration: u32,
    pub amount: u64,
    pub fee: u64,
    pub bump: u8,
}

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseState {
    Offered,
    Active,
    Closed,
}

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// It is not closed.
    None,
    /// The buyer ended it; nobody's fault.
    Released,
    /// The provider claimed after the term; nobody's fault.
    Claimed,
    /// The provider did not accept in time; the provider's fault.
    NotAccepted,
    /// The provider accepted, and did not claim within the grace after the longest term; its fault.
    Unclaimed,
}

/// What opens a lease's terms hash.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTerms {
    pub qty: u16,
    pub duration: u32,
    /// Hash of the bid's secret: says nothing about the secret.
    pub blind: [u8; 32],
}

/// What a close moves, micro-USDC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Out of the bid's lock.
    pub amount: u64,
    /// Of it, to the treasury; the rest is the provider's.
    pub fee: u64,
    pub payout: u64,
}

impl Lease {
    pub fn require_offered(&self) -> Result<()> {
        require!(self.state == LeaseState::Offered, ObscuraError::NotOffered);
        Ok(())
    }

    /// Why anyone may close the lease without pay at `now`; an error while its parties still have time.
    pub fn overdue(&self, now: i64) -> Result<CloseReason> {
        match self.state {
            LeaseState::Offered => {
                require_gte!(now, self.accept_by, ObscuraError::AcceptNotOver);
                Ok(CloseReason::NotAccepted)
            }
            LeaseState::Active => {
                let claimable_for = i64::from(self.max_duration) + i64::from(CLAIM_GRACE_SECONDS);
                let forfeited_at = self.accepted_at.checked_add(claimable_for);
                require_gte!(now, forfeited_at.ok_or(ObscuraError::Overflow)?, ObscuraError::ClaimNotOver);
                Ok(CloseReason::Unclaimed)
            }
            LeaseState::Closed => err!(ObscuraError::NotOffered),
        }
    }

    pub fn require_active(&self) -> Result<()> {
        require!(self.state == LeaseState::Active, ObscuraError::NotActive);
        Ok(())
    }

    /// Checks that `terms` are the lease's, and computes what they cost at its price.
    pub fn open_terms(&self, terms: &LeaseTerms) -> Result<Payment> {
        let LeaseTerms { qty, duration, blind } = *terms;
        let qty = Gpus::new(qty).map_err(|_| ObscuraError::TermsMismatch)?;
        let duration = DurationSeconds::new(duration).map_err(|_| ObscuraError::TermsMismatch)?;
        require!(obscura_auction::field::is_canonical(&blind), ObscuraError::TermsMismatch);
        let hash = hashing::terms::<SyscallPoseidon>(qty, duration, self.ask_index, blind)?;
        require!(hash == self.terms_hash, ObscuraError::TermsMismatch);
        self.payment(qty, duration)
    }

    fn payment(&self, qty: Gpus, duration: DurationSeconds) -> Result<Payment> {
        let price = PriceMicro::new(self.price_micro).map_err(|_| ObscuraError::CorruptState)?;
        let fee_bps = FeeBps::new(self.fee_bps).map_err(|_| ObscuraError::CorruptState)?;
        let amount: MicroUsdc = settlement::amount_ceil(price, qty, duration);
        let fee = settlement::fee_floor(amount, fee_bps);
        let payout = settlement::payout_after_fee(amount, fee_bps);
        Ok(Payment { amount: amount.get(), fee: fee.get(), payout: payout.get() })
    }

    /// Closes with its terms opened and paid.
    pub fn close_paid(&mut self, terms: &LeaseTerms, payment: &Payment, reason: CloseReason, now: i64) {
        self.qty = terms.qty;
        self.duration = terms.duration;
        self.amount = payment.amount;
        self.fee = payment.fee;
        self.end(reason, now);
    }

    pub fn end(&mut self, reason: CloseReason, now: i64) {
        self.state = LeaseState::Closed;
        self.reason = reason;
        self.closed_at = now;
    }
}
