//! Brings the orders into rank order: a permutation of the prover's choice, held to one.
//!
//! A Benes network outputs a permutation whatever its switches say; `terms` demands that keys strictly
//! descend, which leaves exactly one for the included orders. Two columns travel: the word, and the tag
//! that ties the rest of an order to it. Each column is one field element that the other side cannot
//! read in two ways, or a prover could shift value from one part of it to another.

use super::orders::Order;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, benes};
use ark_bn254::Fr;

/// A tag holds the side lock below this bit. Locks are below `2^64` in absolute value, and `locks` lets
/// none pass that is off by a multiple of this power.
pub(super) const TAG_SHIFT: u32 = 80;

/// What arrives at one rank.
pub(super) struct Arrived {
    pub word: Wire,
    pub tag: Wire,
}

/// Runs the orders through the network.
pub(super) fn arrange(builder: &mut Builder, orders: &[Order], switches: &[Fr]) -> Synth<Vec<Arrived>> {
    builder.group("ranking is a permutation");
    let mut rows = Vec::with_capacity(orders.len());
    for (place, order) in orders.iter().enumerate() {
        let place = Wire::number(place as u64);
        let tag = tag(orders.len(), &order.side_lock, &place, &order.filled, &order.filled_bid);
        rows.push(vec![order.word.clone(), tag]);
    }
    let arrived = benes::permute(builder, rows, switches)?;
    arrived.into_iter().map(columns).map(|row| row.map(|[word, tag]| Arrived { word, tag })).collect()
}

/// `side lock + 2^80 * (place + size * filled bid + 2 * size * filled)`.
pub(super) fn tag(size: usize, side_lock: &Wire, place: &Wire, filled: &Wire, filled_bid: &Wire) -> Wire {
    let shift = power_of_two(TAG_SHIFT);
    let size = Fr::from(size as u64);
    Wire::sum([
        (Fr::from(1u64), side_lock),
        (shift, place),
        (shift * size, filled_bid),
        (shift * size * Fr::from(2u64), filled),
    ])
}

/// A permuted row back as its named columns.
fn columns<const N: usize>(row: Vec<Wire>) -> Synth<[Wire; N]> {
    row.try_into().map_err(|_| ark_relations::gr1cs::SynthesisError::Unsatisfiable)
}
