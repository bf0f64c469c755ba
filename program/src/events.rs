//! One small event for each change of state. An event must never say more than the accounts do: no terms
//! before they are opened. Amounts are millionths of the mint that the comment names. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::state::{CloseReason, Ended, Fault, Misdeed, Moment};

// The authority.

#[event]
pub struct Initialized {
    pub authority: Pubkey,
}

#[event]
pub struct AuthorityProposed {
    pub proposed: Option<Pubkey>,
}

#[event]
pub struct AuthorityChanged {
    pub authority: Pubkey,
}

#[event]
pub struct VerifyingKeyRegistered {
    pub size: u16,
    pub fingerprint: [u8; 32],
}

#[event]
pub struct VerifyingKeyFrozen {
    pub size: u16,
}

#[event]
pub struct VerifyingKeyDisabled {
    pub size: u16,
}

#[event]
pub struct MarketCreated {
    pub market: Pubkey,
}

#[event]
pub struct MarketScheduled {
    pub market: Pubkey,
    pub from_batch: u64,
    pub matcher: Pubkey,
}

#[event]
pub struct PauseSet {
    pub paused: bool,
}

#[event]
pub struct TreasuryWithdrawn {
    pub mint: Pubkey,
    pub amount: u64,
}

#[event]
pub struct DonationsSwept {
    pub mint: Pubkey,
    pub amount: u64,
}

// Owners.

#[event]
pub struct TraderOpened {
    pub trader: Pubkey,
    pub owner: Pubkey,
}

#[event]
pub struct Deposited {
    pub trader: Pubkey,
    pub mint: Pubkey,
    pub amount: u64,
}

#[event]
pub struct Withdrawn {
    pub trader: Pubkey,
    /// Micro-USDC.
    pub amount: u64,
}

#[event]
pub struct DelegateSet {
    pub trader: Pubkey,
    pub delegate: Pubkey,
}

#[event]
pub struct DelegateRevoked {
    pub trader: Pubkey,
}

#[event]
pub struct UnstakeBegun {
    pub trader: Pubkey,
    /// Micro-OBSC that joined what is unstaking.
    pub amount: u64,
    pub withdrawable_at: i64,
}

#[event]
pub struct StakeWithdrawn {
    pub trader: Pubkey,
    /// Micro-OBSC.
    pub amount: u64,
}

#[event]
pub struct ProviderRegistered {
    pub provider: Pubkey,
    pub owner: Pubkey,
}

#[event]
pub struct ProviderUpdated {
    pub provider: Pubkey,
    pub owner: Pubkey,
}

// Orders and batches.

#[event]
pub struct OrderCommitted {
    pub order: Pubkey,
    pub batch: Pubkey,
    pub index: u16,
}

#[event]
pub struct OrderRevealed {
    pub order: Pubkey,
    pub batch: Pubkey,
}

#[event]
pub struct OrderEnded {
    pub order: Pubkey,
    pub ended: Ended,
    /// Micro-USDC.
    pub refunded: u64,
}

#[event]
pub struct SurplusFreed {
    pub order: Pubkey,
    /// Micro-USDC of a bid.
    pub usdc: u64,
    /// GPUs of an ask, and the micro-OBSC behind them.
    pub gpus: u64,
    pub stake: u64,
}

#[event]
pub struct BatchCleared {
    pub batch: Pubkey,
    pub price_micro: u64,
}

#[event]
pub struct SettlementCompleted {
    pub batch: Pubkey,
    /// Rows that can hold a lease.
    pub rows: u16,
}

#[event]
pub struct BatchDischarged {
    pub batch: Pubkey,
    pub matcher: Pubkey,
}

// Matchers.

#[event]
pub struct MatcherBonded {
    pub matcher: Pubkey,
    /// Micro-OBSC, as is `bond`: what is bonded now.
    pub amount: u64,
    pub bond: u64,
}

#[event]
pub struct MatcherUnbonded {
    pub matcher: Pubkey,
    pub amount: u64,
    pub bond: u64,
}

#[event]
pub struct MatcherRetiring {
    pub matcher: Pubkey,
    pub retired: bool,
}

#[event]
pub struct MatcherPenalised {
    pub matcher: Pubkey,
    pub order: Pubkey,
    pub misdeed: Misdeed,
    /// Micro-OBSC: to the order's trader, and to the treasury.
    pub to_victim: u64,
    pub to_treasury: u64,
}

// Leases.

#[event]
pub struct LeaseOpened {
    pub lease: Pubkey,
    pub bid_order: Pubkey,
    pub ask_order: Pubkey,
}

#[event]
pub struct LeaseAccepted {
    pub lease: Pubkey,
}

#[event]
pub struct TermsShown {
    pub lease: Pubkey,
    pub qty: u16,
    pub duration: u32,
}

#[event]
pub struct LeaseChallenged {
    pub lease: Pubkey,
    pub answer_by: Moment,
}

#[event]
pub struct ChallengeAnswered {
    pub lease: Pubkey,
    /// Micro-USDC, to the provider.
    pub deposit: u64,
}

#[event]
pub struct LeaseClosed {
    pub lease: Pubkey,
    pub reason: CloseReason,
    pub fault: Fault,
    /// Micro-USDC that the buyer paid.
    pub amount: u64,
    /// Micro-OBSC that the provider lost.
    pub slashed: u64,
}
