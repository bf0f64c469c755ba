//! Groth16 keys of the clearing circuit, one pair per batch size.
//!
//! The keys here are for development: their secrets come from a fixed public string, so anybody can
//! forge proofs under them. They must never be accepted where money is real; the program refuses
//! their fingerprints unless its settings allow them. Built on first use, then read from a cache
//! that is never trusted: a file of another circuit, or one that was cut or changed, is rebuilt.

mod cache;

use crate::clearing::{ClearingCircuit, ClearingWitness};
use crate::encoding::{G1Bytes, G2Bytes, g1_bytes, g2_bytes};
use crate::reduction::CircomReduction;
use crate::size::BatchSize;
use crate::synthesis::Constraints;
use ark_bn254::Bn254;
use ark_groth16::{Groth16, ProvingKey};
use ark_relations::gr1cs::SynthesisError;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// What the toxic waste of every development key is derived from, with the size in decimal behind it.
const DEV_SEED: &str = "obscura-clearing-dev-key-v1:";

/// The development key's fingerprint at 16 slots, for whoever must refuse it. A changed circuit
/// changes it: the test that pins it prints the new one.
pub const DEV_KEY_FINGERPRINT_16: [u8; 32] = [
    0xae, 0x57, 0x16, 0x51, 0xd6, 0x34, 0xf7, 0x72, 0xcd, 0xc0, 0x20, 0x93, 0x9d, 0x26, 0xad, 0xa1, 0x7e,
    0x96, 0x6f, 0xcb, 0x99, 0x98, 0x2c, 0x93, 0x42, 0xf8, 0x4a, 0xfb, 0xf3, 0x97, 0x93, 0xea,
];

/// A proving key with its circuit, ready to prove.
pub struct ClearingKeys {
    pub(crate) constraints: Constraints,
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
    #[error("cannot write the key cache at {}: {source}", path.display())]
    Cache { path: PathBuf, source: std::io::Error },
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
    /// Deterministic: the same circuit gives the same keys on every machine.
    pub fn dev(size: BatchSize, cache_dir: &Path) -> Result<Self, KeyError> {
        let constraints = Constraints::of(size)?;
        let file = cache::CacheFile::new(cache_dir, size, constraints.fingerprint());
        if let Some(proving_key) = file.read() {
            return Self::assemble(constraints, proving_key);
        }
        let proving_key = dev_setup(size)?;
        file.write(&proving_key)?;
        Self::assemble(constraints, proving_key)
    }

    pub fn size(&self) -> BatchSize {
        self.constraints.size
    }

    /// The circuit these keys are for.
    pub fn constraints(&self) -> &Constraints {
        &self.constraints
    }

    pub fn verifying_key(&self) -> &VerifyingKeyBytes {
        &self.verifying_key
    }

    fn assemble(constraints: Constraints, proving_key: ProvingKey<Bn254>) -> Result<Self, KeyError> {
        let key = &proving_key.vk;
        let [one, hash] = key.gamma_abc_g1.as_slice() else {
            let (expected, got) = (constraints.num_inputs, key.gamma_abc_g1.len());
            return Err(KeyError::PublicInputs { expected, got });
        };
        let verifying_key = VerifyingKeyBytes {
            alpha_g1: g1_bytes(&key.alpha_g1),
            beta_g2: g2_bytes(&key.beta_g2),
            gamma_g2: g2_bytes(&key.gamma_g2),
            delta_g2: g2_bytes(&key.delta_g2),
            ic: [g1_bytes(one), g1_bytes(hash)],
        };
        Ok(Self { constraints, proving_key, verifying_key })
    }
}

impl VerifyingKeyBytes {
    /// All points in account order: alpha, beta, gamma, delta, ic.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { alpha_g1, beta_g2, gamma_g2, delta_g2, ic: [one, hash] } = self;
        [&alpha_g1[..], &beta_g2[..], &gamma_g2[..], &delta_g2[..], &one[..], &hash[..]].concat()
    }

    /// SHA-256 of [`to_bytes`](Self::to_bytes): the key's name on chain.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }
}

fn dev_setup(size: BatchSize) -> Result<ProvingKey<Bn254>, KeyError> {
    let seed = Sha256::digest(format!("{DEV_SEED}{}", size.get()));
    let mut rng = ChaCha20Rng::from_seed(seed.into());
    let blank = ClearingWitness::blank(size);
    let circuit = ClearingCircuit::new(&blank);
    Ok(Groth16::<Bn254, CircomReduction>::generate_random_parameters_with_reduction(circuit, &mut rng)?)
}
