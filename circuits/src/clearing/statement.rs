//! The statement: sixteen elements hashed into the one public input (SPEC section 6).
//!
//! Native twin: [`crate::statement::Statement`]. Values that share an element are range-checked where
//! they come from, so the element has one reading.

use super::market::Market;
use super::orders::Order;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, poseidon};
use ark_bn254::Fr;
use obscura_auction::encoding::{LIMB_BITS, LIMBS, STATEMENT_VERSION};

/// What the rest of the circuit worked out.
pub(super) struct Claim<'a> {
    pub market: &'a Market,
    pub orders: &'a [Order],
    pub orders_root: Wire,
    pub price: Wire,
    pub leases_root: Wire,
}

/// Binds everything to the public input.
pub(super) fn bind(builder: &mut Builder, claim: Claim<'_>, statement_hash: &Wire) -> Synth<()> {
    let Claim { market, orders, orders_root, price, leases_root } = claim;
    let Market { program, address, tag: _, batch_index, fee_bps, min_duration, max_duration } = market;
    builder.group("statement");
    let order_count = Wire::total(orders.iter().map(|order| &order.active));
    let shape =
        power_of_two(96) * Fr::from(STATEMENT_VERSION) + power_of_two(80) * Fr::from(orders.len() as u64);
    let head = Wire::sum([
        (Fr::from(1u64), &Wire::constant(shape)),
        (power_of_two(64), &order_count),
        (Fr::from(1u64), batch_index),
    ]);
    let terms = Wire::sum([
        (power_of_two(60), &price),
        (power_of_two(44), fee_bps),
        (power_of_two(22), min_duration),
        (Fr::from(1u64), max_duration),
    ]);
    let mut elements = vec![head, program.clone(), address.clone(), orders_root];
    elements.extend(limbs(orders.iter().map(|order| &order.included)));
    elements.extend(limbs(orders.iter().map(|order| &order.filled)));
    elements.extend([terms, leases_root]);
    let hash = hash_elements(builder, &elements)?;
    builder.enforce_equal(&hash, statement_hash)
}

/// Bits to limbs, least significant bit = index 0.
fn limbs<'a>(bits: impl Iterator<Item = &'a Wire>) -> Vec<Wire> {
    let bits: Vec<&Wire> = bits.collect();
    let mut limbs: Vec<Wire> = bits
        .chunks(LIMB_BITS)
        .map(|chunk| Wire::sum(chunk.iter().zip(0u32..).map(|(bit, at)| (power_of_two(at), *bit))))
        .collect();
    limbs.resize(LIMBS, Wire::zero());
    limbs
}

/// `h = 0`, then `h = Poseidon12(h, next 11 elements)`, zero-padded.
fn hash_elements(builder: &mut Builder, elements: &[Wire]) -> Synth<Wire> {
    let zero = Wire::zero();
    let mut hash = Wire::zero();
    for chunk in elements.chunks(11) {
        let mut inputs = vec![&hash];
        inputs.extend(chunk);
        inputs.resize(12, &zero);
        hash = poseidon::hash(builder, &inputs)?;
    }
    Ok(hash)
}
