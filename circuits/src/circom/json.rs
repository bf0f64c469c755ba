//! Verifying keys, proofs and public inputs in snarkjs' JSON.
//!
//! Coordinates are decimal text; a point of G1 is `[x, y, "1"]`, one of G2 `[[x.c0, x.c1], [y.c0, y.c1],
//! ["1", "0"]]`: real part first, where the chain has it last. A proof's `pi_a` is as Groth16 has it; a
//! [`ProofBytes`] holds its negative, for the chain.
//!
//! The pairing of alpha and beta (`vk_alphabeta_12`), which snarkjs adds to a key and does not read, is
//! neither written nor read. Decoding is strict: every point is affine, on its curve and in its subgroup.

use super::decimal;
use crate::encoding::{G1Bytes, G2Bytes, PointError, g1_bytes, g1_point, g2_bytes, g2_point};
use crate::field::{self, NotCanonical};
use crate::keys::VerifyingKeyBytes;
use crate::proof::ProofBytes;
use ark_bn254::{Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use obscura_auction::field::FieldBytes;
use serde::{Deserialize, Serialize};

const PROTOCOL: &str = "groth16";
const CURVE: &str = "bn128";
const PUBLIC_INPUTS: usize = 1;

/// Why a JSON document is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    #[error("not a document of this kind: {0}")]
    Syntax(#[from] serde_json::Error),
    #[error("`{field}` is \"{got}\", expected \"{expected}\"")]
    Other { field: &'static str, expected: &'static str, got: String },
    #[error("it has {got} public inputs, expected {PUBLIC_INPUTS}")]
    PublicInputs { got: usize },
    #[error("`{field}`: {error}")]
    Point { field: &'static str, error: PointError },
    #[error("`{field}` is not an affine point: its last coordinate must be one")]
    NotAffine { field: &'static str },
    #[error("the public input is not the decimal form of a field element")]
    PublicInput,
}

type G1Text = [String; 3];
type G2Text = [[String; 2]; 3];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyText {
    protocol: String,
    curve: String,
    #[serde(rename = "nPublic")]
    public: usize,
    vk_alpha_1: G1Text,
    vk_beta_2: G2Text,
    vk_gamma_2: G2Text,
    vk_delta_2: G2Text,
    #[serde(default, skip_serializing)]
    #[serde(rename = "vk_alphabeta_12")]
    _alphabeta: serde::de::IgnoredAny,
    #[serde(rename = "IC")]
    ic: Vec<G1Text>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofText {
    pi_a: G1Text,
    pi_b: G2Text,
    pi_c: G1Text,
    protocol: String,
    curve: String,
}

/// `verification_key.json`. Fails where a point of the key is none.
pub fn verification_key(key: &VerifyingKeyBytes) -> Result<String, PointError> {
    let VerifyingKeyBytes { alpha_g1, beta_g2, gamma_g2, delta_g2, ic } = key;
    let document = KeyText {
        protocol: PROTOCOL.to_owned(),
        curve: CURVE.to_owned(),
        public: PUBLIC_INPUTS,
        vk_alpha_1: g1_text(&g1_point(alpha_g1)?),
        vk_beta_2: g2_text(&g2_point(beta_g2)?),
        vk_gamma_2: g2_text(&g2_point(gamma_g2)?),
        vk_delta_2: g2_text(&g2_point(delta_g2)?),
        _alphabeta: serde::de::IgnoredAny,
        ic: ic.iter().map(|point| Ok(g1_text(&g1_point(point)?))).collect::<Result<_, PointError>>()?,
    };
    Ok(pretty(&document))
}

/// Reads a `verification_key.json` of a circuit with one public input.
pub fn read_verification_key(document: &str) -> Result<VerifyingKeyBytes, JsonError> {
    let key: KeyText = serde_json::from_str(document)?;
    let KeyText { protocol, curve, public, vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, _alphabeta, ic } =
        key;
    check_system(protocol, curve)?;
    let [one, hash] = ic.as_slice() else {
        return Err(JsonError::PublicInputs { got: ic.len().saturating_sub(1) });
    };
    if public != PUBLIC_INPUTS {
        return Err(JsonError::PublicInputs { got: public });
    }
    Ok(VerifyingKeyBytes {
        alpha_g1: g1_read("vk_alpha_1", &vk_alpha_1)?,
        beta_g2: g2_read("vk_beta_2", &vk_beta_2)?,
        gamma_g2: g2_read("vk_gamma_2", &vk_gamma_2)?,
        delta_g2: g2_read("vk_delta_2", &vk_delta_2)?,
        ic: [g1_read("IC", one)?, g1_read("IC", hash)?],
    })
}

/// `proof.json`. Fails where a point of the proof is none.
pub fn proof(proof: &ProofBytes) -> Result<String, PointError> {
    let ProofBytes { a, b, c } = proof;
    Ok(pretty(&ProofText {
        pi_a: g1_text(&-g1_point(a)?),
        pi_b: g2_text(&g2_point(b)?),
        pi_c: g1_text(&g1_point(c)?),
        protocol: PROTOCOL.to_owned(),
        curve: CURVE.to_owned(),
    }))
}

/// Reads a `proof.json` into the form that the chain takes.
pub fn read_proof(document: &str) -> Result<ProofBytes, JsonError> {
    let ProofText { pi_a, pi_b, pi_c, protocol, curve } = serde_json::from_str(document)?;
    check_system(protocol, curve)?;
    let a = g1_parsed("pi_a", &pi_a)?;
    Ok(ProofBytes { a: g1_bytes(&-a), b: g2_read("pi_b", &pi_b)?, c: g1_read("pi_c", &pi_c)? })
}

/// `public.json`: the statement hash, in a list of its own.
pub fn public(statement_hash: &FieldBytes) -> Result<String, NotCanonical> {
    Ok(pretty(&[decimal::text(&field::element(statement_hash)?)]))
}

/// Reads a `public.json` with one public input.
pub fn read_public(document: &str) -> Result<FieldBytes, JsonError> {
    let inputs: Vec<String> = serde_json::from_str(document)?;
    let [input] = inputs.as_slice() else {
        return Err(JsonError::PublicInputs { got: inputs.len() });
    };
    decimal::parse::<Fr>(input).map(field::bytes).ok_or(JsonError::PublicInput)
}

fn pretty(document: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(document).expect("text and lists have a JSON form");
    text + "\n"
}

fn check_system(protocol: String, curve: String) -> Result<(), JsonError> {
    for (field, expected, got) in [("protocol", PROTOCOL, protocol), ("curve", CURVE, curve)] {
        if got != expected {
            return Err(JsonError::Other { field, expected, got });
        }
    }
    Ok(())
}

/// The point at infinity is `["0", "1", "0"]` there.
fn g1_text(point: &G1Affine) -> G1Text {
    let (x, y) = point.xy().unwrap_or((Fq::from(0u64), Fq::from(1u64)));
    let last = if point.is_zero() { "0" } else { "1" };
    [decimal::text(&x), decimal::text(&y), last.to_owned()]
}

fn g2_text(point: &G2Affine) -> G2Text {
    let number = |number: u64| Fq2::new(Fq::from(number), Fq::from(0u64));
    let (x, y) = point.xy().unwrap_or((number(0), number(1)));
    let last = number(u64::from(!point.is_zero()));
    [x, y, last].map(|coordinate| [decimal::text(&coordinate.c0), decimal::text(&coordinate.c1)])
}

fn g1_read(field: &'static str, text: &G1Text) -> Result<G1Bytes, JsonError> {
    g1_parsed(field, text).map(|point| g1_bytes(&point))
}

fn g2_read(field: &'static str, text: &G2Text) -> Result<G2Bytes, JsonError> {
    let [x, y, last] = text;
    if last != &["1", "0"] {
        return Err(JsonError::NotAffine { field });
    }
    let coordinate = |text: &[String; 2]| {
        let [c0, c1] = text;
        Some(Fq2::new(decimal::parse(c0)?, decimal::parse(c1)?))
    };
    let wrong = |error| JsonError::Point { field, error };
    let (x, y) = coordinate(x).zip(coordinate(y)).ok_or(wrong(PointError::Coordinate))?;
    let bytes = g2_bytes(&G2Affine::new_unchecked(x, y));
    let point = g2_point(&bytes).map_err(wrong)?;
    // The chain's bytes for infinity are no affine point.
    if point.is_zero() { Err(wrong(PointError::OffCurve)) } else { Ok(bytes) }
}

fn g1_parsed(field: &'static str, text: &G1Text) -> Result<G1Affine, JsonError> {
    let [x, y, last] = text;
    if last != "1" {
        return Err(JsonError::NotAffine { field });
    }
    let wrong = |error| JsonError::Point { field, error };
    let (x, y) = decimal::parse(x).zip(decimal::parse(y)).ok_or(wrong(PointError::Coordinate))?;
    let point = g1_point(&g1_bytes(&G1Affine::new_unchecked(x, y))).map_err(wrong)?;
    if point.is_zero() { Err(wrong(PointError::OffCurve)) } else { Ok(point) }
}
