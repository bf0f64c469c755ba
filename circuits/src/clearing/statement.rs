//! The statement: sixteen elements hashed into the one public input (SPEC section 6).
//!
//! Native twin: [`crate::statement::Statement`]. Values that share an element are range-checked
//! here, so the element has one reading.

use super::admission::Slot;
use super::witness::ClearingWitness;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, poseidon};
use ark_bn254::Fr;

const VERSION: u64 = 1;
const LIMB_BITS: usize = 253;
const LIMBS: usize = 5;

/// What the statement says about the market and its batch.
pub(super) struct Market {
    program: Wire,
    address: Wire,
    pub tag: Wire,
    pub batch_index: Wire,
    fee_bps: Wire,
    pub min_duration: Wire,
    pub max_duration: Wire,
}

impl Market {
    pub fn allocate(builder: &mut Builder, witness: &ClearingWitness) -> Synth<Self> {
        builder.group("market parameters");
        Ok(Self {
            program: builder.witness(witness.program)?,
            address: builder.witness(witness.market)?,
            tag: builder.number(witness.market_tag, 64)?,
            batch_index: builder.number(witness.batch_index, 64)?,
            fee_bps: builder.number(witness.fee_bps, 16)?,
            min_duration: builder.number(witness.min_duration, 22)?,
            max_duration: builder.number(witness.max_duration, 22)?,
        })
    }
}

/// What the rest of the circuit worked out.
pub(super) struct Claim {
    pub market: Market,
    pub orders_root: Wire,
    pub price: Wire,
    pub leases_root: Wire,
}

/// Binds everything to the public input.
pub(super) fn bind(builder: &mut Builder, slots: &[Slot], claim: Claim, statement_hash: &Wire) -> Synth<()> {
    let Claim { market, orders_root, price, leases_root } = claim;
    let Market { program, address, tag: _, batch_index, fee_bps, min_duration, max_duration } = market;

    builder.group("filled bits");
    let mut filled = Vec::with_capacity(slots.len());
    for slot in slots {
        let bit = builder.is_nonzero(&slot.fill)?;
        builder.enforce_equal_if(&bit, &slot.included, &Wire::one())?;
        filled.push(bit);
    }

    builder.group("statement");
    let order_count = Wire::total(slots.iter().map(|slot| &slot.active));
    let shape = Wire::constant(
        power_of_two(96) * Fr::from(VERSION) + power_of_two(80) * Fr::from(slots.len() as u64),
    );
    let head = Wire::sum([
        (Fr::from(1u64), &shape),
        (power_of_two(64), &order_count),
        (Fr::from(1u64), &batch_index),
    ]);
    let terms = Wire::sum([
        (power_of_two(60), &price),
        (power_of_two(44), &fee_bps),
        (power_of_two(22), &min_duration),
        (Fr::from(1u64), &max_duration),
    ]);
    let mut elements = vec![head, program, address, orders_root];
    elements.extend(limbs(slots.iter().map(|slot| &slot.included)));
    elements.extend(limbs(filled.iter()));
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
