//! The built `obscura` binary: what it prints, and how it refuses.

#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

use serde_json::Value;

const OWNER: &str = "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin";
const SECRET: &str = "00000000000000000000000000000000000000000000000000000000000000ff";

fn obscura(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_obscura")).args(arguments).output().unwrap()
}

fn bid<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let plain =
        ["seal", "--gpu-type", "H100 80GB", "--side", "bid", "--price-micro", "1860000", "--qty", "4"];
    [&plain[..], &["--owner", OWNER], more].concat()
}

fn json(arguments: &[&str]) -> Value {
    let output = obscura(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refusal(arguments: &[&str]) -> String {
    let output = obscura(arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "nothing is sealed where something is wrong");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_bid_comes_with_both_bodies_ready_to_send() {
    let sealed = json(&bid(&["--secret", SECRET, "--json"]));
    assert_eq!(sealed["secret"], SECRET);
    assert_eq!(sealed["commitBody"]["gpuType"], "H100 80GB");
    assert_eq!(sealed["commitBody"]["commitHash"], sealed["commitHash"]);
    let commit = serde_json::json!({
        "gpuType": "H100 80GB", "commitHash": sealed["commitHash"], "orderId": sealed["orderId"]
    });
    assert_eq!(sealed["commitBody"], commit);
    let reveal = serde_json::json!({
        "orderId": sealed["orderId"], "priceMicro": 1_860_000, "qty": 4, "secret": SECRET
    });
    assert_eq!(sealed["revealBody"], reveal);
}

#[test]
fn the_long_form_seals_the_same() {
    let arguments = bid(&["--secret", SECRET, "--json"]);
    let long = [&["order"], &arguments[..]].concat();
    assert_eq!(json(&long), json(&arguments));
}

#[test]
fn a_fresh_secret_is_drawn_for_every_order() {
    let (first, second) = (json(&bid(&["--json"])), json(&bid(&["--json"])));
    assert_ne!(first["secret"], second["secret"]);
    assert_ne!(first["commitHash"], second["commitHash"]);
}

#[test]
fn another_owner_means_another_hash() {
    let mine = json(&bid(&["--secret", SECRET, "--json"]));
    let mut arguments = bid(&["--secret", SECRET, "--json"]);
    let place = arguments.iter().position(|argument| *argument == OWNER).unwrap();
    arguments[place] = "So11111111111111111111111111111111111111112";
    assert_ne!(json(&arguments)["commitHash"], mine["commitHash"]);
}

#[test]
fn an_ask_says_so_in_its_commit_body() {
    let ask = json(&[
        "seal",
        "--gpu-type",
        "H100 80GB",
        "--side",
        "ask",
        "--price-micro",
        "1500000",
        "--qty",
        "8",
        "--owner",
        OWNER,
        "--json",
    ]);
    assert_eq!(ask["commitBody"]["side"], "ask");
    assert!(ask["revealBody"].get("minQty").is_none());
}

#[test]
fn terms_that_differ_from_the_defaults_are_in_the_reveal_body() {
    let sealed = json(&bid(&["--min-qty", "2", "--duration-seconds", "7200", "--json"]));
    assert_eq!(sealed["revealBody"]["minQty"], 2);
    assert_eq!(sealed["revealBody"]["durationSeconds"], 7200);
}

#[test]
fn people_get_the_two_commands_to_run_next() {
    let output = obscura(&bid(&["--secret", SECRET]));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("/v1/orders/commit") && text.contains("/v1/orders/reveal"), "{text}");
    assert!(text.contains(r#"-d '{"gpuType":"H100 80GB","commitHash":""#), "{text}");
}

#[test]
fn a_number_out_of_range_is_refused_with_the_range() {
    let mut arguments = bid(&[]);
    let place = arguments.iter().position(|argument| *argument == "4").unwrap();
    arguments[place] = "5000";
    assert!(refusal(&arguments).contains("qty must be between 1 and 4096, got 5000"));
}

#[test]
fn a_min_qty_above_qty_is_refused() {
    assert!(refusal(&bid(&["--min-qty", "5"])).contains("minQty 5 is above qty 4"));
}

#[test]
fn a_malformed_secret_is_refused_and_not_repeated() {
    let message = refusal(&bid(&["--secret", "c0ffee"]));
    assert!(message.contains("64 hex digits, got 6"), "{message}");
    assert!(!message.contains("c0ffee"), "{message}");
}

#[test]
fn a_malformed_owner_is_refused() {
    let mut arguments = bid(&[]);
    let place = arguments.iter().position(|argument| *argument == OWNER).unwrap();
    arguments[place] = "not-a-key";
    assert!(refusal(&arguments).contains("base58"));
}

#[test]
fn help_shows_examples() {
    let help = obscura(&["seal", "--help"]);
    assert!(String::from_utf8(help.stdout).unwrap().contains("Examples:"));
}
