//! snarkjs reads what we write and writes what we read: counts, witnesses, proofs, keys, and a ceremony from
//! its first power of tau for a circuit small enough for that. The ceremony of the clearing circuit is with
//! the program's tests, for the program verifies its proofs.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

#[path = "../common/mod.rs"]
mod common;
mod driver;
mod small_ceremony;

use ark_bn254::Fr;
use common::{busy_batch, constraints};
use driver::Snarkjs;
use obscura_circuits::circom::json;
use obscura_circuits::circom::r1cs::write_r1cs;
use obscura_circuits::circom::wtns::write_wtns;
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::prove;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::{Constraints, assignment};
use rand::rngs::OsRng;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

const TMP: &str = env!("CARGO_TARGET_TMPDIR");

/// snarkjs in a folder of the test's own.
fn snarkjs(test: &str) -> Option<Snarkjs> {
    Snarkjs::find(test, &Path::new(TMP).join("snarkjs").join(test))
}

fn export_r1cs(constraints: &Constraints, path: PathBuf) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    write_r1cs(constraints, &mut out, &Progress::default()).unwrap();
    out.flush().unwrap();
}

fn export_wtns(values: &[Fr], path: PathBuf) {
    let mut out = Vec::new();
    write_wtns(values, &mut out).unwrap();
    fs::write(path, out).unwrap();
}

#[test]
fn snarkjs_counts_what_we_count() {
    let Some(snarkjs) = snarkjs("snarkjs_counts_what_we_count") else { return };
    export_r1cs(constraints(), snarkjs.path("16.r1cs"));
    let info = snarkjs.must("r1cs info 16.r1cs");
    let circuit = BatchSize::S16.circuit();
    for line in [
        "Curve: bn-128".to_owned(),
        format!("# of Wires: {}", circuit.witnesses + 2),
        format!("# of Constraints: {}", circuit.constraints),
        format!("# of Private Inputs: {}", circuit.witnesses),
        "# of Public Inputs: 1".to_owned(),
        format!("# of Labels: {}", circuit.witnesses + 2),
        "# of Outputs: 0".to_owned(),
    ] {
        assert!(info.contains(&line), "no \"{line}\" in:\n{info}");
    }
}

#[test]
fn snarkjs_accepts_our_witness_and_no_other() {
    let Some(snarkjs) = snarkjs("snarkjs_accepts_our_witness_and_no_other") else { return };
    export_r1cs(constraints(), snarkjs.path("16.r1cs"));
    let mut values = assignment(&busy_batch().witness()).unwrap();
    export_wtns(&values, snarkjs.path("16.wtns"));
    let output = snarkjs.must("wtns check 16.r1cs 16.wtns");
    assert!(output.contains("WITNESS IS CORRECT"), "{output}");

    // The public input, and a private value in the middle.
    for flipped in [1, values.len() / 2] {
        let honest = values[flipped];
        values[flipped] = Fr::from(1u64) - honest;
        export_wtns(&values, snarkjs.path("flipped.wtns"));
        values[flipped] = honest;
        let run = snarkjs.run("wtns check 16.r1cs flipped.wtns");
        assert!(!run.succeeded && run.output.contains("WITNESS IS NOT CORRECT"), "{}", run.output);
    }
}

#[test]
fn snarkjs_verifies_our_proof_and_no_other() {
    let Some(snarkjs) = snarkjs("snarkjs_verifies_our_proof_and_no_other") else { return };
    let keys = Path::new(TMP).join("devkeys");
    let keys = ClearingKeys::dev(BatchSize::S16, &keys, &Progress::default()).unwrap();
    let clearance = busy_batch().clear();
    let proof = prove(&keys, &clearance, &mut OsRng, &Progress::default()).unwrap();
    let text = json::verification_key(keys.verifying_key()).unwrap();
    fs::write(snarkjs.path("verification_key.json"), text).unwrap();
    fs::write(snarkjs.path("proof.json"), json::proof(&proof).unwrap()).unwrap();
    fs::write(snarkjs.path("public.json"), json::public(&clearance.statement_hash).unwrap()).unwrap();
    let output = snarkjs.must("groth16 verify verification_key.json public.json proof.json");
    assert!(output.contains("OK!"), "{output}");

    let mut another = clearance.statement_hash;
    another[31] ^= 1;
    fs::write(snarkjs.path("another.json"), json::public(&another).unwrap()).unwrap();
    let run = snarkjs.run("groth16 verify verification_key.json another.json proof.json");
    assert!(!run.succeeded && run.output.contains("Invalid proof"), "{}", run.output);
}
