//! The orders in index order, as the chain absorbed them, and the openings of those that count.
//!
//! An included order's opening hashes to its commitment, with the owner that the chain absorbed: that
//! fixes its word, the packed terms. What the word says is decoded in rank order (`terms`); an order
//! that is not included goes on with a word of zero, which takes it out of every later rule. What an
//! empty slot absorbs is left open: the chain has zeros there, and the orders root is the chain's.

use super::witness::{ClearingWitness, OrderWitness};
use crate::gadgets::{Builder, Synth, Wire, poseidon};
use ark_bn254::Fr;

/// One slot of the batch.
pub(super) struct Order {
    /// 1 if the batch has an order here.
    pub active: Wire,
    pub commit_hash: Wire,
    pub owner: Wire,
    pub side_lock: Wire,
    pub included: Wire,
    /// The packed terms of an included order, else zero.
    pub word: Wire,
    pub secret: Wire,
    /// 1 if the order got something; bound by `locks`.
    pub filled: Wire,
    /// 1 if it is a bid that got something; bound by `locks`.
    pub filled_bid: Wire,
}

/// Allocates every slot and binds the openings.
pub(super) fn open(builder: &mut Builder, witness: &ClearingWitness) -> Synth<Vec<Order>> {
    let mut orders = Vec::with_capacity(witness.orders.len());
    for order in &witness.orders {
        orders.push(open_one(builder, order)?);
    }
    builder.group("active orders come first");
    let active: Vec<Wire> = orders.iter().map(|order| order.active.clone()).collect();
    builder.enforce_ones_first(&active)?;
    Ok(orders)
}

fn open_one(builder: &mut Builder, order: &OrderWitness) -> Synth<Order> {
    builder.group("order flags");
    let active = builder.witness(order.active)?;
    let included = builder.boolean(order.included)?;
    builder.enforce_equal_if(&active.not(), &included, &Wire::zero())?;
    let filled = builder.boolean(order.filled)?;
    let filled_bid = builder.boolean(order.filled_bid)?;

    builder.group("openings hash to their commitments");
    let commit_hash = builder.witness(order.commit_hash)?;
    let owner = builder.witness(order.owner)?;
    let side_lock = builder.witness(order.side_lock)?;
    let packed = builder.witness(order.packed)?;
    let secret = builder.witness(order.secret)?;
    // Nothing else would bind the secret of an order without an opening, and `row_sums` must not find one
    // that was chosen late. `locks` counts the flags, so here all three are zero.
    let rest = &(&filled + &filled_bid) + &(&secret * Fr::from(4u64));
    builder.enforce_equal_if(&included.not(), &rest, &Wire::zero())?;
    let opened = poseidon::hash(builder, &[&packed, &owner, &secret])?;
    builder.enforce_equal_if(&included, &opened, &commit_hash)?;
    let word = builder.product(&packed, &included)?;
    Ok(Order { active, commit_hash, owner, side_lock, included, word, secret, filled, filled_bid })
}
