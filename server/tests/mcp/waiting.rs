//! Progress while a call waits, and its end when it is cancelled.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{REVEAL_AT, TestOrder, TestPool};
use crate::wire::{Modern, Session, Stream};

/// Far below the 40 seconds that the calls would wait.
const AT_ONCE: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_a_progress_token_hears_where_the_batch_is() {
    let pool = TestPool::start().await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let params = json!({ "name": "lease-status", "arguments": { "orderId": id, "waitSeconds": 40 },
                         "_meta": { "progressToken": "p1" } });
    let client = Modern::of(&pool, &pool.buyer);
    let mut stream = Stream::of(client.request("tools/call", params).send().await.unwrap());
    let progress = stream.next().await.unwrap();
    assert_eq!(progress["method"], "notifications/progress");
    assert_eq!(
        (&progress["params"]["progressToken"], &progress["params"]["total"]),
        (&json!("p1"), &json!(40.0))
    );
    let message = progress["params"]["message"].as_str().unwrap();
    assert!(message.starts_with("committed: batch 0 takes orders, reveals begin in "), "{message}");
    pool.clock.advance(REVEAL_AT);
    let answer = loop {
        let message = stream.next().await.unwrap();
        if message["id"] == 1 {
            break message;
        }
    };
    assert_eq!(answer["result"]["structuredContent"]["nextActions"][0]["tool"], "reveal");
    assert!(stream.next().await.is_none());
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_call_of_a_session_stops_waiting_at_once() {
    let pool = TestPool::start().await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let session = Session::open(&pool, &pool.buyer, json!({})).await;
    let started = Instant::now();
    let arguments = json!({ "orderId": id, "waitSeconds": 40 });
    let params = json!({ "name": "lease-status", "arguments": arguments, "_meta": { "progressToken": 7 } });
    let mut stream = session.stream(5, "tools/call", params).await;
    assert_eq!(stream.next().await.unwrap()["method"], "notifications/progress");
    let cancel = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 5 }});
    assert_eq!(session.post(&cancel).send().await.unwrap().status().as_u16(), 202);
    // Progress may have been on its way; no result comes.
    let rest = tokio::time::timeout(AT_ONCE, async {
        let mut rest = Vec::new();
        while let Some(message) = stream.next().await {
            rest.push(message);
        }
        rest
    });
    let rest = rest.await.unwrap();
    assert!(rest.iter().all(|message| message["result"].is_null()), "{rest:?}");
    assert!(started.elapsed() < AT_ONCE);
    pool.stop().await;
}

/// So many that at any moment more look than the database has connections.
const MANY: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn however_many_agents_wait_each_hears_and_gets_its_answer() {
    let pool = TestPool::start().await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let started = Instant::now();
    let waiting = (0..MANY).map(|token| {
        let params = json!({ "name": "lease-status", "arguments": { "orderId": id, "waitSeconds": 6 },
                             "_meta": { "progressToken": token } });
        let client = Modern::of(&pool, &pool.buyer);
        async move {
            let mut stream = Stream::of(client.request("tools/call", params).send().await.unwrap());
            loop {
                let message = stream.next().await.unwrap();
                if message["id"] == 1 {
                    return message["result"]["structuredContent"]["state"].clone();
                }
            }
        }
    });
    let states = futures::future::join_all(waiting).await;
    assert!(states.iter().all(|state| state == "committed"), "{states:?}");
    // A connection that nobody gives back is waited for in vain, for half a minute.
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    pool.stop().await;
}
