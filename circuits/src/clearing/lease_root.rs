//! The lease tree's root, in row order (SPEC section 8).
//!
//! Native twin: [`crate::lease_tree::LeaseTree`].

use super::lease_rows::Row;
use crate::gadgets::{Builder, Synth, Wire, poseidon};

const ARITY: usize = 4;

/// The root over all rows; an unused row is zero in both fields.
pub(super) fn root(builder: &mut Builder, rows: &[Row]) -> Synth<Wire> {
    builder.group("leases root");
    let leaves: Vec<&Wire> = rows.iter().flat_map(|row| &row.fields).collect();
    let mut level = Vec::with_capacity(rows.len() / ARITY);
    for group in leaves.chunks(2 * ARITY) {
        level.push(poseidon::hash(builder, group)?);
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
