//! The built `obscura verify`, on receipts that a pool gave: what holds, and what does not.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn example(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/receipts").join(name)
}

fn receipt(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(example(name)).unwrap()).unwrap()
}

/// Gives `text` to `obscura verify - ARGUMENTS`.
fn verify(text: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obscura"));
    command.args(["verify", "-"]).args(arguments);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    ended(child.wait_with_output().unwrap())
}

fn ended(Output { status, stdout, stderr }: Output) -> (i32, String, String) {
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_filled_orders_receipt_says_in_one_sentence_what_was_proven() {
    for command in [&["verify"][..], &["receipt", "verify"]] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_obscura"));
        let (code, stdout, stderr) = ended(run.args(command).arg(example("filled.json")).output().unwrap());
        assert_eq!((code, stderr.as_str()), (0, ""));
        assert!(stdout.starts_with("valid: Proven under the key "), "{stdout}");
        assert!(stdout.contains("batch 0 of \"H100 80GB\" cleared its 4 orders by the rules"), "{stdout}");
        assert!(stdout.contains("traded 4 GPUs in 2 leases for 6.400000 USDC"), "{stdout}");
        assert!(stdout.contains("anybody can forge proofs"), "{stdout}");
        assert_eq!(stdout.lines().count(), 1);
    }
}

#[test]
fn an_unfilled_orders_receipt_says_that_it_got_nothing() {
    let (code, stdout, _) = verify(&receipt("unfilled.json").to_string(), &["--json"]);
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &answer["valid"], &answer["outcome"]), (0, &json!(true), &json!("unfilled")));
    assert_eq!((&answer["leases"], &answer["gpus"]), (&json!(0), &json!(0)));
    assert_eq!((&answer["side"], &answer["developmentKey"]), (&json!("bid"), &json!(true)));
}

#[test]
fn a_tampered_receipt_is_refused_by_the_name_of_what_is_wrong() {
    let cases = [
        ("/version", json!(2), "version"),
        ("/gpuType", json!("A100 80GB"), "market"),
        ("/commitHash", json!("00".repeat(32)), "commitHash"),
        ("/outcome", json!("unfilled"), "outcome"),
        ("/leases/0/opening/amountMicro", json!(1), "leases[0].opening.amountMicro"),
        ("/leases/0/opening/feeMicro", json!(1), "leases[0].opening.feeMicro"),
        ("/leases/0/opening/qty", json!(2), "leases[0].opening"),
        ("/leases/1/termsHash", json!("01".repeat(32)), "leases[1].path"),
        ("/leases/1/row", json!(2), "leases[1]"),
        ("/statement/priceMicro", json!(1_600_001), "statement.hash"),
        ("/statement/size", json!(17), "statement.size"),
        ("/orders/3/lock", json!(1), "orders"),
        ("/orders/0/side", json!("ask"), "orders"),
        ("/verifyingKey/fingerprint", json!("02".repeat(32)), "verifyingKey.fingerprint"),
    ];
    for (pointer, wrong, named) in cases {
        let mut forged = receipt("filled.json");
        *forged.pointer_mut(pointer).unwrap() = wrong;
        let (code, stdout, stderr) = verify(&forged.to_string(), &[]);
        assert_eq!((code, stderr.as_str()), (1, ""), "{pointer}");
        assert!(stdout.starts_with(&format!("invalid: {named}")), "{pointer}: {stdout}");
        let (code, stdout, _) = verify(&forged.to_string(), &["--json"]);
        let answer: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!((code, &answer["valid"]), (1, &json!(false)));
        assert!(answer["message"].as_str().unwrap().starts_with(named), "{pointer}: {answer}");
    }
}

#[test]
fn a_lease_that_was_left_out_is_missed_where_the_order_has_no_other() {
    let mut forged = receipt("filled.json");
    forged["leases"] = json!([]);
    let (code, stdout, _) = verify(&forged.to_string(), &[]);
    assert_eq!(code, 1);
    assert!(stdout.starts_with("invalid: leases: a filled order has at least one"), "{stdout}");
}

#[test]
fn only_the_trusted_key_is_taken() {
    let honest = receipt("filled.json");
    let fingerprint = honest["verifyingKey"]["fingerprint"].as_str().unwrap();
    assert_eq!(verify(&honest.to_string(), &["--key", fingerprint]).0, 0);
    let (code, stdout, _) = verify(&honest.to_string(), &["--key", &"ab".repeat(32)]);
    assert_eq!(code, 1);
    assert!(stdout.starts_with("invalid: verifyingKey: it is proven under the key"), "{stdout}");
    let (code, stdout, stderr) = verify(&honest.to_string(), &["--key", "abc"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("--key: a fingerprint is 64 hex digits"), "{stderr}");
}

#[test]
fn a_text_that_is_no_receipt_is_refused_with_line_and_field() {
    let mut without = receipt("filled.json");
    without["statement"].as_object_mut().unwrap().remove("leasesRoot");
    let mut more = receipt("filled.json");
    more["leases"][1]["note"] = json!("paid");
    let mut wrong = receipt("filled.json");
    wrong["proof"]["a"] = json!("00");
    let cases = [
        (without.to_string(), "line 1", "statement: missing field `leasesRoot`"),
        (more.to_string(), "line 1", "leases[1].note: unknown field `note`"),
        (wrong.to_string(), "line 1", "proof.a: expected 128 lower-case hex digits"),
        ("{\n\"version\": -1}".to_owned(), "line 2", "version: invalid value"),
        (String::new(), "line 1", "EOF"),
        (format!("{} {{}}", receipt("filled.json")), "line 1", "trailing characters"),
    ];
    for (text, line, reason) in cases {
        let (code, stdout, stderr) = verify(&text, &[]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{reason}");
        assert!(stderr.contains(line) && stderr.contains(reason), "{stderr}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let mut run = Command::new(env!("CARGO_BIN_EXE_obscura"));
    let (code, stdout, stderr) = ended(run.args(["verify", "absent.json"]).output().unwrap());
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("cannot read absent.json"), "{stderr}");
}
