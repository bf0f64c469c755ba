//! The circuit is the one its keys are for, its shape never depends on a witness, and no variable is
//! left to the prover's choice.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::Fr;
use ark_ff::Field;
use ark_groth16::r1cs_to_qap::evaluate_constraint;
use ark_relations::gr1cs::{ConstraintSystem, R1CS_PREDICATE_LABEL, SynthesisMode};
use common::{Batch, busy_batch, constraints};
use obscura_circuits::clearing::{ClearingCircuit, ClearingWitness};
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::{Constraints, assignment};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_circuit_of_every_size_is_the_pinned_one() {
    for size in BatchSize::ALL {
        let constraints = Constraints::of(size).unwrap();
        let pinned = size.circuit();
        let fingerprint = hex::encode(constraints.fingerprint());
        let witnesses = constraints.variables - constraints.num_inputs;
        println!("{size:?}: {} constraints, {witnesses} witnesses, {fingerprint}", constraints.count());
        assert_eq!(
            (constraints.count(), witnesses, fingerprint.as_str()),
            (pinned.constraints, pinned.witnesses, pinned.fingerprint),
            "{size:?}"
        );
    }
}

#[test]
fn every_size_fits_its_power_of_two() {
    // A proof's cost steps up at each power of two; 1,024 slots must stay within 2^21.
    for (size, power) in BatchSize::ALL.into_iter().zip([15, 17, 19, 21]) {
        let (groups, _) = ClearingCircuit::new(&ClearingWitness::blank(size)).evaluate().unwrap();
        // The constant one and the public input take a row each.
        let rows = groups.total() + 2;
        assert!(rows <= 1 << power, "{size:?}: {rows}");
    }
}

#[test]
fn the_matrices_are_the_same_for_every_witness() {
    let full = (0..8).fold(Batch::new(), |batch, step| batch.bid(9 + step, 2).ask(3 + step, 3));
    for witness in [busy_batch().witness(), Batch::new().witness(), full.witness()] {
        let cs = ConstraintSystem::<Fr>::new_ref();
        cs.set_mode(SynthesisMode::Prove { construct_matrices: true, generate_lc_assignments: false });
        ClearingCircuit::new(&witness).lay_out(cs.clone()).unwrap();
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
fn an_evaluation_has_the_values_of_the_layout() {
    let witness = busy_batch().witness();
    let cs = ConstraintSystem::<Fr>::new_ref();
    ClearingCircuit::new(&witness).lay_out(cs.clone()).unwrap();
    let (groups, evaluation) = ClearingCircuit::new(&witness).evaluate().unwrap();
    assert_eq!(evaluation.inputs, cs.instance_assignment().unwrap());
    assert_eq!(evaluation.witnesses, cs.witness_assignment().unwrap());
    assert_eq!(groups, constraints().groups);
    assert_eq!(evaluation.broken, None);
    let values = evaluation.assignment();
    for (matrix, factors) in constraints().matrices.iter().zip([&evaluation.factors.0, &evaluation.factors.1])
    {
        let products: Vec<Fr> = matrix.iter().map(|row| evaluate_constraint(row, &values)).collect();
        assert!(products == *factors);
    }
}

/// Any one value changed, whatever it is, breaks a constraint; and any one constraint is broken by some
/// value changed.
#[test]
fn every_variable_is_bound_and_every_constraint_binds_something() {
    let constraints = constraints();
    let mut by_column: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for matrix in &constraints.matrices {
        for (row, entries) in matrix.iter().enumerate() {
            for (_, column) in entries {
                by_column.entry(*column).or_default().push(row);
            }
        }
    }
    let mut idle: BTreeSet<usize> = (0..constraints.count()).collect();
    for batch in telling_batches() {
        let mut values = assignment(&batch.witness()).unwrap();
        for column in 1..values.len() {
            let honest = values[column];
            // 7 turns a bit into no bit, and moves everything else off its only value; the other turns a
            // bit into the other bit.
            let mut bound = true;
            for mutant in [honest + Fr::from(7u64), Fr::ONE - honest] {
                values[column] = mutant;
                let rows = by_column.get(&column).into_iter().flatten();
                let broken: Vec<usize> =
                    rows.copied().filter(|row| !constraints.holds(*row, &values)).collect();
                bound &= mutant == honest || !broken.is_empty();
                idle.retain(|row| !broken.contains(row));
            }
            values[column] = honest;
            let name = column.checked_sub(2).and_then(|at| constraints.groups.of_witness(at));
            assert!(bound, "variable {column} of \"{name:?}\" can take another value");
        }
    }
    let idle: Vec<_> = idle.into_iter().map(|row| constraints.groups.of(row)).collect();
    assert!(idle.is_empty(), "nothing breaks {idle:?}");
}

/// Between them they use every slot in every way: full of either side, empty, one bid on all asks.
fn telling_batches() -> Vec<Batch> {
    let asks = |count: u64| (0..count).fold(Batch::new(), |batch, step| batch.ask(3 + step, 3));
    let bids = |count: u64| (0..count).fold(Batch::new(), |batch, step| batch.bid(3 + step, 3));
    vec![busy_batch(), Batch::new(), asks(16), bids(16), asks(15).bid(90, 45), bids(15).ask(1, 45)]
}
