//! The circuit's verifying keys and proofs as the program takes them.
//!
//! Must never change a byte: both sides write points as the `alt_bn128` syscalls read them.

use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::proof::ProofBytes;
use sha2::{Digest, Sha256};

pub use crate::idl::types::{KeyPoints, Proof};

/// SHA-256 of a key's points in account order: what the program stores beside them.
pub fn fingerprint(points: &KeyPoints) -> [u8; 32] {
    let KeyPoints { alpha_g1, beta_g2, gamma_g2, delta_g2, ic: [constant, statement] } = points;
    let mut hasher = Sha256::new();
    for point in [&alpha_g1[..], beta_g2, gamma_g2, delta_g2, constant, statement] {
        hasher.update(point);
    }
    hasher.finalize().into()
}

impl From<&VerifyingKeyBytes> for KeyPoints {
    fn from(key: &VerifyingKeyBytes) -> Self {
        let VerifyingKeyBytes { alpha_g1, beta_g2, gamma_g2, delta_g2, ic } = *key;
        Self { alpha_g1, beta_g2, gamma_g2, delta_g2, ic }
    }
}

impl From<&KeyPoints> for VerifyingKeyBytes {
    fn from(points: &KeyPoints) -> Self {
        let KeyPoints { alpha_g1, beta_g2, gamma_g2, delta_g2, ic } = *points;
        Self { alpha_g1, beta_g2, gamma_g2, delta_g2, ic }
    }
}

impl From<&ProofBytes> for Proof {
    fn from(proof: &ProofBytes) -> Self {
        let ProofBytes { a, b, c } = *proof;
        Self { a, b, c }
    }
}
