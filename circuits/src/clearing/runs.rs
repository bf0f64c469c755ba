//! Runs: a list of quantities grouped by the order they belong to, each group summing to its fill.
//!
//! A network of the prover's choice brings every order to one place of the list. Where a place
//! starts a run, the run belongs to the order that arrived there; anywhere else the arriving order
//! must have no fill. So every filled order heads exactly one run, and no other order any.

use crate::gadgets::{Builder, Synth, Wire};
use ark_bn254::Fr;

/// One place of the list.
pub(super) struct Place {
    pub starts: Wire,
    pub continues: Wire,
    /// `starts + continues`.
    pub in_run: Wire,
}

impl Place {
    /// The prover's flags of one place; not both may be set.
    pub fn allocate(builder: &mut Builder, starts: Fr, continues: Fr) -> Synth<Self> {
        let starts = builder.boolean(starts)?;
        let continues = builder.boolean(continues)?;
        let in_run = &starts + &continues;
        builder.enforce_boolean(&in_run)?;
        Ok(Self { starts, continues, in_run })
    }
}

/// Every filled order heads a run, and each run's quantities sum to its fill.
///
/// `fills` are of the orders that arrived at each place. Assumes that each quantity is at most 4096,
/// so that a sum cannot wrap around. Leaves to the caller what the members of a run have in common.
pub(super) fn enforce_sums(
    builder: &mut Builder,
    places: &[Place],
    fills: &[Wire],
    quantities: &[&Wire],
) -> Synth<()> {
    let mut missing = Wire::zero();
    for ((place, fill), quantity) in places.iter().zip(fills).zip(quantities) {
        builder.enforce_equal_if(&place.starts.not(), fill, &Wire::zero())?;
        // Unless the run goes on here, the one before it is complete.
        builder.enforce_equal_if(&place.continues.not(), &missing, &Wire::zero())?;
        missing = &builder.select(&place.starts, fill, &missing)? - quantity;
    }
    builder.enforce_equal(&missing, &Wire::zero())
}
