//! An order before it is committed, with a builder that reads like the order. Defaults are those of an
//! ordinary test order; every order gets a secret and an id of its own.

use anchor_lang::prelude::Pubkey;
use obscura_auction::field::{FieldBytes, reduce};
use obscura_auction::hashing;
use obscura_auction::lock::Lock;
use obscura_auction::order::{DEFAULT_ASK_DURATION, DEFAULT_BID_DURATION, MarketTag, Order, Side};
use obscura_auction::settlement::collateral_ceil;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use obscura_circuits::poseidon::NativePoseidon;

use crate::types::PublicOpening;
use crate::{Actor, GPU_TYPE, address};

#[derive(Clone, Debug)]
pub struct Sealed {
    pub terms: Order,
    pub owner: Pubkey,
    pub secret: [u8; 32],
    pub order_id: [u8; 16],
    pub lock: Lock,
}

impl Sealed {
    /// All or none for `qty` GPUs at up to `price_micro`, an hour long, locking just enough.
    pub fn bid(number: u8, owner: &Actor, price_micro: u64, qty: u16) -> Self {
        let terms = terms(Side::Bid, price_micro, qty, qty, DEFAULT_BID_DURATION);
        let lock = Lock::of_bid(collateral_ceil(terms.price, terms.qty, terms.duration));
        Self::new(number, owner, terms, lock)
    }

    /// `qty` GPUs from `price_micro` on, for as long as the market allows, locking just as many.
    pub fn ask(number: u8, owner: &Actor, price_micro: u64, qty: u16) -> Self {
        let terms = terms(Side::Ask, price_micro, qty, 1, DEFAULT_ASK_DURATION);
        Self::new(number, owner, terms, Lock::of_ask(qty.into()))
    }

    fn new(number: u8, owner: &Actor, terms: Order, lock: Lock) -> Self {
        let (secret, order_id) = ([number; 32], [number; 16]);
        Self { terms, owner: owner.owner(), secret, order_id, lock }
    }

    /// With an id of its own where there are more orders than a byte counts.
    pub fn numbered(mut self, number: u16) -> Self {
        self.order_id[..2].copy_from_slice(&number.to_le_bytes());
        self
    }

    pub fn min_qty(mut self, min_qty: u16) -> Self {
        self.terms.min_qty = gpus(min_qty);
        self
    }

    pub fn duration(mut self, seconds: u32) -> Self {
        self.terms.duration = DurationSeconds::new(seconds).expect("a duration in range");
        self
    }

    pub fn locking(mut self, amount: u64) -> Self {
        self.lock.amount = amount;
        self
    }

    pub fn commit_hash(&self) -> FieldBytes {
        hashing::commit_hash::<NativePoseidon>(&self.terms, self.owner.to_bytes(), self.secret)
            .expect("every input is a field element")
    }

    /// What hides the bid's row with ask number `ask`.
    pub fn blind(&self, ask: u16) -> FieldBytes {
        hashing::blind::<NativePoseidon>(self.secret, ask).expect("every input is a field element")
    }

    /// What the public reveal sends.
    pub fn opening(&self) -> PublicOpening {
        PublicOpening {
            price_micro: self.terms.price.get(),
            qty: self.terms.qty.get(),
            min_qty: self.terms.min_qty.get(),
            duration: self.terms.duration.get(),
            secret: reduce(self.secret),
        }
    }

    pub fn trader(&self) -> Pubkey {
        address::trader(&self.owner)
    }

    pub fn address(&self) -> Pubkey {
        address::order(&self.trader(), &self.order_id)
    }
}

fn terms(side: Side, price_micro: u64, qty: u16, min_qty: u16, duration: DurationSeconds) -> Order {
    Order {
        side,
        market: MarketTag::of(GPU_TYPE),
        price: PriceMicro::new(price_micro).expect("a price in range"),
        qty: gpus(qty),
        min_qty: gpus(min_qty),
        duration,
    }
}

fn gpus(count: u16) -> Gpus {
    Gpus::new(count).expect("a number of GPUs in range")
}
