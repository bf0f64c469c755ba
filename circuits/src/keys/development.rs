//! Development keys: their secrets come from a fixed public string, so anybody can forge under them.
//!
//! The part of a key that does not depend on the circuit is its origin. A development origin is
//! computed from the size alone, so whoever must refuse these keys can name them for every version
//! of the circuit. Must never seed a key that guards money.

use super::{KeyError, VerifyingKeyBytes, origin_of};
use crate::encoding::{g1_bytes, g2_bytes};
use crate::progress::{Progress, Stopped};
use crate::reduction::CircomReduction;
use crate::size::BatchSize;
use crate::synthesis::Constraints;
use ark_bn254::{Bn254, Fr, G1Projective, G2Projective};
use ark_ec::CurveGroup;
use ark_ec::scalar_mul::{BatchMulPreprocessing, ScalarMul};
use ark_ff::{AdditiveGroup, Field, UniformRand};
use ark_groth16::r1cs_to_qap::R1CSToQAP;
use ark_groth16::{ProvingKey, VerifyingKey};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use ark_relations::gr1cs::{Matrix, SynthesisError};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};

/// What the toxic waste of every development key is derived from, with the size in decimal behind it.
const SEED: &str = "obscura-clearing-dev-key-v1:";

/// Steps that a setup reports: the columns, and five lists of points.
const STEPS: u32 = 6;
/// Points made between two looks at whether to go on.
const CHUNK: usize = 1 << 16;

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

/// The proving key of one size, as `ark-groth16`'s generator would draw it, a test says.
pub(super) fn setup(size: BatchSize, progress: &Progress) -> Result<ProvingKey<Bn254>, KeyError> {
    progress.begin(STEPS);
    let waste = Waste::draw(size);
    let columns = waste.columns(&Constraints::of(size)?)?;
    progress.step();
    let verifying_key = waste.verifying_key(&columns);
    let Columns { a, b, l, quotient, .. } = columns;

    let mut in_g1 = Multiples::of(waste.g1, 3 * a.len() + quotient.len());
    let a_query = in_g1.take(a, progress)?;
    let h_query = in_g1.take(quotient, progress)?;
    let l_query = in_g1.take(l, progress)?;
    let b_g1_query = in_g1.take(b.clone(), progress)?;
    drop(in_g1);
    let b_g2_query = Multiples::of(waste.g2, b.len()).take(b, progress)?;
    Ok(ProvingKey {
        beta_g1: (waste.g1 * waste.beta).into_affine(),
        delta_g1: (waste.g1 * waste.delta).into_affine(),
        vk: verifying_key,
        a_query,
        b_g1_query,
        b_g2_query,
        h_query,
        l_query,
    })
}

/// The verifying key of one size alone; takes a few seconds for the largest.
pub fn development_verifying_key(size: BatchSize) -> Result<VerifyingKeyBytes, KeyError> {
    let waste = Waste::draw(size);
    let columns = waste.columns(&Constraints::of(size)?)?;
    VerifyingKeyBytes::of(&waste.verifying_key(&columns))
}

/// What must be forgotten after a setup that guards money, and is public here.
struct Waste {
    alpha: Fr,
    beta: Fr,
    gamma: Fr,
    delta: Fr,
    g1: G1Projective,
    g2: G2Projective,
    rng: ChaCha20Rng,
}

/// What the constraints come to at the secret point, variable by variable.
struct Columns {
    a: Vec<Fr>,
    b: Vec<Fr>,
    /// For the public variables.
    ic: Vec<Fr>,
    /// For the private variables.
    l: Vec<Fr>,
    quotient: Vec<Fr>,
}

impl Waste {
    fn draw(size: BatchSize) -> Self {
        let mut rng = seeded(size);
        let [alpha, beta, gamma, delta] = std::array::from_fn(|_| Fr::rand(&mut rng));
        let (g1, g2) = (G1Projective::rand(&mut rng), G2Projective::rand(&mut rng));
        Self { alpha, beta, gamma, delta, g1, g2, rng }
    }

