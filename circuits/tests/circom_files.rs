//! The files that we write are, byte by byte, what their formats say; the JSON that we read is read strictly.
//! That circom's own tool agrees is tested where it is installed, in `snarkjs/`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use common::busy_batch;
use common::tiny::{tiny_constraints, tiny_evaluation};
use obscura_circuits::circom::json::{self, JsonError};
use obscura_circuits::circom::r1cs::write_r1cs;
use obscura_circuits::circom::wtns::write_wtns;
use obscura_circuits::encoding::PointError;
use obscura_circuits::keys::{ClearingKeys, VerifyingKeyBytes};
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::{ProofBytes, prove, verify};
use obscura_circuits::size::BatchSize;
use rand::rngs::OsRng;
use serde_json::{Value, json};
use std::path::Path;

/// The scalar field's modulus, little-endian.
const MODULUS: &str = "010000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430";

/// Little-endian hex of a number as wide as its format has it.
fn field(number: u64) -> String {
    format!("{}{}", hex::encode(number.to_le_bytes()), "00".repeat(24))
}

fn u32s(numbers: &[u32]) -> String {
    numbers.iter().map(|number| hex::encode(number.to_le_bytes())).collect()
}

fn u64s(numbers: &[u64]) -> String {
    numbers.iter().map(|number| hex::encode(number.to_le_bytes())).collect()
}

#[test]
fn constraints_are_written_as_the_format_says() {
    let mut file = Vec::new();
    write_r1cs(&tiny_constraints(), &mut file, &Progress::default()).unwrap();
    let combination = |terms: &[(u32, u64)]| {
        let terms: String = terms.iter().map(|(wire, value)| u32s(&[*wire]) + &field(*value)).collect();
        u32s(&[terms.len() as u32 / 72]) + &terms
    };
    let expected = [
        hex::encode("r1cs") + &u32s(&[1, 3]),
        u32s(&[1]) + &u64s(&[64]) + &u32s(&[32]) + MODULUS + &u32s(&[5, 0, 1, 3]) + &u64s(&[5]) + &u32s(&[3]),
        u32s(&[2]) + &u64s(&[9 * 4 + 11 * 36]),
        combination(&[(2, 1)]) + &combination(&[(2, 1)]) + &combination(&[(3, 1)]),
        combination(&[(3, 1)]) + &combination(&[(2, 1)]) + &combination(&[(4, 1)]),
        combination(&[(0, 5), (2, 1), (4, 1)]) + &combination(&[(0, 1)]) + &combination(&[(1, 1)]),
        u32s(&[3]) + &u64s(&[40]) + &u64s(&[0, 1, 2, 3, 4]),
    ];
    assert_eq!(hex::encode(file), expected.concat());
}

#[test]
fn a_cancelled_export_stops() {
    let progress = Progress::default();
    progress.cancel();
    let error = write_r1cs(&tiny_constraints(), &mut Vec::new(), &progress).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::Interrupted);
}

#[test]
fn a_witness_is_written_as_the_format_says() {
    let mut file = Vec::new();
    write_wtns(&tiny_evaluation().assignment(), &mut file).unwrap();
    let values: String = [1, 35, 3, 9, 27].into_iter().map(field).collect();
    let expected = [
        hex::encode("wtns") + &u32s(&[2, 2]),
        u32s(&[1]) + &u64s(&[40]) + &u32s(&[32]) + MODULUS + &u32s(&[5]),
        u32s(&[2]) + &u64s(&[160]) + &values,
    ];
    assert_eq!(hex::encode(file), expected.concat());
}

fn keys() -> ClearingKeys {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("devkeys");
    ClearingKeys::dev(BatchSize::S16, &dir, &Progress::default()).unwrap()
}

#[test]
fn a_proof_survives_the_way_through_json() {
    let (keys, clearance) = (keys(), busy_batch().clear());
    let proof = prove(&keys, &clearance, &mut OsRng, &Progress::default()).unwrap();
    let text = json::proof(&proof).unwrap();
    assert_eq!(json::read_proof(&text).unwrap(), proof);
    let hash = json::read_public(&json::public(&clearance.statement_hash).unwrap()).unwrap();
    let key = json::read_verification_key(&json::verification_key(keys.verifying_key()).unwrap()).unwrap();
    assert_eq!(key, *keys.verifying_key());
    assert_eq!(verify(&key, &json::read_proof(&text).unwrap(), &hash), Ok(()));
}

