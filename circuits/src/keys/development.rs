//! Development keys: their secrets come from a fixed public string, so anybody can forge under them.
//!
//! The part of a key that does not depend on the circuit is its origin. A development origin is
//! computed from the size alone, so whoever must refuse these keys can name them for every version
//! of the circuit. Must never seed a key that guards money.

use super::origin_of;
use crate::clearing::{ClearingCircuit, ClearingWitness};
use crate::encoding::{g1_bytes, g2_bytes};
use crate::reduction::CircomReduction;
use crate::size::BatchSize;
use ark_bn254::{Bn254, Fr, G1Projective, G2Projective};
use ark_ec::CurveGroup;
use ark_ff::UniformRand;
use ark_groth16::{Groth16, ProvingKey};
use ark_relations::gr1cs::SynthesisError;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};

/// What the toxic waste of every development key is derived from, with the size in decimal behind it.
const SEED: &str = "obscura-clearing-dev-key-v1:";

/// [`VerifyingKeyBytes::origin`](super::VerifyingKeyBytes::origin) of one size's development key,
/// without making the key.
///
/// The generator draws four scalars and two generators before it looks at the circuit. The same
/// draws in the same order give the same points; a test compares them with a key.
pub fn development_origin(size: BatchSize) -> [u8; 32] {
    let (alpha_g1, in_g2) = development_points(size);
    origin_of(&alpha_g1, in_g2.each_ref())
}

/// `alpha_g1`, then `beta_g2`, `gamma_g2` and `delta_g2`, of one size's development key.
pub fn development_points(size: BatchSize) -> ([u8; 64], [[u8; 128]; 3]) {
    let mut rng = seeded(size);
    let [alpha, beta, gamma, delta] = std::array::from_fn(|_| Fr::rand(&mut rng));
    let g1 = G1Projective::rand(&mut rng);
    let g2 = G2Projective::rand(&mut rng);
    let in_g2 = |scalar: Fr| g2_bytes(&(g2 * scalar).into_affine());
    (g1_bytes(&(g1 * alpha).into_affine()), [beta, gamma, delta].map(in_g2))
}

pub(super) fn setup(size: BatchSize) -> Result<ProvingKey<Bn254>, SynthesisError> {
    let blank = ClearingWitness::blank(size);
    let circuit = ClearingCircuit::new(&blank);
    Groth16::<Bn254, CircomReduction>::generate_random_parameters_with_reduction(circuit, &mut seeded(size))
}

fn seeded(size: BatchSize) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(Sha256::digest(format!("{SEED}{}", size.get())).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGINS: [&str; 4] = [
        "965b639199607dcb3967dd22a5e6aa45843c153da721b121f9a520326e4df1f0",
        "89765a79e66d1a79f75b38aeab18e55ae39f504c33845fd683031b2395be2ba2",
        "fe2b22513dfca38ef139c2b2dae3af0c4ef00651e84bbdfc293aceb0182866f1",
        "bffe38a41a71d8d96d73d00bb5dc3b648b320b73375a852a0c2aedb67e0b8a89",
    ];

    /// Whoever refuses development keys keeps these bytes; a new seed or generator changes them.
    #[test]
    fn development_origins_are_pinned_for_every_size() {
        let origins = BatchSize::ALL.map(|size| hex::encode(development_origin(size)));
        assert_eq!(origins, ORIGINS);
    }
}
