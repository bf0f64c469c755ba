//! The prover: Groth16 for the clearing circuit, with its own multi-scalar multiplication.
//!
//! Same keys and same proofs as `ark-groth16` with [`crate::reduction`]; what is its own is the way
//! there. It needs the proving key and the values of one evaluation, no matrices, so that the largest
//! circuit fits in memory. It can be watched and stopped from another thread.

mod msm;
mod quotient;

use crate::gadgets::Evaluation;
use crate::progress::{Progress, Stopped};
use ark_bn254::{Bn254, Fr, G1Projective};
use ark_ec::CurveGroup;
use ark_groth16::{Proof, ProvingKey};
use msm::Digits;
use quotient::{QuotientError, quotient};

/// Steps that one proof reports: three columns of the quotient, five products.
const STEPS: u32 = 8;

/// Why there is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProverError {
    #[error("the circuit has more constraints than the field has roots of unity")]
    TooManyConstraints,
    #[error("the proving key is for {expected} variables, the circuit has {got}")]
    OtherCircuit { expected: usize, got: usize },
    #[error("proving was cancelled")]
    Cancelled,
}

impl From<Stopped> for ProverError {
    fn from(Stopped: Stopped) -> Self {
        Self::Cancelled
    }
}

impl From<QuotientError> for ProverError {
    fn from(error: QuotientError) -> Self {
        match error {
            QuotientError::TooManyConstraints => Self::TooManyConstraints,
            QuotientError::Stopped => Self::Cancelled,
        }
    }
}

/// A proof of an evaluation that breaks no constraint, blinded by `r` and `s`.
pub fn groth16(
    key: &ProvingKey<Bn254>,
    evaluation: Evaluation,
    [r, s]: [Fr; 2],
    progress: &Progress,
) -> Result<Proof<Bn254>, ProverError> {
    progress.begin(STEPS);
    let assignment = evaluation.assignment();
    let Evaluation { inputs, witnesses, factors: (a, b), broken: _ } = evaluation;
    let (expected, got) = (key.a_query.len(), assignment.len());
    if expected != got || key.l_query.len() != witnesses.len() {
        return Err(ProverError::OtherCircuit { expected, got });
    }
    drop(witnesses);
    let quotient = quotient(a, b, &inputs, progress)?;
    let in_h = Digits::of(&quotient).multiply(&key.h_query, 0, progress)?;
    drop(quotient);

    let digits = Digits::of(&assignment);
    let in_l = digits.multiply(&key.l_query, inputs.len(), progress)?;
    let a = digits.multiply(&key.a_query, 0, progress)? + key.vk.alpha_g1 + key.delta_g1 * r;
    let b_in_g1: G1Projective =
        digits.multiply(&key.b_g1_query, 0, progress)? + key.beta_g1 + key.delta_g1 * s;
    let b = digits.multiply(&key.b_g2_query, 0, progress)? + key.vk.beta_g2 + key.vk.delta_g2 * s;
    let c = a * s + b_in_g1 * r - key.delta_g1 * (r * s) + in_l + in_h;
    Ok(Proof { a: a.into_affine(), b: b.into_affine(), c: c.into_affine() })
}
