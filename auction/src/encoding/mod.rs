//! Every value that enters a hash, bit by bit (SPEC sections 3 to 6 and 8).
//!
//! Must never hash: it only lays out inputs, so that program, circuit and clients cannot differ in
//! them. Each preimage takes its struct apart without `..`, so that a new field does not compile
//! until somebody decides where it goes.

mod bitmap;
mod statement;

pub use bitmap::{BITMAP_BYTES, Bitmap, LIMB_BITS, LIMBS};
pub use statement::{STATEMENT_VERSION, StatementFields, slot};

use crate::field::{self, FieldBytes};
use crate::lock::Lock;
use crate::order::{MarketTag, Order, Side};
use crate::units::{DurationSeconds, Gpus};

/// First bits of every packed order.
pub const ORDER_VERSION: u8 = 1;

/// First input of the start of an orders root; a market's tag is added below it.
pub const ROLE_ORDERS_ROOT: u128 = 1 << 64;
/// First input of a blind; the row's ask index is added below it.
pub const ROLE_BLIND: u128 = 2 << 64;
/// First input of a terms hash; the packed terms are added below it.
pub const ROLE_TERMS: u128 = 3 << 64;

/// What the chain absorbs of one order: its commitment, its owner, its side and lock.
pub type ChainedOrder = [FieldBytes; 3];
/// What one row contributes to the lease tree: its packed row and its terms hash.
pub type RowFields = (FieldBytes, FieldBytes);

/// A row that no lease uses.
pub const EMPTY_ROW: RowFields = (field::ZERO, field::ZERO);

impl Order {
    /// version 8, side 1, marketTag 64, price 40, qty 13, minQty 13, duration 22; 161 bits.
    pub fn packed(&self) -> FieldBytes {
        let Self { side, market, price, qty, min_qty, duration } = *self;
        let head = (u128::from(ORDER_VERSION) << 65) | ((side as u128) << 64) | u128::from(market.get());
        let tail = (u128::from(price.get()) << 48)
            | (u128::from(qty.get()) << 35)
            | (u128::from(min_qty.get()) << 22)
            | u128::from(duration.get());
        // head * 2^88 + tail: 40 bits of the head fit beside the tail's 88 in the low word.
        field::from_words(head >> 40, (head << 88) | tail)
    }
}

/// A bid's lock as it is, an ask's negated: a lock in micro-USDC can never be read as GPUs, for it has
/// the wrong sign and is too small for anything.
pub fn side_lock(lock: Lock) -> FieldBytes {
    let Lock { side, amount } = lock;
    match side {
        Side::Bid => field::from_u128(u128::from(amount)),
        Side::Ask => field::negative(amount),
    }
}

/// What the orders root absorbs of one order. `commit_hash` must be below the modulus.
pub fn chained_order(commit_hash: FieldBytes, owner: [u8; 32], lock: Lock) -> ChainedOrder {
    [commit_hash, field::reduce(owner), side_lock(lock)]
}

pub fn orders_root_start_inputs(market: MarketTag, batch_index: u64) -> [FieldBytes; 2] {
    [field::from_u128(ROLE_ORDERS_ROOT | u128::from(market.get())), field::from_u128(u128::from(batch_index))]
}

/// The blind of one lease row: the row's ask under the role, then the bid's secret, reduced here.
///
/// The buyer knows both, so the buyer can always open its leases. Closing a lease publishes its
/// blind; the ask index keeps that from opening the other leases of a split bid.
pub fn blind_inputs(secret: [u8; 32], ask_index: u16) -> [FieldBytes; 2] {
    [field::from_u128(ROLE_BLIND | u128::from(ask_index)), field::reduce(secret)]
}

/// Packed terms (qty 13, duration 22, ask index 16) under their role, then the row's blind.
pub fn terms_inputs(
    qty: Gpus,
    duration: DurationSeconds,
    ask_index: u16,
    blind: FieldBytes,
) -> [FieldBytes; 2] {
    let packed = (u128::from(qty.get()) << 38) | (u128::from(duration.get()) << 16) | u128::from(ask_index);
    [field::from_u128(ROLE_TERMS | packed), blind]
}

/// Bid index 16 bits, ask index 16 bits.
pub fn packed_row(bid: u16, ask: u16) -> FieldBytes {
    field::from_u128((u128::from(bid) << 16) | u128::from(ask))
}
