//! The ranking: a permutation of all slots with strictly descending keys (SPEC section 7, step 1).
//!
//! A Benes network makes it a permutation whatever the prover chooses, and strictly descending keys
//! leave exactly one choice. An excluded or empty slot has price zero and is not a bid, so its key is
//! its own slot number, below every included order's.

use super::admission::Slot;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, benes};
use ark_bn254::Fr;

/// Price 40 bits above 11 bits of side and index.
const KEY_BITS: u32 = 51;
const SIDE_AND_INDEX_BITS: u32 = 11;
/// Bids rank before asks of their price, lower index first: `2^10 + 1023 - index`.
const BID_TOP: u64 = 2047;

/// One order in rank order.
pub(super) struct Ranked {
    pub price: Wire,
    /// Zero unless this is a bid.
    pub bid_qty: Wire,
    /// Zero unless this is an ask.
    pub ask_qty: Wire,
    /// The bid's `minQty`, zero unless this is a bid.
    pub bid_min: Wire,
    pub fill: Wire,
}

/// Ranks the slots; the switches are the prover's.
pub(super) fn rank(builder: &mut Builder, slots: &[Slot], switches: &[Fr]) -> Synth<Vec<Ranked>> {
    builder.group("ranking is a permutation");
    let mut rows = Vec::with_capacity(slots.len());
    for (slot, index) in slots.iter().zip(0u64..) {
        let bid_qty = builder.product(&slot.is_bid, &slot.qty)?;
        let ask_qty = &slot.qty - &bid_qty;
        // An admitted ask's minQty is one, an excluded order's zero.
        let bid_min = &slot.min_qty - &slot.is_ask;
        let key = key(slot, index);
        rows.push(vec![key, slot.price.clone(), bid_qty, ask_qty, bid_min, slot.fill.clone()]);
    }
    let mut keys = Vec::with_capacity(slots.len());
    let mut ranked = Vec::with_capacity(slots.len());
    for row in benes::permute(builder, rows, switches)? {
        let [key, price, bid_qty, ask_qty, bid_min, fill] = columns(row)?;
        keys.push(key);
        ranked.push(Ranked { price, bid_qty, ask_qty, bid_min, fill });
    }

    builder.group("keys strictly descend");
    for (key, next) in keys.iter().zip(keys.iter().skip(1)) {
        builder.enforce_range(&(&(key - next) - &Wire::one()), KEY_BITS)?;
    }
    Ok(ranked)
}

fn key(slot: &Slot, index: u64) -> Wire {
    let place = Wire::number(index);
    Wire::sum([
        (power_of_two(SIDE_AND_INDEX_BITS), &slot.price),
        (Fr::from(BID_TOP - 2 * index), &slot.is_bid),
        (Fr::from(1u64), &place),
    ])
}

/// A permuted row back as its named columns.
pub(super) fn columns<const N: usize>(row: Vec<Wire>) -> Synth<[Wire; N]> {
    row.try_into().map_err(|_| ark_relations::gr1cs::SynthesisError::Unsatisfiable)
}
