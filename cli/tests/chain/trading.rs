//! An owner's way from an empty account to a refunded order, on the command line alone.

use std::time::Duration;

use serde_json::{Value, json};
use solana_sdk::signature::{Keypair, Signer};

use crate::world::{USDC, World};

const MARKET: &str = "H100 80GB";
const FAST: &str = "Fast 1GB";

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_opens_deposits_commits_and_is_refunded() {
    let test = "an_owner_opens_deposits_commits_and_is_refunded";
    let Some(mut world) = World::start(test).await else { return };
    let key = world.key();
    let opened = world.tried_and_sent(&["account", "open"]);
    assert_eq!(opened["owner"], world.owner.pubkey().to_string());

    world.tried_and_sent(&["deposit", "usdc", "50.5"]);
    world.tried_and_sent(&["stake", "deposit", "400"]);
    world.tried_and_sent(&["withdraw", "usdc", "0.5"]);
    let account = world.json(&key, &["account", "show"]);
    assert_eq!(account["usdcAvailableMicro"], 50 * USDC);
    assert_eq!(account["obscAvailableMicro"], 400 * USDC);
    assert_eq!(account["walletUsdcMicro"], 50 * USDC);

    let (delegate_key, delegate) = world.newcomer("delegate").await;
    let delegate = delegate.to_string();
    let limits = ["--may", "trade", "--spend-cap", "40", "--max-order", "10", "--expires-in", "3600"];
    world.tried_and_sent(&[&["delegate", "set", &delegate], &limits[..]].concat());
    let shown = world.json(&key, &["delegate", "show"]);
    assert_eq!((&shown["delegate"], &shown["delegateSpendCapMicro"]), (&json!(delegate), &json!(40 * USDC)));
    let owner = world.owner.pubkey();
    let bid = world.seal(MARKET, "bid", &owner);
    let owner = owner.to_string();
    let for_owner = ["order", "commit", "--opening", &bid, "--owner", &owner, "--lock", "9", "--dry-run"];
    let placed = world.json(&delegate_key, &for_owner);
    assert_eq!(placed["accepted"], true);
    let capped = [&for_owner[..7], &["11", "--dry-run"]].concat();
    let capped = world.fails(&delegate_key, 1, &capped);
    assert!(capped.contains("DelegateOrderCap") && capped.contains("obscura delegate set"), "{capped}");
    world.tried_and_sent(&["delegate", "revoke"]);
    let revoked = world.fails(&delegate_key, 1, &for_owner);
    assert!(revoked.contains("NotOwnerOrDelegate") && revoked.contains("--owner"), "{revoked}");
    assert_eq!(world.json(&key, &["delegate", "show"]), json!({ "delegate": null }));

    world.tried_and_sent(&["stake", "unstake", "100"]);
    assert_eq!(world.json(&key, &["stake", "show"])["obscUnstakingMicro"], 100 * USDC);
    let early = world.fails(&key, 1, &["stake", "withdraw"]);
    assert!(early.contains("UnstakeNotOver"), "{early}");

    register_provider(&world);
    world.create_market(FAST, 3, 10);
    let owner = world.owner.pubkey();
    let bid = world.seal(FAST, "bid", &owner);
    commit_and_refund(&world, &bid).await;
}

fn register_provider(world: &World) {
    let host = Keypair::new().pubkey();
    let text = format!(
        "label = \"four of them\"\nhostKey = \"{host}\"\ngpuType = \"{MARKET}\"\ngpus = 4\nrack = 7\n"
    );
    let file = world.write("machines.toml", &text);
    world.tried_and_sent(&["provider", "register", "--file", &file]);
    let shown = world.json(&world.key(), &["provider", "show"]);
    assert_eq!((&shown["gpus"], &shown["label"]), (&json!(4), &json!("four of them")));
    let other = world.write("machines.toml", &text.replace("gpus = 4", "gpus = 3"));
    let updated = world.json(&world.key(), &["provider", "update", "--file", &other]);
    assert_ne!(updated["hardwareHash"], shown["hardwareHash"]);
    assert_eq!(world.json(&world.key(), &["provider", "show"])["hardwareHash"], updated["hardwareHash"]);
}

async fn commit_and_refund(world: &World, bid: &str) {
    let key = world.key();
    // A batch takes commits for two seconds: a slow machine may miss one.
    let committed = (0..10)
        .map(|_| world.run(&key, &["order", "commit", "--opening", bid, "--json"]))
        .find(|output| output.status.success())
        .unwrap();
    let committed: Value = serde_json::from_slice(&committed.stdout).unwrap();
    let order = committed["orderId"].as_str().unwrap();
    let status = world.json(&key, &["order", "status", order]);
    assert_eq!((&status["side"], &status["lockMicro"]), (&json!("bid"), &json!(10 * USDC)));
    let listed = world.json(&key, &["order", "list"]);
    assert_eq!(listed["orders"].as_array().unwrap().len(), 1);
    let index = committed["batchIndex"].to_string();
    assert_eq!(world.json(&key, &["batch", "show", FAST, &index])["orders"], 1);

    let early = world.fails(&key, 1, &["order", "refund", order, "--json"]);
    assert!(early.contains("BatchNotFinal"), "{early}");
    for _ in 0..60 {
        if world.json(&key, &["order", "status", order])["standing"] == "refundable" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let refunded = world.tried_and_sent(&["order", "refund", order]);
    let moved = refunded["movements"].as_array().unwrap();
    assert!(moved.iter().any(|movement| movement["figure"] == "ended" && movement["after"] == "void"));
    let account = world.json(&key, &["account", "show"]);
    assert_eq!((&account["usdcAvailableMicro"], &account["usdcLockedMicro"]), (&json!(50 * USDC), &json!(0)));
    assert_eq!(world.json(&key, &["order", "status", order])["standing"], "refunded");
    let again = world.fails(&key, 1, &["order", "refund", order]);
    assert!(again.contains("AlreadyEnded"), "{again}");
}
