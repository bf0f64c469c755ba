//! Sections 1 and 2: the proof system, the curve, the counts, and the points that every key has.
//!
//! Section 2 is 4 bytes 32 and the base field's modulus, 4 bytes 32 and the scalar field's modulus, 4 bytes
//! each for all variables, public variables and the domain's size; then `alpha` and `beta` in G1, `beta` and
//! `gamma` in G2, `delta` in G1 and in G2.

use super::ZkeyError;
use super::shape::Shape;
use crate::circom::FIELD_BYTES;
use crate::circom::container::{Sections, read_u32};
use crate::circom::points::{Origin, RawPoint, read_point};
use ark_bn254::{Bn254, Fq, Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ec::pairing::Pairing;
use ark_ff::{BigInteger, PrimeField};
use std::io::Read;

const GROTH16: u32 = 1;
const BYTES: usize =
    2 * (4 + FIELD_BYTES) + 3 * 4 + 3 * <G1Affine as RawPoint>::BYTES + 3 * <G2Affine as RawPoint>::BYTES;

/// What every key has, whatever its circuit; none of it is the point at infinity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub alpha_g1: G1Affine,
    pub beta_g1: G1Affine,
    pub delta_g1: G1Affine,
    pub beta_g2: G2Affine,
    pub gamma_g2: G2Affine,
    pub delta_g2: G2Affine,
}

impl Header {
    pub fn read(sections: &mut Sections<'_>, shape: &Shape) -> Result<Self, ZkeyError> {
        let proof_system = read_u32(&mut sections.section(1, 4)?)?;
        if proof_system != GROTH16 {
            return Err(ZkeyError::ProofSystem { got: proof_system });
        }
        let mut input = sections.section(2, BYTES as u64)?;
        check_modulus(&mut input, "base field", &Fq::MODULUS.to_bytes_le())?;
        check_modulus(&mut input, "scalar field", &Fr::MODULUS.to_bytes_le())?;
        check_count(&mut input, "variables", shape.variables)?;
        check_count(&mut input, "public inputs", shape.public)?;
        check_count(&mut input, "rows in its domain", shape.domain)?;
        let alpha_g1 = point(&mut input, "alpha in G1")?;
        let beta_g1 = point(&mut input, "beta in G1")?;
        let beta_g2 = point(&mut input, "beta in G2")?;
        let gamma_g2 = point(&mut input, "gamma in G2")?;
        let delta_g1 = point(&mut input, "delta in G1")?;
        let delta_g2 = point(&mut input, "delta in G2")?;
        let header = Self { alpha_g1, beta_g1, delta_g1, beta_g2, gamma_g2, delta_g2 };
        header.check()?;
        Ok(header)
    }

    /// Whoever knows what `delta` is to `gamma` can prove anything: the tool starts with both at the
    /// generator, and each contribution moves `delta` by a secret.
    fn check(&self) -> Result<(), ZkeyError> {
        if self.gamma_g2 != G2Affine::generator() {
            return Err(ZkeyError::Gamma);
        }
        if self.delta_g2 == self.gamma_g2 {
            return Err(ZkeyError::NoContribution);
        }
        check_halves("beta", &self.beta_g1, &self.beta_g2)?;
        check_halves("delta", &self.delta_g1, &self.delta_g2)
    }
}

fn check_modulus(input: &mut dyn Read, field: &'static str, expected: &[u8]) -> Result<(), ZkeyError> {
    let length = read_u32(input)?;
    let mut modulus = [0; FIELD_BYTES];
    if length != FIELD_BYTES as u32 {
        return Err(ZkeyError::Modulus { field });
    }
    input.read_exact(&mut modulus)?;
    if modulus != expected { Err(ZkeyError::Modulus { field }) } else { Ok(()) }
}

fn check_count(input: &mut dyn Read, what: &'static str, expected: usize) -> Result<(), ZkeyError> {
    let got = read_u32(input)? as usize;
    if got != expected { Err(ZkeyError::Count { what, expected, got }) } else { Ok(()) }
}

fn point<P: RawPoint>(input: &mut dyn Read, name: &'static str) -> Result<P, ZkeyError> {
    let point: P = read_point(input, Origin::Foreign).map_err(|error| ZkeyError::in_section(2, error))?;
    if point.is_zero() { Err(ZkeyError::Infinity { name }) } else { Ok(point) }
}

/// Both are the same multiple of their group's generator.
fn check_halves(name: &'static str, in_g1: &G1Affine, in_g2: &G2Affine) -> Result<(), ZkeyError> {
    let same = Bn254::pairing(in_g1, G2Affine::generator()) == Bn254::pairing(G1Affine::generator(), in_g2);
    if same { Ok(()) } else { Err(ZkeyError::Halves { name }) }
}
