//! The orders root, absorbed three slots at a time as the chain absorbed them (SPEC section 5).
//!
//! A group is absorbed if and only if its first slot is active; the last partial group is padded
//! with the zeros of its empty slots. Native twin: `auction::hashing::orders_root_step`.

use super::market::Market;
use super::orders::Order;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, poseidon};

/// Orders absorbed by one permutation.
const GROUP: usize = 3;

/// The root over all active slots.
pub(super) fn absorb(builder: &mut Builder, orders: &[Order], market: &Market) -> Synth<Wire> {
    builder.group("orders root");
    let role = Wire::constant(power_of_two(64));
    let mut root = poseidon::hash(builder, &[&(&role + &market.tag), &market.batch_index])?;
    let zero = Wire::zero();
    for group in orders.chunks(GROUP) {
        let mut inputs = vec![&root];
        for order in group {
            inputs.extend([&order.commit_hash, &order.owner, &order.side_lock]);
        }
        inputs.resize(1 + 3 * GROUP, &zero);
        let next = poseidon::hash(builder, &inputs)?;
        root = builder.select(&group[0].active, &next, &root)?;
    }
    Ok(root)
}
