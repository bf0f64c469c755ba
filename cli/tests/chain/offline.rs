//! What needs no node: help, arguments that cannot be meant, a node that is away.

use std::process::{Command, Output};

fn obscura(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_obscura"))
        .args(arguments)
        .env_remove("OBSCURA_RPC_URL")
        .env_remove("OBSCURA_KEYPAIR")
        .output()
        .unwrap()
}

fn shown(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), output.stderr.as_slice()].concat()).unwrap()
}

/// Every command on the chain, in as many words as it takes.
const COMMANDS: [&str; 50] = [
    "account open",
    "account show",
    "account deposit",
    "account withdraw",
    "deposit",
    "withdraw",
    "delegate set",
    "delegate revoke",
    "delegate show",
    "stake deposit",
    "stake unstake",
    "stake withdraw",
    "stake show",
    "provider register",
    "provider update",
    "provider show",
    "lease list",
    "lease show",
    "lease accept",
    "lease release",
    "lease claim",
    "lease cancel",
    "lease show-terms",
    "lease challenge",
    "lease answer",
    "lease fail",
    "lease expire",
    "lease free-surplus",
    "lease open",
    "market list",
    "market show",
    "market create",
    "market schedule",
    "market pause",
    "market resume",
    "market disable-key",
    "market authority show",
    "market authority propose",
    "market authority accept",
    "batch show",
    "batch discharge",
    "batch complete-settlement",
    "matcher bond",
    "matcher unbond",
    "matcher retire",
    "matcher slash",
    "order commit",
    "order reveal",
    "order refund",
    "treasury withdraw",
];

#[test]
fn every_command_has_examples_and_json_and_whoever_sends_can_try() {
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = shown(&obscura(&words));
        assert!(help.contains("Examples:"), "{command}: {help}");
        assert!(help.contains("--json") && help.contains("--rpc-url"), "{command}");
        let looks = command.ends_with("show") || command.ends_with("list");
        assert_eq!(help.contains("--dry-run "), !looks, "{command}");
    }
}

#[test]
fn the_public_reveal_says_loudly_that_it_is_public() {
    let help = shown(&obscura(&["order", "reveal", "--help"]));
    assert!(help.contains("THIS IS THE PUBLIC REVEAL"), "{help}");
    let output = obscura(&["order", "reveal", "--opening", "bid.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(shown(&output).contains("--public"), "{}", shown(&output));
}

#[test]
fn an_amount_that_would_have_to_be_rounded_is_refused() {
    let table = [("1.0000001", "at most 6 decimals"), ("0", "above zero"), ("1e3", "a number like 12.5")];
    for (amount, reason) in table {
        let output = obscura(&["deposit", "usdc", amount]);
        assert_eq!(output.status.code(), Some(2));
        assert!(shown(&output).contains(reason), "{amount}: {}", shown(&output));
    }
}

#[test]
fn who_signs_must_be_said_and_be_a_key() {
    let unsaid = obscura(&["account", "open"]);
    assert!(shown(&unsaid).contains("OBSCURA_KEYPAIR"), "{}", shown(&unsaid));
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("nothing.json").display().to_string();
    let output = obscura(&["account", "open", "--keypair", &missing]);
    assert!(shown(&output).contains("nothing.json"), "{}", shown(&output));
}

#[test]
fn a_node_that_is_away_is_named_without_its_key() {
    let url = "http://user:hunter2@127.0.0.1:9/secret-path?api-key=secret-key";
    let output = obscura(&["market", "list", "--rpc-url", url]);
    assert_eq!(output.status.code(), Some(2));
    let text = shown(&output);
    assert!(text.contains("http://127.0.0.1:9: ") && text.contains("--rpc-url"), "{text}");
    assert!(!text.contains("hunter2") && !text.contains("secret"), "{text}");
}
