//! The circuit laid out: its matrices once per size, and an assignment per witness.
//!
//! Must never let the two drift apart: both come from the same `ClearingCircuit`. The
//! fingerprint covers every coefficient, so a changed circuit cannot be used with an old key.

use crate::clearing::{ClearingCircuit, ClearingWitness};
use crate::gadgets::{Groups, Synth};
use crate::size::BatchSize;
use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};
use ark_groth16::r1cs_to_qap::evaluate_constraint;
use ark_relations::gr1cs::{ConstraintSystem, Matrix, R1CS_PREDICATE_LABEL, SynthesisError, SynthesisMode};
use sha2::{Digest, Sha256};

/// The constraints of one size.
#[derive(Clone, Debug)]
pub struct Constraints {
    pub size: BatchSize,
    /// `A`, `B` and `C`: each constraint is `(A z) * (B z) = C z`.
    pub matrices: Vec<Matrix<Fr>>,
    /// The constant one and the public input.
    pub num_inputs: usize,
    /// All variables: the inputs first.
    pub variables: usize,
    pub groups: Groups,
}

impl Constraints {
    /// Lays out the circuit of one size.
    pub fn of(size: BatchSize) -> Synth<Self> {
        let cs = ConstraintSystem::<Fr>::new_ref();
        cs.set_mode(SynthesisMode::Setup);
        let groups = ClearingCircuit::new(&ClearingWitness::blank(size)).lay_out(cs.clone())?;
        cs.finalize();
        let num_inputs = cs.num_instance_variables();
        let variables = num_inputs + cs.num_witness_variables();
        let matrices = cs.to_matrices()?.remove(R1CS_PREDICATE_LABEL);
        Ok(Self {
            size,
            matrices: matrices.ok_or(SynthesisError::PredicateNotFound)?,
            num_inputs,
            variables,
            groups,
        })
    }

    /// How many constraints there are.
    pub fn count(&self) -> usize {
        self.groups.total()
    }

    /// SHA-256 over size, inputs and every coefficient in order.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.size.get().to_be_bytes());
        hasher.update((self.num_inputs as u64).to_be_bytes());
        for row in self.matrices.iter().flatten() {
            hasher.update((row.len() as u64).to_be_bytes());
            for (coefficient, column) in row {
                hasher.update(coefficient.into_bigint().to_bytes_be());
                hasher.update((*column as u64).to_be_bytes());
            }
        }
        hasher.finalize().into()
    }

    /// The rows that `assignment` does not satisfy.
    pub fn unsatisfied(&self, assignment: &[Fr]) -> impl Iterator<Item = usize> {
        (0..self.count()).filter(move |row| !self.holds(*row, assignment))
    }

    /// Whether constraint `row` holds.
    pub fn holds(&self, row: usize, assignment: &[Fr]) -> bool {
        let side = |matrix: &Matrix<Fr>| evaluate_constraint(&matrix[row], assignment);
        match self.matrices.as_slice() {
            [a, b, c] => side(a) * side(b) == side(c),
            _ => false,
        }
    }
}

/// All variables' values under a witness: the constant one, the public input, the private ones.
pub fn assignment(witness: &ClearingWitness) -> Synth<Vec<Fr>> {
    Ok(ClearingCircuit::new(witness).evaluate()?.1.assignment())
}
