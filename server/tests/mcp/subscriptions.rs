//! Being told of changes.

use std::time::Duration;

use serde_json::json;

use crate::harness::{TestOrder, TestPool};
use crate::wire::{Modern, Session, Stream};

const SOON: Duration = Duration::from_secs(30);
const BATCH: &str = "obscura://batches/H100%2080GB/current";

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_is_told_of_the_changes_that_it_asked_for() {
    let pool = TestPool::start().await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let order = format!("obscura://orders/{id}");
    let filter =
        json!({ "resourceSubscriptions": [order, BATCH, "obscura://docs/spec"], "toolsListChanged": true });
    let client = Modern::of(&pool, &pool.buyer);
    let request = client.request("subscriptions/listen", json!({ "notifications": filter }));
    let mut stream = Stream::of(request.send().await.unwrap());
    let acknowledged = stream.next().await.unwrap();
    assert_eq!(acknowledged["method"], "notifications/subscriptions/acknowledged");
    assert_eq!(acknowledged["params"]["notifications"], json!({ "resourceSubscriptions": [order, BATCH] }));
    // A change before the first look is none: there is one more until one is seen.
    let told = loop {
        pool.commit(&pool.provider, &TestOrder::ask(&pool.provider, 1_000_000, 1)).await;
        if let Ok(told) = tokio::time::timeout(Duration::from_secs(3), stream.next()).await {
            break told.unwrap();
        }
    };
    assert_eq!(told["method"], "notifications/resources/updated");
    assert_eq!(told["params"]["uri"], BATCH);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_told_when_the_batch_it_watches_changes() {
    let pool = TestPool::start().await;
    let session = Session::open(&pool, &pool.buyer, json!({})).await;
    let mut unasked = session.listen().await;
    assert_eq!(session.ask(1, "resources/subscribe", json!({ "uri": BATCH })).await["result"], json!({}));
    pool.commit(&pool.provider, &TestOrder::ask(&pool.provider, 1_000_000, 1)).await;
    let told = tokio::time::timeout(SOON, unasked.next()).await.unwrap().unwrap();
    assert_eq!(
        (&told["method"], &told["params"]["uri"]),
        (&json!("notifications/resources/updated"), &json!(BATCH))
    );
    assert_eq!(session.ask(2, "resources/unsubscribe", json!({ "uri": BATCH })).await["result"], json!({}));
    let fixed = session.ask(3, "resources/subscribe", json!({ "uri": "obscura://docs/spec" })).await;
    assert_eq!(fixed["error"]["code"], -32602);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_outside_of_a_session_cannot_subscribe() {
    let pool = TestPool::start().await;
    let mut session = Session::open(&pool, &pool.buyer, json!({})).await;
    session.id.clear();
    let subscribe =
        json!({"jsonrpc": "2.0", "id": 1, "method": "resources/subscribe", "params": { "uri": BATCH }});
    let answer: serde_json::Value = session.post(&subscribe).send().await.unwrap().json().await.unwrap();
    assert!(answer["error"]["message"].as_str().unwrap().contains("Mcp-Session-Id"), "{answer}");
    pool.stop().await;
}
