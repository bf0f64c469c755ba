//! `obscura deploy` as a user runs it, as far as it goes without a node; `server/tests/cluster` has the rest.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

use obscura_client::key_file::load_or_create;

fn deploy(folder: &Path, more: &[&str]) -> Output {
    for key in ["authority.json", "matcher.json"] {
        load_or_create(&folder.join(key)).unwrap();
    }
    Command::new(env!("CARGO_BIN_EXE_obscura"))
        .args(["deploy", "--keypair", "authority.json", "--matcher", "matcher.json"])
        .args(more)
        .env("OBSCURA_RPC_URL", "http://127.0.0.1:1/?api-key=secret-of-the-node")
        .current_dir(folder)
        .output()
        .unwrap()
}

/// What it says, which is never where the node is.
fn refusal(more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = deploy(folder.path(), more);
    assert_eq!(output.status.code(), Some(2));
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains("secret-of-the-node"), "{said}");
    said
}

#[test]
fn another_program_is_refused_with_how_to_build_for_it() {
    let said =
        refusal(&["--program-id", "7LnnTdh2q1GKFwQfDCxQVFZ67q6Z6yykcC5482aKVF3j", "--play-money", "mints"]);
    assert!(
        said.contains("program/build --program-id 7LnnTdh2q1GKFwQfDCxQVFZ67q6Z6yykcC5482aKVF3j"),
        "{said}"
    );
}

#[test]
fn real_money_takes_no_development_keys() {
    let said = refusal(&["--usdc-mint", "7LnnTdh2q1GKFwQfDCxQVFZ67q6Z6yykcC5482aKVF3j"]);
    assert!(said.contains("--proving-keys") && said.contains("docs/CEREMONY.md"), "{said}");
}

#[test]
fn play_money_and_real_mints_exclude_each_other() {
    let said =
        refusal(&["--play-money", "mints", "--usdc-mint", "7LnnTdh2q1GKFwQfDCxQVFZ67q6Z6yykcC5482aKVF3j"]);
    assert!(said.contains("--usdc-mint") && said.contains("--play-money"), "{said}");
}

#[test]
fn a_node_that_is_away_is_named_without_its_address() {
    let said = refusal(&["--play-money", "mints", "--dry-run"]);
    assert!(said.contains("the node cannot be reached"), "{said}");
}
