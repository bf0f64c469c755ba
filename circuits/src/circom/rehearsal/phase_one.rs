//! Writes a prepared `.ptau` file, version 1: powers of a secret `tau`, and the Lagrange polynomials at it.
//!
//! | section | what |
//! |---|---|
//! | 1 | 4 bytes 32, the base field's modulus, 4 bytes the power `p`, 4 bytes `p` again |
//! | 2 | `tau^i` in G1, *i* below `2^(p+1) - 1` |
//! | 3, 4, 5 | `tau^i` in G2, `alpha tau^i` and `beta tau^i` in G1, *i* below `2^p` |
//! | 6 | `beta` in G2 |
//! | 7 | the contributions, which are none here |
//! | 12 | in G1, for the domains of 1, 2, 4 … `2^(p+1)` points: every Lagrange polynomial at `tau` |
//! | 13, 14, 15 | the same up to `2^p` points: in G2, and times `alpha` and times `beta` in G1 |
//!
//! Section 2 ends one power short of the largest domain of section 12, so there the highest power is left
//! out of every polynomial. Nothing that a proof divides reaches that degree.

use super::{CHUNK, Multiples, interrupted, seeded};
use crate::circom::FIELD_BYTES;
use crate::circom::container::{Format, write_section, write_start};
use crate::circom::points::{RawPoint, write_points};
use crate::progress::Progress;
use ark_bn254::{Fq, Fr, G1Projective, G2Affine, G2Projective};
use ark_ec::scalar_mul::ScalarMul;
use ark_ec::{CurveGroup, PrimeGroup};
use ark_ff::{BigInteger, Field, PrimeField, UniformRand};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use rand::{CryptoRng, RngCore};
use rand_chacha::ChaCha20Rng;
use std::io::{self, Write};
use std::iter::successors;

const FORMAT: Format = Format { magic: "ptau", version: 1, sections: 11 };
/// The scalar field has roots of unity of twice this order, which the quotient needs.
const MAX_POWER: u32 = 27;

/// Writes a phase 1 for circuits of up to `2^power` rows, with secrets from `rng`, to `out`, which should be
/// buffered.
pub fn write_phase_one(
    power: u32,
    rng: &mut (impl RngCore + CryptoRng),
    out: &mut dyn Write,
    progress: &Progress,
) -> io::Result<()> {
    write_seeded(power, seeded(rng), out, progress)
}

fn write_seeded(
    power: u32,
    mut rng: ChaCha20Rng,
    out: &mut dyn Write,
    progress: &Progress,
) -> io::Result<()> {
    if power > MAX_POWER {
        return Err(io::Error::other(format!("a phase 1 has a power of at most {MAX_POWER}, got {power}")));
    }
    let size = 1usize << power;
    let [tau, alpha, beta] = std::array::from_fn(|_| Fr::rand(&mut rng));
    let in_g1 = Multiples::of(G1Projective::generator(), 12 * size);
    let in_g2 = Multiples::of(G2Projective::generator(), 3 * size);
    let lists = [2 * size - 1, size, size, size].into_iter().map(|count| count.div_ceil(CHUNK));
    let bases = [power + 2, power + 1, power + 1, power + 1]
        .into_iter()
        .map(|domains| (0..domains).map(|domain| (1usize << domain).div_ceil(CHUNK)).sum::<usize>());
    progress.begin(u32::try_from(lists.chain(bases).sum::<usize>()).unwrap_or(u32::MAX));

    write_start(out, FORMAT)?;
    write_header(power, out)?;
    let mut sections = Sections { tau, power, out, progress };
    sections.powers(2, &in_g1, Fr::ONE, 2 * size - 1)?;
    sections.powers(3, &in_g2, Fr::ONE, size)?;
    sections.powers(4, &in_g1, alpha, size)?;
    sections.powers(5, &in_g1, beta, size)?;
    write_section(sections.out, 6, <G2Affine as RawPoint>::BYTES as u64)?;
    write_points(&[(G2Projective::generator() * beta).into_affine()], sections.out)?;
    write_section(sections.out, 7, 4)?;
    sections.out.write_all(&0u32.to_le_bytes())?;
    sections.lagrange(12, &in_g1, Fr::ONE, power + 1)?;
    sections.lagrange(13, &in_g2, Fr::ONE, power)?;
    sections.lagrange(14, &in_g1, alpha, power)?;
    sections.lagrange(15, &in_g1, beta, power)
}

