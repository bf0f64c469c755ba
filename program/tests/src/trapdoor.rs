//! A Groth16 key whose trapdoor is known, so that tests can prove any statement at once. It shows that the
//! program checks exactly the statement it should; that a proof needs a valid clearing is the circuit's
//! business, and tested with real proofs elsewhere.

use ark_bn254::{Fq, Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{CurveGroup, PrimeGroup};
use ark_ff::{BigInteger, Field, PrimeField};

use crate::types::{KeyPoints, Proof};

/// Toxic waste, fixed.
const ALPHA: u64 = 1_234_567;
const BETA: u64 = 2_345_671;
const GAMMA: u64 = 3_456_712;
const DELTA: u64 = 4_567_123;
const IC: [u64; 2] = [5_671_234, 6_712_345];

pub struct TrapdoorKey;

impl TrapdoorKey {
    pub fn points() -> KeyPoints {
        KeyPoints {
            alpha_g1: g1(Fr::from(ALPHA)),
            beta_g2: g2(Fr::from(BETA)),
            gamma_g2: g2(Fr::from(GAMMA)),
            delta_g2: g2(Fr::from(DELTA)),
            ic: IC.map(|scalar| g1(Fr::from(scalar))),
        }
    }

    /// A proof of any statement: `a*b = alpha*beta + (ic0 + statement*ic1)*gamma + c*delta`, solved for `c`.
    pub fn prove(statement: &[u8; 32]) -> Proof {
        let statement = Fr::from_be_bytes_mod_order(statement);
        let (a, b) = (Fr::from(11), Fr::from(13));
        let inputs = Fr::from(IC[0]) + statement * Fr::from(IC[1]);
        let product = a * b - Fr::from(ALPHA) * Fr::from(BETA) - inputs * Fr::from(GAMMA);
        let c = product * Fr::from(DELTA).inverse().expect("delta is not zero");
        Proof { a: g1(-a), b: g2(b), c: g1(c) }
    }
}

fn g1(scalar: Fr) -> [u8; 64] {
    let point: G1Affine = (G1Projective::generator() * scalar).into_affine();
    concat([point.x, point.y])
}

fn g2(scalar: Fr) -> [u8; 128] {
    let point: G2Affine = (G2Projective::generator() * scalar).into_affine();
    concat([point.x.c1, point.x.c0, point.y.c1, point.y.c0])
}

fn concat<const PARTS: usize, const BYTES: usize>(parts: [Fq; PARTS]) -> [u8; BYTES] {
    let bytes: Vec<u8> = parts.iter().flat_map(|part| part.into_bigint().to_bytes_be()).collect();
    bytes.try_into().expect("32 bytes for each coordinate")
}