    fn columns(&self, constraints: &Constraints) -> Result<Columns, KeyError> {
        let rows = constraints.count() + constraints.num_inputs;
        let domain =
            Radix2EvaluationDomain::<Fr>::new(rows).ok_or(SynthesisError::PolynomialDegreeTooLarge)?;
        let at = domain.sample_element_outside_domain(&mut self.rng.clone());
        let lagrange = domain.evaluate_all_lagrange_coefficients(at);
        let [a, b, c] = constraints.matrices.as_slice() else {
            return Err(SynthesisError::PredicateNotFound.into());
        };
        let column = |matrix: &Matrix<Fr>| {
            let mut column = vec![Fr::ZERO; constraints.variables];
            for (row, weight) in matrix.iter().zip(&lagrange) {
                row.iter().for_each(|(factor, variable)| column[*variable] += *factor * weight);
            }
            column
        };
        let (mut a, b, c) = (column(a), column(b), column(c));
        // The rows behind the constraints tie down the public values.
        for (entry, weight) in
            a.iter_mut().zip(lagrange.iter().skip(constraints.count())).take(constraints.num_inputs)
        {
            *entry += weight;
        }
        let mixed: Vec<Fr> =
            a.iter().zip(&b).zip(&c).map(|((a, b), c)| self.beta * a + self.alpha * b + c).collect();
        let over = |divisor: Fr| divisor.inverse().ok_or(SynthesisError::DivisionByZero);
        let (over_gamma, over_delta) = (over(self.gamma)?, over(self.delta)?);
        let (public, private) = mixed.split_at(constraints.num_inputs);
        Ok(Columns {
            ic: public.iter().map(|value| *value * over_gamma).collect(),
            l: private.iter().map(|value| *value * over_delta).collect(),
            quotient: CircomReduction::h_query_scalars::<Fr, Radix2EvaluationDomain<Fr>>(
                domain.size() - 1,
                at,
                domain.evaluate_vanishing_polynomial(at),
                over_delta,
            )?,
            a,
            b,
        })
    }

    fn verifying_key(&self, columns: &Columns) -> VerifyingKey<Bn254> {
        let in_g2 = |scalar: Fr| (self.g2 * scalar).into_affine();
        VerifyingKey {
            alpha_g1: (self.g1 * self.alpha).into_affine(),
            beta_g2: in_g2(self.beta),
            gamma_g2: in_g2(self.gamma),
            delta_g2: in_g2(self.delta),
            gamma_abc_g1: columns.ic.iter().map(|scalar| (self.g1 * scalar).into_affine()).collect(),
        }
    }
}

/// Many multiples of one point.
struct Multiples<G: ScalarMul>(BatchMulPreprocessing<G>);

impl<G: ScalarMul> Multiples<G> {
    fn of(point: G, count: usize) -> Self {
        Self(BatchMulPreprocessing::new(point, count))
    }

    fn take(
        &mut self,
        scalars: Vec<G::ScalarField>,
        progress: &Progress,
    ) -> Result<Vec<G::MulBase>, Stopped> {
        let mut multiples = Vec::with_capacity(scalars.len());
        for scalars in scalars.chunks(CHUNK) {
            progress.check()?;
            multiples.extend(self.0.batch_mul(scalars));
        }
        progress.step();
        Ok(multiples)
    }
}

fn seeded(size: BatchSize) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(Sha256::digest(format!("{SEED}{}", size.get())).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clearing::{ClearingCircuit, ClearingWitness};
    use ark_groth16::Groth16;

    #[test]
    fn a_setup_gives_the_key_that_the_librarys_generator_gives() {
        let size = BatchSize::S16;
        let blank = ClearingWitness::blank(size);
        let circuit = ClearingCircuit::new(&blank);
        let expected = Groth16::<Bn254, CircomReduction>::generate_random_parameters_with_reduction(
            circuit,
            &mut seeded(size),
        )
        .unwrap();
        let key = setup(size, &Progress::default()).unwrap();
        assert!(key == expected);
        let bytes = VerifyingKeyBytes::of(&expected.vk).unwrap();
        assert_eq!(development_verifying_key(size).unwrap(), bytes);
    }

    #[test]
    fn a_cancelled_setup_stops() {
        let progress = Progress::default();
        progress.cancel();
        assert!(matches!(setup(BatchSize::S16, &progress), Err(KeyError::Cancelled)));
    }

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
