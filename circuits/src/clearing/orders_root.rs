//! The orders root, absorbed three slots at a time as the chain absorbed them (SPEC section 5).
//!
//! A group is absorbed if and only if its first slot is active; the last partial group is padded
//! with the zeros of its empty slots. Native twin: `auction::hashing::orders_root_step`.

use super::admission::Slot;
use super::statement::Market;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, poseidon};

/// Orders absorbed by one permutation.
const GROUP: usize = 3;

/// The root over all active slots.
pub(super) fn absorb(builder: &mut Builder, slots: &[Slot], market: &Market) -> Synth<Wire> {
    builder.group("orders root");
    let role = Wire::constant(power_of_two(64));
    let mut root = poseidon::hash(builder, &[&(&role + &market.tag), &market.batch_index])?;
    let zero = Wire::zero();
    for group in slots.chunks(GROUP) {
        let mut inputs = vec![&root];
        for slot in group {
            inputs.extend([&slot.commit_hash, &slot.owner, &slot.side_lock]);
        }
        inputs.resize(1 + 3 * GROUP, &zero);
        let next = poseidon::hash(builder, &inputs)?;
        root = builder.select(&group[0].active, &next, &root)?;
    }
    Ok(root)
}
