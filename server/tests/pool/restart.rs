//! A restart in each phase loses nothing, and a long pause gives everything back.

use serde_json::{Value, json};

use crate::harness::{CLEAR_AT, REVEAL_AT, TestOrder, TestPool};

/// Past the clearing deadline of a batch of 45 seconds.
const LONG_PAUSE: u32 = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn an_order_goes_on_through_a_restart_in_every_phase() {
    let mut pool = TestPool::start().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    let bid = TestOrder::bid(&buyer, 2_000_000, 2);
    let ask = TestOrder::ask(&provider, 1_000_000, 2);
    let bid_id = pool.commit(&buyer, &bid).await;
    let ask_id = pool.commit(&provider, &ask).await;
    let before = pool.money(&buyer).await;

    pool = pool.restart().await;
    assert_eq!(pool.buyer.api_key, buyer.api_key);
    assert_eq!(pool.money(&buyer).await, before);
    assert_eq!(pool.order(&buyer, &bid_id).await["state"], "committed");

    pool.clock.advance(REVEAL_AT);
    pool.reveal(&buyer, &bid, &bid_id).await;
    pool.reveal(&provider, &ask, &ask_id).await;
    pool = pool.restart().await;
    assert_eq!(pool.order(&buyer, &bid_id).await["state"], "revealed");
    let (_, again) = pool.post(&buyer, "/v1/orders/reveal", &bid.reveal_body(&bid_id)).await;
    assert_eq!(again["code"], "already_revealed");

    pool.clock.advance(CLEAR_AT - REVEAL_AT);
    pool = pool.restart().await;
    let leased = pool.until(&buyer, &bid_id, &["leased"]).await;

    pool = pool.restart().await;
    let resumed = pool.order(&buyer, &bid_id).await;
    assert_eq!(resumed["leases"], leased["leases"]);
    let lease_id = leased["leases"][0]["leaseId"].as_str().unwrap();
    let (status, _) = pool.post(&buyer, &format!("/v1/leases/{lease_id}/release"), &Value::Null).await;
    assert_eq!(status, 200);

    pool = pool.restart().await;
    let closed = pool.until(&buyer, &bid_id, &["closed"]).await;
    pool.until(&provider, &ask_id, &["closed"]).await;
    pool = pool.restart().await;
    assert_eq!(pool.order(&buyer, &bid_id).await, closed);
    assert!(pool.books_balance().await);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_long_pause_open_and_revealed_orders_are_void_and_refunded_in_full() {
    let mut pool = TestPool::start().await;
    let buyer = pool.buyer.clone();
    let before = pool.money(&buyer).await;
    let revealed = TestOrder::bid(&buyer, 2_000_000, 1);
    let revealed_id = pool.commit(&buyer, &revealed).await;
    let silent_id = pool.commit(&buyer, &TestOrder::bid(&buyer, 2_000_000, 1)).await;
    pool.clock.advance(REVEAL_AT);
    pool.reveal(&buyer, &revealed, &revealed_id).await;

    pool = pool.restart_after(LONG_PAUSE).await;
    for id in [&revealed_id, &silent_id] {
        let order = pool.until(&buyer, id, &["refunded"]).await;
        assert_eq!((&order["reason"], &order["refundedMicro"]), (&json!("batchVoid"), &json!(51_010_000)));
    }
    assert_eq!(pool.money(&buyer).await, with_void_penalty(before));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_could_not_be_revealed_because_the_pool_was_down_gets_everything_back() {
    let mut pool = TestPool::start().await;
    let buyer = pool.buyer.clone();
    let before = pool.money(&buyer).await;
    let id = pool.commit(&buyer, &TestOrder::bid(&buyer, 2_000_000, 1)).await;

    // Longer than a batch, and back inside its clearing window.
    pool = pool.restart_after(CLEAR_AT + 5).await;
    assert_eq!(pool.order(&buyer, &id).await["batchPhase"], "clearing");
    pool.clock.advance(CLEAR_AT);
    let order = pool.until(&buyer, &id, &["refunded"]).await;
    assert_eq!((&order["reason"], &order["refundedMicro"]), (&json!("batchVoid"), &json!(51_010_000)));
    assert_eq!(pool.money(&buyer).await, with_void_penalty(before));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_ran_out_during_a_pause_is_refunded_and_its_terms_are_erased() {
    let mut pool = TestPool::start_without_hosts().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    let bid = TestOrder::bid(&buyer, 2_000_000, 2);
    let ask = TestOrder::ask(&provider, 1_000_000, 2);
    let (bid_id, ask_id) = pool.meet(&bid, &ask).await;
    pool.until_offered(&buyer, &bid_id).await;
    assert_eq!(pool.kept_secrets().await, 1);

    pool = pool.restart_after(LONG_PAUSE).await;
    let order = pool.until(&buyer, &bid_id, &["refunded"]).await;
    assert_eq!((&order["reason"], &order["refundedMicro"]), (&json!("offerExpired"), &json!(51_000_000)));
    assert_eq!(order["leases"][0]["reason"], "notAccepted");
    pool.until(&provider, &ask_id, &["refunded"]).await;
    pool.until_nothing_is_kept().await;
    assert!(pool.books_balance().await);
    pool.stop().await;
}

/// The same account, richer by its half of what a void batch of its orders alone costs the matcher.
fn with_void_penalty(mut account: Value) -> Value {
    account["obscAvailableMicro"] = json!(50_000_000);
    account
}
