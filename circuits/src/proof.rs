//! Proving a clearing, and verifying a proof as the program does.
//!
//! Must never return a proof that was not verified: the witness is checked against every constraint
//! before, and the proof against the statement after.

use crate::batch::Clearance;
use crate::clearing::{ClearingCircuit, ClearingWitness};
use crate::encoding::{G1Bytes, G2Bytes, PointError, g1_bytes, g1_point, g2_bytes, g2_point};
use crate::field::{NotCanonical, element};
use crate::keys::{ClearingKeys, VerifyingKeyBytes};
use crate::progress::Progress;
use crate::prover::{ProverError, groth16};
use crate::reduction::CircomReduction;
use ark_bn254::{Bn254, Fr};
use ark_groth16::{Groth16, Proof, VerifyingKey, prepare_verifying_key};
use ark_relations::gr1cs::SynthesisError;
use ark_std::UniformRand;
use obscura_auction::field::FieldBytes;
use rand::{CryptoRng, RngCore};

type Prover = Groth16<Bn254, CircomReduction>;

/// A proof in the form the program's verifier takes: `a` is already negated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofBytes {
    pub a: G1Bytes,
    pub b: G2Bytes,
    pub c: G1Bytes,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    #[error("the keys are for {expected} slots, the batch has {got}")]
    Size { expected: u16, got: u16 },
    #[error("the clearing breaks constraint {row}: {group}")]
    Unsatisfied { row: usize, group: &'static str },
    #[error("the circuit does not synthesise: {0}")]
    Synthesis(#[from] SynthesisError),
    #[error(transparent)]
    Prover(#[from] ProverError),
    #[error("the new proof does not verify: {0}")]
    Rejected(#[from] VerifyError),
}

/// Why a proof is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    #[error("the verifying key is malformed: {0}")]
    Key(PointError),
    #[error("the proof is malformed: {0}")]
    Proof(PointError),
    #[error("the statement hash is malformed: {0}")]
    StatementHash(#[from] NotCanonical),
    #[error("the proof is not of this statement under this key")]
    Invalid,
}

/// Proves a clearing; `rng` blinds the proof and must be unpredictable.
pub fn prove(
    keys: &ClearingKeys,
    clearance: &Clearance,
    rng: &mut (impl RngCore + CryptoRng),
    progress: &Progress,
) -> Result<ProofBytes, ProveError> {
    let (expected, got) = (keys.size().get(), clearance.inputs.size.get());
    if expected != got {
        return Err(ProveError::Size { expected, got });
    }
    let (groups, evaluation) = ClearingCircuit::new(&ClearingWitness::of(clearance)).evaluate()?;
    if let Some(row) = evaluation.broken {
        return Err(ProveError::Unsatisfied { row, group: groups.of(row).unwrap_or("unnamed") });
    }
    let blinding = [Fr::rand(rng), Fr::rand(rng)];
    let proof = groth16(&keys.proving_key, evaluation, blinding, progress)?;
    let bytes = ProofBytes { a: g1_bytes(&-proof.a), b: g2_bytes(&proof.b), c: g1_bytes(&proof.c) };
    verify(keys.verifying_key(), &bytes, &clearance.statement_hash)?;
    Ok(bytes)
}

/// Accepts a proof of the statement with this hash, under this key.
pub fn verify(
    key: &VerifyingKeyBytes,
    proof: &ProofBytes,
    statement_hash: &FieldBytes,
) -> Result<(), VerifyError> {
    let key = prepare_verifying_key(&decoded_key(key).map_err(VerifyError::Key)?);
    let proof = decoded_proof(proof).map_err(VerifyError::Proof)?;
    match Prover::verify_proof(&key, &proof, &[element(statement_hash)?]) {
        Ok(true) => Ok(()),
        _ => Err(VerifyError::Invalid),
    }
}

fn decoded_key(key: &VerifyingKeyBytes) -> Result<VerifyingKey<Bn254>, PointError> {
    let VerifyingKeyBytes { alpha_g1, beta_g2, gamma_g2, delta_g2, ic: [one, hash] } = key;
    Ok(VerifyingKey {
        alpha_g1: g1_point(alpha_g1)?,
        beta_g2: g2_point(beta_g2)?,
        gamma_g2: g2_point(gamma_g2)?,
        delta_g2: g2_point(delta_g2)?,
        gamma_abc_g1: vec![g1_point(one)?, g1_point(hash)?],
    })
}

fn decoded_proof(proof: &ProofBytes) -> Result<Proof<Bn254>, PointError> {
    let ProofBytes { a, b, c } = proof;
    Ok(Proof { a: -g1_point(a)?, b: g2_point(b)?, c: g1_point(c)? })
}
