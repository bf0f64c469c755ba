//! A whole ceremony of snarkjs' own, for a circuit of three constraints: phase 1 from its first power, two
//! contributors, a beacon; and our prover with the key that comes of it.

use super::{export_r1cs, export_wtns, snarkjs};
use crate::common::tiny::{tiny_constraints, tiny_evaluation};
use ark_bn254::{Bn254, Fr};
use ark_groth16::{Groth16, Proof, prepare_verifying_key};
use obscura_circuits::circom::json;
use obscura_circuits::circom::zkey::{Contribution, Kind, Zkey, ZkeyError};
use obscura_circuits::encoding::{g1_bytes, g1_point, g2_bytes, g2_point};
use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::ProofBytes;
use obscura_circuits::prover::groth16;
use obscura_circuits::reduction::CircomReduction;
use std::fs::{self, File};
use std::path::PathBuf;

const BEACON: &str = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

fn read(path: PathBuf) -> Result<Zkey, ZkeyError> {
    Zkey::read(File::open(path).unwrap(), &tiny_constraints(), &Progress::default())
}

#[test]
fn a_key_of_a_whole_ceremony_proves_for_both_sides() {
    let Some(snarkjs) = snarkjs("a_key_of_a_whole_ceremony_proves_for_both_sides") else { return };
    export_r1cs(&tiny_constraints(), snarkjs.path("tiny.r1cs"));
    // Three constraints and two rows for the public variables: eight rows, exactly as many as this phase 1
    // allows, so that its largest domain lacks the highest power.
    snarkjs.must("powersoftau new bn128 3 0.ptau");
    snarkjs.must("powersoftau contribute 0.ptau 1.ptau --name=first -e=one");
    snarkjs.must("powersoftau prepare phase2 1.ptau ready.ptau");
    snarkjs.must("groth16 setup tiny.r1cs ready.ptau 0.zkey");
    assert!(matches!(read(snarkjs.path("0.zkey")), Err(ZkeyError::NoContribution)));
    snarkjs.must("zkey contribute 0.zkey 1.zkey --name=Åsa -e=two");
    snarkjs.must("zkey contribute 1.zkey 2.zkey -e=three");
    snarkjs.must(&format!("zkey beacon 2.zkey final.zkey {BEACON} 10 --name=beacon"));
    let verified = snarkjs.must("zkey verify tiny.r1cs ready.ptau final.zkey");
    assert!(verified.contains("ZKey Ok!"), "{verified}");

    let zkey = read(snarkjs.path("final.zkey")).unwrap();
    assert_eq!(zkey.contributions, expected_contributions());

    snarkjs.must("zkey export verificationkey final.zkey vk.json");
    let exported = fs::read_to_string(snarkjs.path("vk.json")).unwrap();
    let key = VerifyingKeyBytes::of(&zkey.proving_key.vk).unwrap();
    assert_eq!(json::read_verification_key(&exported).unwrap(), key);
    let mut exported: serde_json::Value = serde_json::from_str(&exported).unwrap();
    exported.as_object_mut().unwrap().remove("vk_alphabeta_12");
    let ours: serde_json::Value = serde_json::from_str(&json::verification_key(&key).unwrap()).unwrap();
    assert_eq!(ours, exported);

    // Its proof, for us.
    export_wtns(&tiny_evaluation().assignment(), snarkjs.path("tiny.wtns"));
    snarkjs.must("groth16 prove final.zkey tiny.wtns proof.json public.json");
    let theirs = json::read_proof(&fs::read_to_string(snarkjs.path("proof.json")).unwrap()).unwrap();
    let public = json::read_public(&fs::read_to_string(snarkjs.path("public.json")).unwrap()).unwrap();
    assert_eq!(public[31], 35);
    let prepared = prepare_verifying_key(&zkey.proving_key.vk);
    let holds = |public: u64| {
        let public = [Fr::from(public)];
        Groth16::<Bn254, CircomReduction>::verify_proof(&prepared, &decoded(&theirs), &public).unwrap()
    };
    assert!(holds(35) && !holds(34));

    // Ours, for it.
    let blinding = [Fr::from(5u64), Fr::from(6u64)];
    let proof = groth16(&zkey.proving_key, tiny_evaluation(), blinding, &Progress::default()).unwrap();
    let ours = ProofBytes { a: g1_bytes(&-proof.a), b: g2_bytes(&proof.b), c: g1_bytes(&proof.c) };
    fs::write(snarkjs.path("ours.json"), json::proof(&ours).unwrap()).unwrap();
    snarkjs.must("groth16 verify vk.json public.json ours.json");
}

fn decoded(proof: &ProofBytes) -> Proof<Bn254> {
    let ProofBytes { a, b, c } = proof;
    Proof { a: -g1_point(a).unwrap(), b: g2_point(b).unwrap(), c: g1_point(c).unwrap() }
}

fn expected_contributions() -> Vec<Contribution> {
    let value = hex::decode(BEACON).unwrap();
    vec![
        Contribution { name: Some("Åsa".to_owned()), kind: Kind::Secret },
        Contribution { name: None, kind: Kind::Secret },
        Contribution { name: Some("beacon".to_owned()), kind: Kind::Beacon { value, iterations_exp: 10 } },
    ]
}
