//! What cannot work says why, what to do about it, and moves nothing.

use serde_json::Value;
use solana_sdk::signature::Signer;

use crate::world::{World, stranger};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_says_why_and_what_to_do() {
    let Some(mut world) = World::start("what_is_refused_says_why_and_what_to_do").await else { return };
    let key = world.key();
    let unopened = world.fails(&key, 2, &["account", "show"]);
    assert!(unopened.contains("obscura account open"), "{unopened}");
    world.json(&key, &["account", "open"]);

    let twice = world.fails(&key, 1, &["account", "open"]);
    assert!(twice.contains("AlreadyExists"), "{twice}");
    let poor = world.fails(&key, 2, &["deposit", "usdc", "100.000001"]);
    assert!(poor.contains("holds 100.000000 USDC, too little to deposit 100.000001"), "{poor}");

    world.json(&key, &["deposit", "usdc", "10"]);
    for dry in [&["--dry-run"][..], &[]] {
        let arguments = [&["withdraw", "usdc", "20", "--json"], dry].concat();
        let refused: Value = serde_json::from_str(&world.fails(&key, 1, &arguments)).unwrap();
        assert_eq!((&refused["accepted"], &refused["dryRun"]), (&false.into(), &(!dry.is_empty()).into()));
        assert_eq!(refused["error"]["code"], "InsufficientAvailable");
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(message.contains("10.000000 is there, 20.000000 is needed"), "{message}");
    }

    let (other, other_key) = stranger(world.directory.path(), "stranger");
    let not_open = world.fails(&other, 1, &["withdraw", "usdc", "1", "--fee-payer", &key, "--dry-run"]);
    assert!(not_open.contains("obscura account open"), "{not_open}");
    let no_money = world.fails(&other, 1, &["account", "open"]);
    assert!(no_money.contains("--fee-payer"), "{no_money}");
    let paused = world.fails(&key, 1, &["market", "pause", "--dry-run"]);
    assert!(paused.contains("NotAuthority") && paused.contains("market authority show"), "{paused}");

    let owner = other_key.to_string();
    let file = world.seal("H100 80GB", "bid", &other_key);
    let mismatch = world.fails(&key, 2, &["order", "commit", "--opening", &file]);
    assert!(mismatch.contains("sealed for another owner"), "{mismatch}");
    let as_owner = ["order", "commit", "--opening", &file, "--owner", &owner, "--dry-run"];
    let stranger = world.fails(&key, 1, &as_owner);
    assert!(stranger.contains("AccountNotInitialized"), "{stranger}");
    let lease = world.fails(&key, 2, &["lease", "accept", &world.owner.pubkey().to_string()]);
    assert!(lease.contains("lease list"), "{lease}");
}
