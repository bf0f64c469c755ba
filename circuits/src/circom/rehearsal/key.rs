//! Writes a `.zkey` file with secrets that one process drew: a ceremony of one, for tests and rehearsals.
//!
//! The key proves and verifies like any other. Its one contribution is not a proof of anything, so the
//! ceremony's tool does not verify the file.

use super::{interrupted, seeded};
use crate::circom::FIELD_BYTES;
use crate::circom::container::{count, write_section, write_start};
use crate::circom::points::{RawPoint, scalar_to_raw, write_points};
use crate::circom::zkey::FORMAT;
use crate::progress::Progress;
use crate::reduction::CircomReduction;
use crate::synthesis::Constraints;
use ark_bn254::{Bn254, Fq, Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, PrimeGroup};
use ark_ff::{BigInteger, Field, PrimeField, UniformRand};
use ark_groth16::{Groth16, ProvingKey};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystemRef, LinearCombination, SynthesisError, Variable,
};
use rand::{CryptoRng, RngCore};
use rand_chacha::ChaCha20Rng;
use std::io::{self, Write};

const NAME: &[u8] = b"rehearsal";

/// Writes a key of `constraints`, with secrets from `rng`, to `out`, which should be buffered.
pub fn write_zkey(
    constraints: &Constraints,
    rng: &mut (impl RngCore + CryptoRng),
    out: &mut dyn Write,
    progress: &Progress,
) -> io::Result<()> {
    write_seeded(constraints, seeded(rng), out, progress)
}

fn write_seeded(
    constraints: &Constraints,
    mut rng: ChaCha20Rng,
    out: &mut dyn Write,
    progress: &Progress,
) -> io::Result<()> {
    progress.begin(2);
    let [alpha, beta, delta] = std::array::from_fn(|_| Fr::rand(&mut rng));
    let key = Groth16::<Bn254, CircomReduction>::generate_parameters_with_qap(
        Replayed(constraints),
        alpha,
        beta,
        Fr::ONE,
        delta,
        G1Projective::generator(),
        G2Projective::generator(),
        &mut rng,
    );
    let key = key.map_err(io::Error::other)?;
    progress.step();
    progress.check().map_err(interrupted)?;
    write_start(out, FORMAT)?;
    write_header(&key, out)?;
    write_coefficients(constraints, out)?;
    let ProvingKey { vk, beta_g1: _, delta_g1, a_query, b_g1_query, b_g2_query, h_query, l_query } = key;
    write_list(3, &vk.gamma_abc_g1, out)?;
    write_list(9, &h_query, out)?;
    write_list(8, &l_query, out)?;
    write_list(5, &a_query, out)?;
    write_list(6, &b_g1_query, out)?;
    write_list(7, &b_g2_query, out)?;
    write_contribution(&delta_g1, &vk.delta_g2, out)?;
    progress.step();
    Ok(())
}

fn write_header(key: &ProvingKey<Bn254>, out: &mut dyn Write) -> io::Result<()> {
    write_section(out, 1, 4)?;
    out.write_all(&1u32.to_le_bytes())?;
    let points = 3 * (<G1Affine as RawPoint>::BYTES + <G2Affine as RawPoint>::BYTES);
    write_section(out, 2, (2 * (4 + FIELD_BYTES) + 12 + points) as u64)?;
    for modulus in [Fq::MODULUS, Fr::MODULUS] {
        out.write_all(&(FIELD_BYTES as u32).to_le_bytes())?;
        out.write_all(&modulus.to_bytes_le())?;
    }
    let public = key.vk.gamma_abc_g1.len().saturating_sub(1);
    for number in [key.a_query.len(), public, key.h_query.len()] {
        out.write_all(&count(number)?.to_le_bytes())?;
    }
    write_points(&[key.vk.alpha_g1, key.beta_g1], out)?;
    write_points(&[key.vk.beta_g2, key.vk.gamma_g2], out)?;
    write_points(&[key.delta_g1], out)?;
    write_points(&[key.vk.delta_g2], out)
}

fn write_coefficients(constraints: &Constraints, out: &mut dyn Write) -> io::Result<()> {
    let [a, b, _] = constraints.matrices.as_slice() else {
        return Err(io::Error::other("constraints have three matrices"));
    };
    let total = a.iter().chain(b).map(Vec::len).sum::<usize>() + constraints.num_inputs;
    write_section(out, 4, (4 + total * (12 + FIELD_BYTES)) as u64)?;
    out.write_all(&count(total)?.to_le_bytes())?;
    let radix = Fr::from(2u64).pow([256]);
    let mut entry = |matrix: u32, row: usize, column: usize, value: Fr| {
        for number in [matrix, count(row)?, count(column)?] {
            out.write_all(&number.to_le_bytes())?;
        }
        out.write_all(&scalar_to_raw(&(value * radix)))
    };
    for (row, both) in a.iter().zip(b).enumerate() {
        for (matrix, terms) in [(0, both.0), (1, both.1)] {
            terms.iter().try_for_each(|(value, column)| entry(matrix, row, *column, *value))?;
        }
    }
    (0..constraints.num_inputs).try_for_each(|input| entry(0, a.len() + input, input, Fr::ONE))
}

fn write_list<P: RawPoint>(number: u32, points: &[P], out: &mut dyn Write) -> io::Result<()> {
    write_section(out, number, (P::BYTES * points.len()) as u64)?;
    write_points(points, out)
}

fn write_contribution(delta_g1: &G1Affine, delta_g2: &G2Affine, out: &mut dyn Write) -> io::Result<()> {
    let points = 3 * <G1Affine as RawPoint>::BYTES + <G2Affine as RawPoint>::BYTES;
    let parameters = 2 + NAME.len();
    write_section(out, 10, (64 + 4 + points + 64 + 8 + parameters) as u64)?;
    out.write_all(&[0; 64])?;
    out.write_all(&1u32.to_le_bytes())?;
    write_points(&[*delta_g1, G1Affine::generator(), *delta_g1], out)?;
    write_points(&[*delta_g2], out)?;
    out.write_all(&[0; 64])?;
    out.write_all(&0u32.to_le_bytes())?;
    out.write_all(&count(parameters)?.to_le_bytes())?;
    out.write_all(&[1, NAME.len() as u8])?;
    out.write_all(NAME)
}

/// Matrices as a circuit, for the library's generator.
struct Replayed<'a>(&'a Constraints);

impl ConstraintSynthesizer<Fr> for Replayed<'_> {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        let Self(constraints) = self;
        let mut variables = vec![Variable::One];
        for number in 1..constraints.variables {
            let value = || Ok(Fr::ONE);
            let input = number < constraints.num_inputs;
            variables.push(if input {
                cs.new_input_variable(value)?
            } else {
                cs.new_witness_variable(value)?
            });
        }
        let combination = |matrix: usize, row: usize| {
            let terms = constraints.matrices.get(matrix).and_then(|rows| rows.get(row)).into_iter().flatten();
            LinearCombination(terms.map(|(value, column)| (*value, variables[*column])).collect())
        };
        for row in 0..constraints.matrices.first().map_or(0, Vec::len) {
            cs.enforce_r1cs_constraint(
                || combination(0, row),
                || combination(1, row),
                || combination(2, row),
            )?;
        }
        Ok(())
    }
}