fn write_header(power: u32, out: &mut dyn Write) -> io::Result<()> {
    write_section(out, 1, 4 + FIELD_BYTES as u64 + 4 + 4)?;
    out.write_all(&(FIELD_BYTES as u32).to_le_bytes())?;
    out.write_all(&Fq::MODULUS.to_bytes_le())?;
    out.write_all(&power.to_le_bytes())?;
    out.write_all(&power.to_le_bytes())
}

struct Sections<'a> {
    tau: Fr,
    power: u32,
    out: &'a mut dyn Write,
    progress: &'a Progress,
}

impl Sections<'_> {
    /// `factor * tau^i` for `count` powers.
    fn powers<G: ScalarMul<ScalarField = Fr, MulBase: RawPoint>>(
        &mut self,
        number: u32,
        multiples: &Multiples<G>,
        factor: Fr,
        count: usize,
    ) -> io::Result<()> {
        write_section(self.out, number, (G::MulBase::BYTES * count) as u64)?;
        let tau = self.tau;
        let powers: Vec<Fr> = successors(Some(factor), |power| Some(*power * tau)).take(count).collect();
        self.points(multiples, &powers)
    }

    /// `factor` times every Lagrange polynomial at `tau`, for the domains of up to `2^largest` points.
    fn lagrange<G: ScalarMul<ScalarField = Fr, MulBase: RawPoint>>(
        &mut self,
        number: u32,
        multiples: &Multiples<G>,
        factor: Fr,
        largest: u32,
    ) -> io::Result<()> {
        let count = (2usize << largest) - 1;
        write_section(self.out, number, (G::MulBase::BYTES * count) as u64)?;
        for power in 0..=largest {
            let mut values = self.lagrange_at_tau(power)?;
            values.iter_mut().for_each(|value| *value *= factor);
            self.points(multiples, &values)?;
        }
        Ok(())
    }

    fn lagrange_at_tau(&self, power: u32) -> io::Result<Vec<Fr>> {
        let too_large = || io::Error::other("the field has no domain of that size");
        let domain = Radix2EvaluationDomain::<Fr>::new(1 << power).ok_or_else(too_large)?;
        let mut values = domain.evaluate_all_lagrange_coefficients(self.tau);
        if power > self.power {
            // Of polynomial i, the coefficient of the highest power is the i-th element over the size.
            let top = self.tau.pow([domain.size() as u64 - 1]) * domain.size_inv();
            values.iter_mut().zip(domain.elements()).for_each(|(value, element)| *value -= top * element);
        }
        Ok(values)
    }

    fn points<G: ScalarMul<ScalarField = Fr, MulBase: RawPoint>>(
        &mut self,
        multiples: &Multiples<G>,
        scalars: &[Fr],
    ) -> io::Result<()> {
        scalars.chunks(CHUNK).try_for_each(|chunk| {
            let points = multiples.of_chunk(chunk, self.progress).map_err(interrupted)?;
            write_points(&points, self.out)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_bn254::G1Affine;

    /// The sections' lengths are what the header's power asks for, and the file is as long as they say.
    #[test]
    fn a_phase_one_has_every_section_in_full() {
        let mut file = Vec::new();
        write_phase_one(3, &mut rand::rngs::OsRng, &mut file, &Progress::default()).unwrap();
        let mut at = 12;
        let mut lengths = Vec::new();
        while at < file.len() {
            let number = u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
            let length = u64::from_le_bytes(file[at + 4..at + 12].try_into().unwrap()) as usize;
            lengths.push((number, length));
            at += 12 + length;
        }
        assert_eq!(at, file.len());
        let g1 = <G1Affine as RawPoint>::BYTES;
        let g2 = <G2Affine as RawPoint>::BYTES;
        let powers = [(2, 15 * g1), (3, 8 * g2), (4, 8 * g1), (5, 8 * g1), (6, g2), (7, 4)];
        let bases = [(12, 31 * g1), (13, 15 * g2), (14, 15 * g1), (15, 15 * g1)];
        assert_eq!(lengths, [&[(1, 44)], &powers[..], &bases].concat());
    }
}