/// A proof whose points are the generators, for the sake of short numbers.
fn generators() -> ProofBytes {
    let (mut a, mut c) = ([0; 64], [0; 64]);
    (a[31], a[63], c[31], c[63]) = (1, 2, 1, 2);
    let key = VerifyingKeyBytes::development(BatchSize::S16);
    ProofBytes { a, b: key.beta_g2, c }
}

#[test]
fn a_proofs_first_point_is_negated_on_the_way() {
    let text: Value = serde_json::from_str(&json::proof(&generators()).unwrap()).unwrap();
    let minus_two = "21888242871839275222246405745257275088696311157297823662689037894645226208581";
    assert_eq!(text["pi_a"], json!(["1", minus_two, "1"]));
    assert_eq!(text["pi_c"], json!(["1", "2", "1"]));
    assert_eq!(text["pi_b"][2], json!(["1", "0"]));
    assert_eq!((&text["protocol"], &text["curve"]), (&json!("groth16"), &json!("bn128")));
}

#[test]
fn a_proof_that_is_none_is_refused_for_what_it_lacks() {
    let good: Value = serde_json::from_str(&json::proof(&generators()).unwrap()).unwrap();
    let refused = |field: &str, value: Value| {
        let mut text = good.clone();
        text[field] = value;
        json::read_proof(&text.to_string()).unwrap_err()
    };
    let modulus = "21888242871839275222246405745257275088696311157297823662689037894645226208583";
    let other = |error| matches!(error, JsonError::Other { .. });
    assert!(other(refused("protocol", json!("plonk"))) && other(refused("curve", json!("bls12381"))));
    assert!(matches!(refused("pi_a", json!(["0", "1", "0"])), JsonError::NotAffine { field: "pi_a" }));
    assert!(matches!(refused("extra", json!(1)), JsonError::Syntax(_)));
    assert!(matches!(refused("pi_a", json!(["1", "2"])), JsonError::Syntax(_)));
    let point = |field: &str, value: Value, expected: PointError| {
        let error = refused(field, value);
        assert!(matches!(error, JsonError::Point { error, .. } if error == expected), "{error}");
    };
    point("pi_c", json!(["1", "3", "1"]), PointError::OffCurve);
    point("pi_c", json!(["0", "0", "1"]), PointError::OffCurve);
    point("pi_c", json!([modulus, "2", "1"]), PointError::Coordinate);
    point("pi_c", json!(["01", "2", "1"]), PointError::Coordinate);
    point("pi_b", json!([["0", "0"], ["0", "0"], ["1", "0"]]), PointError::OffCurve);
    point("pi_b", json!([["1", "0"], ["2", "0"], ["1", "0"]]), PointError::OffCurve);
}

#[test]
fn public_inputs_are_one_number_below_the_modulus() {
    let modulus = "21888242871839275222246405745257275088548364400416034343698204186575808495617";
    let refused = |text: Value| json::read_public(&text.to_string()).unwrap_err();
    assert!(matches!(refused(json!([])), JsonError::PublicInputs { got: 0 }));
    assert!(matches!(refused(json!(["1", "2"])), JsonError::PublicInputs { got: 2 }));
    assert!(matches!(refused(json!([modulus])), JsonError::PublicInput));
    assert!(matches!(refused(json!([1])), JsonError::Syntax(_)));
    assert!(json::public(&[0xff; 32]).is_err());
}

#[test]
fn a_verifying_key_of_another_number_of_inputs_is_refused() {
    let key = VerifyingKeyBytes::development(BatchSize::S16);
    let good: Value = serde_json::from_str(&json::verification_key(&key).unwrap()).unwrap();
    let mut with_pairing = good.clone();
    with_pairing["vk_alphabeta_12"] = json!([[["1", "2"]]]);
    assert_eq!(json::read_verification_key(&with_pairing.to_string()).unwrap(), key);

    let mut two_inputs = good.clone();
    two_inputs["nPublic"] = json!(2);
    let mut long = good.clone();
    let last = good["IC"][1].clone();
    long["IC"].as_array_mut().unwrap().push(last);
    for text in [two_inputs, long] {
        let error = json::read_verification_key(&text.to_string()).unwrap_err();
        assert!(matches!(error, JsonError::PublicInputs { got: 2 }), "{error}");
    }
}
