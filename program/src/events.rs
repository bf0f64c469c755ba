//! One small event for each change of an order's, batch's or lease's state. An event must never say more
//! than the accounts do: no terms before their close. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::state::{CloseReason, Ended};

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
pub struct BatchCleared {
    pub batch: Pubkey,
    pub price_micro: u64,
}

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
pub struct LeaseClosed {
    pub lease: Pubkey,
    pub reason: CloseReason,
    pub amount: u64,
}

#[event]
pub struct OrderEnded {
    pub order: Pubkey,
    pub ended: Ended,
    pub refunded: u64,
}

#[event]
pub struct Withdrawn {
    pub trader: Pubkey,
    /// Micro-USDC.
    pub amount: u64,
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
