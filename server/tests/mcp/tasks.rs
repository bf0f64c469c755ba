//! Following an order as a task.

use serde_json::json;

use crate::harness::{REVEAL_AT, TestOrder, TestPool};
use crate::wire::Modern;

fn with_tasks() -> serde_json::Value {
    json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_tasks_follows_an_order_without_an_open_request() {
    let pool = TestPool::start().await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let client = Modern::of(&pool, &pool.buyer).able(with_tasks());
    let begun = client.call("lease-status", json!({ "orderId": id, "waitSeconds": 40 })).await;
    assert_eq!((&begun["resultType"], &begun["status"]), (&json!("task"), &json!("working")), "{begun}");
    let task = json!({ "taskId": begun["taskId"] });
    let working = client.ask("tasks/get", task.clone()).await["result"].clone();
    assert_eq!((&working["status"], &working["createdAt"]), (&json!("working"), &begun["createdAt"]));
    assert!(working["statusMessage"].as_str().unwrap().starts_with("committed: batch 0"), "{working}");
    pool.clock.advance(REVEAL_AT);
    let done = client.ask("tasks/get", task).await["result"].clone();
    assert_eq!(done["status"], "completed");
    assert_eq!(done["result"]["structuredContent"]["nextActions"][0]["tool"], "reveal");
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_outlives_the_server_and_belongs_to_its_caller() {
    let pool = TestPool::start().await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let client = Modern::of(&pool, &pool.buyer).able(with_tasks());
    let begun = client.call("lease-status", json!({ "orderId": id, "waitSeconds": 40 })).await;
    let task = json!({ "taskId": begun["taskId"] });
    let pool = pool.restart().await;
    let client = Modern::of(&pool, &pool.buyer).able(with_tasks());
    assert_eq!(client.ask("tasks/get", task.clone()).await["result"]["status"], "working");
    let stranger = Modern::of(&pool, &pool.provider).able(with_tasks());
    assert_eq!(stranger.ask("tasks/get", task.clone()).await["error"]["code"], -32602);
    assert_eq!(client.ask("tasks/cancel", task.clone()).await["result"]["resultType"], "complete");
    assert_eq!(client.ask("tasks/get", task).await["result"]["status"], "cancelled");
    let unknown = json!({ "taskId": "no-such-task" });
    assert_eq!(client.ask("tasks/get", unknown).await["error"]["code"], -32602);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_tasks_is_answered_as_ever() {
    let pool = TestPool::start().await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let client = Modern::of(&pool, &pool.buyer);
    let status = client.call("lease-status", json!({ "orderId": id, "waitSeconds": 1 })).await;
    assert_eq!(status["structuredContent"]["state"], "committed");
    let refused = client.request("tasks/get", json!({ "taskId": "0.committed.x" })).send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 400);
    pool.stop().await;
}
