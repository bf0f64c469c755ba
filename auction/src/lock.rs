//! What the chain holds for an order while its terms are secret.
//!
//! Must never be read without its side: the same number is money for a bid and GPUs for an ask.
//! A lock may be larger than the order needs, so that it does not give the size away (SPEC 4).

use crate::order::Side;
use crate::units::MicroUsdc;

/// Locked with an order: micro-USDC for a bid, GPUs (each backed by stake) for an ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    pub side: Side,
    pub amount: u64,
}

impl Lock {
    pub const fn of_bid(collateral: MicroUsdc) -> Self {
        Self { side: Side::Bid, amount: collateral.get() }
    }

    pub const fn of_ask(gpus: u64) -> Self {
        Self { side: Side::Ask, amount: gpus }
    }
}
