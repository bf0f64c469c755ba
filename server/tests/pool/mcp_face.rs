//! What only the MCP face has: its inventory, its handshake, its waiting.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{H100, REVEAL_AT, TestOrder, TestPool};

#[tokio::test(flavor = "multi_thread")]
async fn a_host_finds_the_tools_and_calls_some() {
    let pool = TestPool::start().await;
    let session = pool.mcp(&pool.buyer).await;
    assert_eq!(session.server_name(), "obscura");
    let names: Vec<String> = session.tools().await.iter().map(|tool| tool.name.to_string()).collect();
    assert_eq!(
        names,
        [
            "account",
            "markets",
            "quote",
            "commit",
            "reveal",
            "lease-status",
            "orders",
            "release",
            "refund",
            "privacy-report",
            "verify-receipt"
        ]
    );
    let (is_error, quote) = session.call("quote", &json!({ "gpuType": H100 })).await;
    assert!(!is_error);
    assert_eq!(quote["batch"]["phase"], "open");
    assert_eq!(quote["nextActions"][0]["tool"], "commit");
    let (is_error, account) = session.call("account", &json!({})).await;
    assert!(!is_error);
    assert_eq!(account, pool.account(&pool.buyer).await);
    let (is_error, markets) = session.call("markets", &json!({})).await;
    assert!(!is_error);
    assert_eq!(markets["markets"][0]["gpuType"], H100);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn results_fit_the_output_schemas_that_the_tools_publish() {
    let pool = TestPool::start().await;
    let session = pool.mcp(&pool.buyer).await;
    let order = TestOrder::bid(&pool.buyer, 2_000_000, 1);
    let (_, quote) = session.call("quote", &json!({ "gpuType": H100 })).await;
    let (_, committed) = session.call("commit", &order.commit_with("maxTotalMicro", 5_000_000)).await;
    let id = committed["orderId"].as_str().unwrap();
    let (_, status) = session.call("lease-status", &json!({ "orderId": id })).await;
    pool.clock.advance(REVEAL_AT);
    let (_, revealed) = session.call("reveal", &order.reveal_body(id)).await;
    let (_, refused) = session.call("reveal", &order.reveal_body(id)).await;
    let (_, account) = session.call("account", &json!({})).await;
    let (_, markets) = session.call("markets", &json!({})).await;
    let lease = json!({ "leaseId": "So11111111111111111111111111111111111111112" });
    let (is_error, no_lease) = session.call("release", &lease).await;
    assert!(is_error && no_lease["code"] == "lease_not_found", "{no_lease}");
    let results = [
        ("account", account),
        ("markets", markets),
        ("release", no_lease),
        ("quote", quote),
        ("commit", committed),
        ("lease-status", status),
        ("reveal", revealed),
        ("reveal", refused.clone()),
        ("refund", refused),
    ];
    for tool in session.tools().await {
        let schema = Value::Object((*tool.output_schema.unwrap()).clone());
        let validator = jsonschema::validator_for(&schema).unwrap();
        for (_, result) in results.iter().filter(|(name, _)| *name == tool.name) {
            let errors: Vec<String> = validator.iter_errors(result).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", tool.name);
        }
    }
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_mcp_a_bid_must_say_what_it_may_cost() {
    let pool = TestPool::start().await;
    let session = pool.mcp(&pool.buyer).await;
    let order = TestOrder::bid(&pool.buyer, 2_000_000, 1);
    let (is_error, problem) = session.call("commit", &order.commit_body).await;
    assert!(is_error);
    assert_eq!((&problem["code"], &problem["field"]), (&json!("invalid_arguments"), &json!("maxTotalMicro")));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_says_in_its_text_what_can_be_done_next() {
    let pool = TestPool::start().await;
    let session = pool.mcp(&pool.buyer).await;
    let text = session.error_text("quote", &json!({ "gpuType": "B200" })).await;
    assert!(text.starts_with("unknown_gpu_type: ") && text.contains("sealed again"), "{text}");
    assert!(text.contains("nextActions: [{") && text.contains("\"tool\":\"markets\""), "{text}");
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_status_answers_when_the_reveal_window_opens() {
    let pool = TestPool::start().await;
    let session = pool.mcp(&pool.buyer).await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let started = Instant::now();
    let arguments = json!({ "orderId": id, "waitSeconds": 40 });
    let waiting = session.call("lease-status", &arguments);
    let opening = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        pool.clock.advance(REVEAL_AT);
    };
    let ((_, status), ()) = tokio::join!(waiting, opening);
    assert_eq!(status["nextActions"][0]["tool"], "reveal");
    assert_eq!(status["nextActions"][0]["arguments"]["orderId"], json!(id));
    assert!(started.elapsed() < Duration::from_secs(10));
    pool.stop().await;
}
