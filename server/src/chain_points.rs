//! The circuit's keys and proofs in the program's types. Both write points as the
//! `alt_bn128` syscalls read them, so no byte changes.

use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::proof::ProofBytes;
use obscura_client::idl::types::{KeyPoints, Proof};

/// A proof as an instruction takes it.
pub fn chain_proof(proof: &ProofBytes) -> Proof {
    let ProofBytes { a, b, c } = *proof;
    Proof { a, b, c }
}

/// A verifying key as the chain keeps it.
pub fn chain_key(key: &VerifyingKeyBytes) -> KeyPoints {
    let VerifyingKeyBytes { alpha_g1, beta_g2, gamma_g2, delta_g2, ic } = key.clone();
    KeyPoints { alpha_g1, beta_g2, gamma_g2, delta_g2, ic }
}
