//! A session from its start to its end: a whole lease, a second instance, what is shown.

use std::process::Stdio;

use serde_json::json;

use crate::host::{Host, command};
use crate::world::{CLEAR_AT, REVEAL_AT, World, bid};

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_gets_and_ends_a_lease_without_ever_seeing_a_secret() {
    let world = World::start().await;
    let host = Host::start(&world).await;
    assert!(host.tools().await.iter().any(|tool| tool == "lease"));
    let ask = world.ask(1_000_000, 2).await;
    let budget = json!({ "gpuType": "h100", "qty": 2, "maxTotalMicro": 5_000_000, "clientTag": "a run" });
    let order = host.call("lease", &budget).await;
    assert_eq!((&order["state"], &order["lockedMicro"]), (&json!("committed"), &json!(5_000_000)));
    let handle = order["orderId"].as_str().unwrap();
    world.clock.advance(REVEAL_AT);
    host.until(handle, "revealed").await;
    world.reveal_ask(&ask).await;
    world.clock.advance(CLEAR_AT - REVEAL_AT);
    let leased = host.until(handle, "leased").await;
    let lease = leased["leases"][0]["leaseId"].as_str().unwrap();
    host.call("release", &json!({ "leaseId": lease })).await;
    let closed = host.until(handle, "closed").await;
    assert_eq!(closed["attempts"]["made"].as_array().unwrap().len(), 1);
    assert_eq!(world.locked().await, 0);
    host.close().await;
    let log = std::fs::read_to_string(world.log()).unwrap();
    assert!(!log.contains(world.api_key()));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_closes_its_end_does_not_cost_an_order_its_deposit() {
    let world = World::start().await;
    let host = Host::start(&world).await;
    let order = host.call("commit", &bid()).await;
    let handle = order["orderId"].as_str().unwrap().to_owned();
    let closing = tokio::spawn(host.close());
    world.clock.advance(REVEAL_AT);
    closing.await.unwrap();
    world.clock.advance(CLEAR_AT - REVEAL_AT);
    let host = Host::start(&world).await;
    let over = host.until(&handle, "refunded").await;
    assert_eq!((&over["reason"], &over["forfeitedMicro"]), (&json!("unmatched"), &json!(0)));
    host.close().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_instance_on_one_vault_is_refused_and_says_what_to_do() {
    let world = World::start().await;
    let host = Host::start(&world).await;
    let second = command(&world, &world.url()).stderr(Stdio::piped()).output().await.unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(second.stdout.is_empty());
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(told.contains("one vault serves one process") && told.contains("--vault"), "{told}");
    host.close().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_pool_it_says_so_and_prints_no_key() {
    let world = World::start().await;
    let nowhere = command(&world, "http://127.0.0.1:1").stderr(Stdio::piped()).output().await.unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
    let told = String::from_utf8(nowhere.stderr).unwrap();
    assert!(told.contains("http://127.0.0.1:1") && told.contains("is it running"), "{told}");
    assert!(!told.contains(world.api_key()));
    world.stop().await;
}
