//! Groth16 keys of the clearing circuit, one pair per batch size.
//!
//! Those that are made here are for development: their secrets come from a fixed public string, so anybody
//! can forge proofs under them. They must never be accepted where money is real; their origins say which
//! they are, whatever the circuit. Built on first use, then read from a cache that is never trusted: a
//! file of another circuit, or one that was cut or changed, is rebuilt.
//!
//! The others come from a ceremony ([`crate::circom::zkey`]) and are kept in files of their own.

mod cache;
mod development;
mod file;
mod published;

pub use development::{development_origin, development_points, development_verifying_key};
pub use file::KeyFileError;

use crate::encoding::{G1Bytes, G2Bytes, g1_bytes, g2_bytes};
use crate::progress::{Progress, Stopped};
use crate::size::BatchSize;
use ark_bn254::Bn254;
use ark_groth16::{ProvingKey, VerifyingKey};
use ark_relations::gr1cs::SynthesisError;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A proving key of one size, ready to prove.
pub struct ClearingKeys {
    size: BatchSize,
    pub(crate) proving_key: ProvingKey<Bn254>,
    verifying_key: VerifyingKeyBytes,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the circuit does not synthesise: {0}")]
    Synthesis(#[from] SynthesisError),
    #[error("a key of this circuit has {expected} points for public inputs, got {got}")]
    PublicInputs { expected: usize, got: usize },
    #[error("making the keys was cancelled")]
    Cancelled,
    #[error("cannot write the key cache at {}: {source}", path.display())]
    Cache { path: PathBuf, source: std::io::Error },
}

impl From<Stopped> for KeyError {
    fn from(Stopped: Stopped) -> Self {
        Self::Cancelled
    }
}

/// A verifying key as the chain keeps it (`alt_bn128`, big-endian).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKeyBytes {
    pub alpha_g1: G1Bytes,
    pub beta_g2: G2Bytes,
    pub gamma_g2: G2Bytes,
    pub delta_g2: G2Bytes,
    /// For the constant one and the statement hash.
    pub ic: [G1Bytes; 2],
}

impl ClearingKeys {
    /// The development keys of one size, from `cache_dir` where it has them.
    ///
    /// Deterministic: the same circuit gives the same keys on every machine. Making them takes about as
    /// long as three proofs, which `progress` shows; `Cancelled` where it is told to stop.
    pub fn dev(size: BatchSize, cache_dir: &Path, progress: &Progress) -> Result<Self, KeyError> {
        let file = cache::CacheFile::new(cache_dir, size);
        if let Some(keys) = file.read(progress)? {
            return Ok(keys);
        }
        let keys = Self::assemble(size, development::setup(size, progress)?)?;
        file.write(&keys)?;
        Ok(keys)
    }

    pub fn size(&self) -> BatchSize {
        self.size
    }

    pub fn proving_key(&self) -> &ProvingKey<Bn254> {
        &self.proving_key
    }

    pub fn verifying_key(&self) -> &VerifyingKeyBytes {
        &self.verifying_key
    }

    /// A key from elsewhere, a ceremony for example, must be of this size's circuit.
    pub fn assemble(size: BatchSize, proving_key: ProvingKey<Bn254>) -> Result<Self, KeyError> {
        let verifying_key = VerifyingKeyBytes::of(&proving_key.vk)?;
        Ok(Self { size, proving_key, verifying_key })
    }
}

impl VerifyingKeyBytes {
    /// The points of `key`, which has one public input.
    pub fn of(key: &VerifyingKey<Bn254>) -> Result<Self, KeyError> {
        let [one, hash] = key.gamma_abc_g1.as_slice() else {
            return Err(KeyError::PublicInputs { expected: 2, got: key.gamma_abc_g1.len() });
        };
        Ok(Self {
            alpha_g1: g1_bytes(&key.alpha_g1),
            beta_g2: g2_bytes(&key.beta_g2),
            gamma_g2: g2_bytes(&key.gamma_g2),
            delta_g2: g2_bytes(&key.delta_g2),
            ic: [g1_bytes(one), g1_bytes(hash)],
        })
    }

    /// The development key of one size, as `circuits/vectors/development_keys.json` has it: no circuit is
    /// laid out, no point is made.
    pub fn development(size: BatchSize) -> Self {
        published::development(size)
    }

    /// All points in account order: alpha, beta, gamma, delta, ic.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { alpha_g1, beta_g2, gamma_g2, delta_g2, ic: [one, hash] } = self;
        [&alpha_g1[..], &beta_g2[..], &gamma_g2[..], &delta_g2[..], &one[..], &hash[..]].concat()
    }

    /// SHA-256 of [`to_bytes`](Self::to_bytes): the key's name on chain.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }

    /// SHA-256 of alpha, beta, gamma, delta: which secrets the key was made from, whatever the circuit.
    pub fn origin(&self) -> [u8; 32] {
        let Self { alpha_g1, beta_g2, gamma_g2, delta_g2, ic: _ } = self;
        origin_of(alpha_g1, [beta_g2, gamma_g2, delta_g2])
    }

    /// Whether the key has the origin of a development key of any size: anybody can forge proofs under it,
    /// whatever its circuit.
    pub fn is_development(&self) -> bool {
        let origin = self.origin();
        BatchSize::ALL.into_iter().any(|size| Self::development(size).origin() == origin)
    }
}

fn origin_of(alpha_g1: &G1Bytes, [beta_g2, gamma_g2, delta_g2]: [&G2Bytes; 3]) -> [u8; 32] {
    Sha256::digest([&alpha_g1[..], beta_g2, gamma_g2, delta_g2].concat()).into()
}
