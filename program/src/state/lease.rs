//! One lease: one row of the lease tree, one filled bid on one provider. Until its terms are opened it must
//! never hold more of them than their hash. It is never closed as an account in this version, so that its row
//! cannot open again and its outcome stays a receipt. Source: SPEC sections 8, 10 and 11.

use anchor_lang::prelude::*;
use obscura_auction::hashing;
use obscura_auction::settlement;
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, MicroUsdc, PriceMicro};

use super::{MarketParams, Moment, Order};
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
    pub fault: Fault,
    pub terms_hash: [u8; 32],
    /// The batch's price, micro-USDC per GPU-hour, and its fee.
    pub price_micro: u64,
    pub fee_bps: u16,
    /// Nobody can accept any more once this is past. Showing the terms to an absent provider puts it off.
    pub accept_by: Moment,
    /// Seconds: the longest term that the lease can have, whatever its hidden terms say.
    pub max_duration: u32,
    pub offered_at: i64,
    /// Zero until it happens, as is `closed_at`.
    pub accepted_at: i64,
    pub closed_at: i64,
    /// The terms: zero until they are opened.
    pub qty: u16,
    pub duration: u32,
    /// What it cost: zero until it is closed.
    pub amount: u64,
    pub fee: u64,
    /// Micro-OBSC that the close took from the provider's stake.
    pub slashed: u64,
    /// When the last challenge was made, zero if never, and how many were answered.
    pub challenged_at: i64,
    pub answers: u16,
    pub bump: u8,
    /// The one that waits for an answer.
    pub challenge: Option<Challenge>,
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
    /// The buyer ended it and paid.
    Released,
    /// The provider was paid after the term.
    Claimed,
    /// The provider did not accept in time; it may not have known the terms.
    NotAccepted,
    /// The provider did not accept in time, and the terms were shown to it.
    NoShow,
    /// The buyer ended it without pay, because another lease of its order was not accepted.
    Cancelled,
    /// The host did not answer a challenge; the provider was paid until then.
    Failed,
    /// The provider accepted, and did not claim within the grace after the longest term.
    Unclaimed,
}

/// Whose fault a close is.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Nobody,
    Provider,
}

impl CloseReason {
    pub fn fault(self) -> Fault {
        match self {
            Self::NoShow | Self::Failed | Self::Unclaimed => Fault::Provider,
            Self::None | Self::Released | Self::Claimed | Self::NotAccepted | Self::Cancelled => {
                Fault::Nobody
            }
        }
    }
}

/// A buyer's doubt that the host is there.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Micro-USDC, locked in the buyer's account.
    pub deposit: u64,
    pub made_at: i64,
    pub answer_by: Moment,
    /// Which delegate's cap the deposit restores if it comes back; 0 is the owner.
    pub delegate_epoch: u32,
}

/// What opens a lease's terms hash.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTerms {
    pub qty: u16,
    pub duration: u32,
    /// Hash of the bid's secret: says nothing about the secret.
    pub blind: [u8; 32],
}

/// Opened terms, in their ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedTerms {
    pub qty: Gpus,
    pub duration: DurationSeconds,
}

/// What a close moves, micro-USDC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    pub fn require_active(&self) -> Result<()> {
        require!(self.state == LeaseState::Active, ObscuraError::NotActive);
        Ok(())
    }

    pub fn require_open(&self) -> Result<()> {
        require!(self.state != LeaseState::Closed, ObscuraError::NotActive);
        Ok(())
    }

    /// Why anyone may close the lease without pay at `now`; an error while its parties still have time.
    pub fn overdue(&self, now: Moment) -> Result<CloseReason> {
        match self.state {
            LeaseState::Offered => {
                require!(self.accept_by.is_past(now), ObscuraError::AcceptNotOver);
                let shown = self.shown_terms()?.is_some();
                Ok(if shown { CloseReason::NoShow } else { CloseReason::NotAccepted })
            }
            LeaseState::Active => {
                require!(self.challenge.is_none(), ObscuraError::ChallengeOpen);
                let claimable_for = i64::from(self.max_duration) + i64::from(CLAIM_GRACE_SECONDS);
                let forfeited_at = self.accepted_at.checked_add(claimable_for);
                let forfeited_at = forfeited_at.ok_or(ObscuraError::Overflow)?;
                require_gte!(now.seconds, forfeited_at, ObscuraError::ClaimNotOver);
                Ok(CloseReason::Unclaimed)
            }
            LeaseState::Closed => err!(ObscuraError::NotOffered),
        }
    }

    /// Checks that `terms` are the lease's.
    pub fn open_terms(&self, terms: &LeaseTerms) -> Result<OpenedTerms> {
        let LeaseTerms { qty, duration, blind } = *terms;
        let qty = Gpus::new(qty).map_err(|_| ObscuraError::TermsMismatch)?;
        let duration = DurationSeconds::new(duration).map_err(|_| ObscuraError::TermsMismatch)?;
        require!(obscura_auction::field::is_canonical(&blind), ObscuraError::TermsMismatch);
        let hash = hashing::terms::<SyscallPoseidon>(qty, duration, self.ask_index, blind)?;
        require!(hash == self.terms_hash, ObscuraError::TermsMismatch);
        Ok(OpenedTerms { qty, duration })
    }

    /// The terms, if they were opened.
    pub fn shown_terms(&self) -> Result<Option<OpenedTerms>> {
        if self.qty == 0 {
            return Ok(None);
        }
        let qty = Gpus::new(self.qty).map_err(|_| ObscuraError::CorruptState)?;
        let duration = DurationSeconds::new(self.duration).map_err(|_| ObscuraError::CorruptState)?;
        Ok(Some(OpenedTerms { qty, duration }))
    }

    pub fn keep_terms(&mut self, terms: &OpenedTerms) {
        self.qty = terms.qty.get();
        self.duration = terms.duration.get();
    }

    /// The first second of the term. A buyer whose order is split may still cancel before it.
    pub fn term_starts(&self, bid: &Order, params: &MarketParams) -> Result<i64> {
        let cancels_until = bid.accepts_until.later(params.cancel_seconds)?;
        Ok(settlement::term_starts(self.accepted_at, bid.leases, cancels_until.seconds))
    }

    /// What the whole term costs.
    pub fn whole_payment(&self, terms: &OpenedTerms) -> Result<Payment> {
        self.payment(settlement::amount_ceil(self.price()?, terms.qty, terms.duration))
    }

    /// What `used` seconds of it cost.
    pub fn used_payment(&self, terms: &OpenedTerms, used: u32) -> Result<Payment> {
        self.payment(settlement::used_amount_floor(self.price()?, terms.qty, used))
    }

    fn payment(&self, amount: MicroUsdc) -> Result<Payment> {
        let fee_bps = FeeBps::new(self.fee_bps).map_err(|_| ObscuraError::CorruptState)?;
        let fee = settlement::fee_floor(amount, fee_bps);
        let payout = settlement::payout_after_fee(amount, fee_bps);
        Ok(Payment { amount: amount.get(), fee: fee.get(), payout: payout.get() })
    }

    fn price(&self) -> Result<PriceMicro> {
        PriceMicro::new(self.price_micro).map_err(|_| error!(ObscuraError::CorruptState))
    }

    /// Ends it, with what it cost and what it took from the stake.
    pub fn end(&mut self, reason: CloseReason, payment: &Payment, slashed: u64, now: Moment) {
        self.state = LeaseState::Closed;
        self.reason = reason;
        self.fault = reason.fault();
        self.amount = payment.amount;
        self.fee = payment.fee;
        self.slashed = slashed;
        self.closed_at = now.seconds;
    }
}
