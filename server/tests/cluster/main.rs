//! A pool on a real Solana node: deployed step by step, then used over HTTP from a commit to a closed lease.

#![allow(clippy::unwrap_used)]

mod chain_node;
#[path = "../../../client/tests/ledger/fault_proxy.rs"]
mod fault_proxy;
mod faults;
mod killed_pool;
mod world;

#[path = "../../../client/tests/ledger/localnet.rs"]
mod localnet;

use std::time::Duration;

use obscura_client::deploy::{Step, StepState};
use obscura_client::ledger::Ledger;
use obscura_client::{address, books};
use obscura_server::cluster::{ClusterOptions, ClusterPool};
use serde_json::json;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use localnet::Localnet;
use world::{H100, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_is_deployed_on_a_node_and_leases_what_was_bid_for() {
    let test = "a_pool_is_deployed_on_a_node_and_leases_what_was_bid_for";
    let Some(node) = Localnet::start(test) else { return };
    let world = World::on(&node).await;
    let looked: Vec<Step> = world.deploy(true).await;
    assert!(looked.iter().all(|step| step.state == StepState::Missing), "{looked:?}");
    assert_eq!(world.ledger.program_accounts(&[]).await, Ok(Vec::new()), "a dry run sends nothing");
    let made = world.deploy(false).await;
    assert!(made.iter().all(|step| matches!(step.state, StepState::Made(_))), "{made:?}");
    let again = world.deploy(false).await;
    assert!(again.iter().all(|step| step.state == StepState::Present), "{again:?}");
    assert_eq!(
        again.iter().map(|step| &step.what).collect::<Vec<_>>(),
        [
            "mint of USDC",
            "mint of OBSC",
            "settings",
            "verifying key for 16 orders",
            "bond of the matcher",
            "market H100 80GB",
        ]
    );

    let pool = world.serve().await;
    assert_eq!(pool.cluster.markets(), [H100]);
    let buyer = pool.trader("buyer", &world).await;
    let loser = pool.trader("loser", &world).await;
    let provider = pool.trader("provider", &world).await;
    let bid = buyer.bid(2_000_000, 2);
    let low = loser.bid(1_000, 1);
    let ask = provider.ask(1_000_000, 2);
    pool.until_a_batch_opens().await;
    let bid_id = pool.commit(&buyer, &bid).await;
    let low_id = pool.commit(&loser, &low).await;
    let ask_id = pool.commit(&provider, &ask).await;
    pool.until(&buyer, &bid_id, |order| order["batchPhase"] == "revealing").await;
    pool.reveal(&buyer, &bid, &bid_id).await;
    pool.reveal(&loser, &low, &low_id).await;
    pool.reveal(&provider, &ask, &ask_id).await;
    let offered = pool.until(&buyer, &bid_id, |order| order["leases"][0]["state"] == "offered").await;
    let lease = offered["leases"][0]["leaseId"].as_str().unwrap().to_owned();
    world.accept(&provider.owner, &lease).await;
    let released = pool.post(&buyer, &format!("/v1/leases/{lease}/release"), &json!(null)).await;
    assert_eq!(released.0, 200, "{}", released.1);
    for (trader, id, state) in
        [(&buyer, &bid_id, "closed"), (&provider, &ask_id, "closed"), (&loser, &low_id, "refunded")]
    {
        pool.until(trader, id, |order| order["state"] == state).await;
    }
    pool.stop().await;
    assert!(books::balance(&world.ledger).await.unwrap().holds());
    let bond = address::matcher(&world.keys.matcher.pubkey());
    assert!(world.ledger.account(&bond).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_waits_for_a_node_that_is_away_and_goes_on_when_it_is_back() {
    let test = "a_pool_waits_for_a_node_that_is_away_and_goes_on_when_it_is_back";
    let Some(mut node) = Localnet::start(test) else { return };
    let world = World::on(&node).await;
    node.kill();
    let options = world.options();
    let starting = tokio::spawn(ClusterPool::start(options));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(!starting.is_finished(), "it waits");
    node.start_again();
    // Another chain, at the same address.
    let Err(refusal) = starting.await.unwrap() else { panic!("the program is not there") };
    assert!(refusal.to_string().contains("bring it there with `obscura deploy`"), "{refusal}");
    let other = ClusterOptions { program_id: Pubkey::new_unique(), ..world.options() };
    let Err(refusal) = ClusterPool::start(other).await else { panic!("another program's pool") };
    assert!(refusal.to_string().contains("program/build --program-id"), "{refusal}");
}
