//! The circuit is the one its keys are for, its shape never depends on a witness, and no variable is
//! left to the prover's choice.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::Fr;
use ark_ff::Field;
use ark_relations::gr1cs::{ConstraintSystem, R1CS_PREDICATE_LABEL, SynthesisMode};
use common::{Batch, busy_batch, constraints};
use obscura_circuits::clearing::{ClearingCircuit, ClearingWitness};
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::assignment;
use std::collections::BTreeMap;

/// Pinned beside the development key's fingerprint: a changed circuit needs new keys everywhere.
const CONSTRAINTS_16: usize = 26_587;
const MATRICES_16: &str = "4d5668018c706e73981967c4d42ef58c6aa1fccb6639627d12d4a1efd30e3afb";

#[test]
fn the_circuit_of_sixteen_slots_is_the_pinned_one() {
    assert_eq!(constraints().count(), CONSTRAINTS_16);
    assert_eq!(hex::encode(constraints().fingerprint()), MATRICES_16);
}

#[test]
fn every_size_fits_its_power_of_two() {
    // A proof's cost steps up at each power of two; 1,024 slots must stay within 2^21.
    for (size, power) in BatchSize::ALL.into_iter().zip([15, 17, 19, 21]) {
        let cs = ConstraintSystem::<Fr>::new_ref();
        cs.set_mode(SynthesisMode::Prove { construct_matrices: false, generate_lc_assignments: false });
        let blank = ClearingWitness::blank(size);
        let layout = ClearingCircuit::new(&blank).synthesize(cs).unwrap();
        // The constant one and the public input take a row each.
        let rows = layout.groups.total() + 2;
        assert!(rows <= 1 << power, "{size:?}: {rows}");
    }
}

#[test]
fn the_matrices_are_the_same_for_every_witness() {
    let full = (0..8).fold(Batch::new(), |batch, step| batch.bid(9 + step, 2).ask(3 + step, 3));
    for witness in [busy_batch().witness(), Batch::new().witness(), full.witness()] {
        let cs = ConstraintSystem::<Fr>::new_ref();
        cs.set_mode(SynthesisMode::Prove { construct_matrices: true, generate_lc_assignments: false });
        ClearingCircuit::new(&witness).synthesize(cs.clone()).unwrap();
        cs.finalize();
        assert!(cs.is_satisfied().unwrap());
        let matrices = cs.to_matrices().unwrap().remove(R1CS_PREDICATE_LABEL).unwrap();
        assert!(matrices == constraints().matrices);
    }
}

#[test]
fn the_blank_witness_that_setup_uses_satisfies_nothing() {
    let values = assignment(&ClearingWitness::blank(BatchSize::S16)).unwrap();
    assert!(constraints().unsatisfied(&values).next().is_some());
}

#[test]
fn every_variable_is_bound_and_every_group_binds_something() {
    let constraints = constraints();
    let mut by_column: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for matrix in &constraints.matrices {
        for (row, entries) in matrix.iter().enumerate() {
            for (_, column) in entries {
                by_column.entry(*column).or_default().push(row);
            }
        }
    }
    let mut values = assignment(&busy_batch().witness()).unwrap();
    let mut guarding: BTreeMap<&str, usize> = BTreeMap::new();
    for column in 1..values.len() {
        // 7 turns a bit into no bit, and moves everything else off its only value.
        values[column] += Fr::from(7u64);
        let rows = by_column.get(&column).into_iter().flatten();
        let broken: Vec<usize> = rows.copied().filter(|row| !constraints.holds(*row, &values)).collect();
        values[column] -= Fr::from(7u64);
        let free = constraints.may_be_free.contains(&column) && values[column] == Fr::from(0u64);
        assert!(free || !broken.is_empty(), "variable {column} can take any value");
        for row in broken {
            *guarding.entry(constraints.groups.of(row).unwrap()).or_default() += 1;
        }
    }
    for (group, _) in constraints.groups.counts() {
        assert!(guarding.contains_key(group), "nothing breaks \"{group}\"");
    }
    assert_eq!(values[0], Fr::ONE);
}
