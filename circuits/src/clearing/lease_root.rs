//! The lease tree's root, in row order (SPEC section 8).
//!
//! Native twin: [`crate::lease_tree::LeaseTree`].

use super::lease_rows::Row;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, poseidon};
use ark_bn254::Fr;

const ARITY: usize = 4;

/// The root over all rows; an unused row is zero in both fields.
pub(super) fn root(builder: &mut Builder, rows: &[Row]) -> Synth<Wire> {
    let mut leaves = Vec::with_capacity(2 * rows.len());
    for row in rows {
        leaves.extend(leaf(builder, row)?);
    }
    builder.group("leases root");
    let mut level = Vec::with_capacity(rows.len() / ARITY);
    for group in leaves.chunks(2 * ARITY) {
        level.push(poseidon::hash(builder, &group.iter().collect::<Vec<_>>())?);
    }
    while level.len() > 1 {
        let mut above = Vec::with_capacity(level.len() / ARITY);
        for children in level.chunks(ARITY) {
            above.push(poseidon::hash(builder, &children.iter().collect::<Vec<_>>())?);
        }
        level = above;
    }
    Ok(level.swap_remove(0))
}

/// `(packed row, terms)`, or zeros. The ask of an unused row is already zero.
fn leaf(builder: &mut Builder, row: &Row) -> Synth<[Wire; 2]> {
    builder.group("terms are of the row and its bid");
    let role = Wire::number(3);
    let packed_terms = Wire::sum([
        (power_of_two(64), &role),
        (power_of_two(38), &row.qty),
        (power_of_two(16), &row.duration),
        (Fr::from(1u64), &row.ask),
    ]);
    let terms = poseidon::hash(builder, &[&packed_terms, &row.blind])?;
    let bid = builder.product(&row.used, &row.bid)?;
    let packed_row = &(&bid * power_of_two(16)) + &row.ask;
    Ok([packed_row, builder.product(&row.used, &terms)?])
}
