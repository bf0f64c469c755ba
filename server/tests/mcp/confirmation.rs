//! A person's word before an order above the threshold.

use serde_json::{Value, json};

use crate::harness::{TestOrder, TestPool};
use crate::wire::{Modern, Session};

/// Micro-USDC.
const THRESHOLD: u64 = 20_000_000;
const ABOVE: u64 = 30_000_000;

fn can_ask() -> Value {
    json!({ "elicitation": {} })
}

fn bid(pool: &TestPool, max_total_micro: u64) -> Value {
    TestOrder::bid(&pool.buyer, 2_000_000, 1).commit_with("maxTotalMicro", max_total_micro)
}

async fn commit(client: &Modern, arguments: &Value) -> Value {
    client.call("commit", arguments.clone()).await
}

/// The same call with an answer to the question that `asked` holds.
async fn answer(client: &Modern, arguments: &Value, asked: &Value, response: Value) -> Value {
    let params = json!({ "name": "commit", "arguments": arguments, "requestState": asked["requestState"],
                         "inputResponses": { "confirm": response } });
    client.ask("tools/call", params).await["result"].clone()
}

fn yes() -> Value {
    json!({ "action": "accept", "content": { "confirm": true } })
}

async fn locked(pool: &TestPool) -> u64 {
    pool.account(&pool.buyer).await["lockedMicro"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_up_to_the_threshold_and_a_dry_run_need_nobody() {
    let pool = TestPool::start_confirming_above(THRESHOLD).await;
    let client = Modern::of(&pool, &pool.buyer);
    let mut tried = bid(&pool, ABOVE);
    tried["dryRun"] = true.into();
    assert_ne!(commit(&client, &tried).await["isError"], true);
    let committed = commit(&client, &bid(&pool, THRESHOLD)).await;
    assert_eq!(committed["structuredContent"]["state"], "committed", "{committed}");
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_cannot_ask_is_refused_and_told_what_to_do() {
    let pool = TestPool::start_confirming_above(THRESHOLD).await;
    let client = Modern::of(&pool, &pool.buyer);
    for amount in [json!(ABOVE), json!(30_000_000.0)] {
        let mut arguments = bid(&pool, ABOVE);
        arguments["maxTotalMicro"] = amount;
        let refused = commit(&client, &arguments).await;
        let problem = &refused["structuredContent"];
        assert_eq!((&refused["isError"], &problem["code"]), (&json!(true), &json!("confirmation_required")));
        assert!(
            problem["detail"].as_str().unwrap().contains("Lower maxTotalMicro to 20000000 or less"),
            "{problem}"
        );
        assert_eq!(problem["nextActions"][0]["tool"], "quote");
    }
    let mut alone = Session::open(&pool, &pool.buyer, can_ask()).await;
    alone.id.clear();
    let params = json!({ "name": "commit", "arguments": bid(&pool, ABOVE) });
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    let refused: Value = alone.post(&call).send().await.unwrap().json().await.unwrap();
    assert_eq!(refused["result"]["structuredContent"]["code"], "confirmation_required");
    assert_eq!(locked(&pool).await, 0);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_is_good_for_its_order_once() {
    let pool = TestPool::start_confirming_above(THRESHOLD).await;
    let client = Modern::of(&pool, &pool.buyer).able(can_ask());
    let order = bid(&pool, ABOVE);
    let asked = commit(&client, &order).await;
    assert_eq!(asked["resultType"], "input_required");
    let question = &asked["inputRequests"]["confirm"];
    assert_eq!(question["method"], "elicitation/create");
    let message = question["params"]["message"].as_str().unwrap();
    assert!(message.contains("30.000000 USDC") && message.contains("H100 80GB"), "{message}");
    assert_eq!(locked(&pool).await, 0);

    let other = bid(&pool, ABOVE);
    let replayed = answer(&client, &other, &asked, yes()).await;
    assert_eq!(replayed["structuredContent"]["code"], "confirmation_required", "{replayed}");
    let committed = answer(&client, &order, &asked, yes()).await;
    assert_eq!(committed["structuredContent"]["state"], "committed", "{committed}");
    let again = answer(&client, &order, &asked, yes()).await;
    assert_eq!(again["structuredContent"]["code"], "confirmation_required");
    assert!(again["structuredContent"]["detail"].as_str().unwrap().contains("it was used before"));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_says_no_locks_nothing() {
    let pool = TestPool::start_confirming_above(THRESHOLD).await;
    let client = Modern::of(&pool, &pool.buyer).able(can_ask());
    let order = bid(&pool, ABOVE);
    let asked = commit(&client, &order).await;
    for no in [
        json!({ "action": "decline" }),
        json!({ "action": "cancel" }),
        json!({ "action": "accept", "content": { "confirm": false } }),
        json!({ "action": "accept", "content": {} }),
    ] {
        let refused = answer(&client, &order, &asked, no).await;
        assert_eq!(refused["structuredContent"]["code"], "confirmation_declined", "{refused}");
    }
    let forged = json!({ "requestState": "rs1.AAAA.AAAA" });
    let refused = answer(&client, &order, &forged, yes()).await;
    assert_eq!(refused["structuredContent"]["code"], "confirmation_required");
    assert_eq!(locked(&pool).await, 0);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_asks_in_the_middle_of_the_call() {
    let pool = TestPool::start_confirming_above(THRESHOLD).await;
    let session = Session::open(&pool, &pool.buyer, can_ask()).await;
    for (id, response, expected) in
        [(1, json!({ "action": "decline" }), json!("confirmation_declined")), (2, yes(), Value::Null)]
    {
        let params = json!({ "name": "commit", "arguments": bid(&pool, ABOVE) });
        let mut stream = session.stream(id, "tools/call", params).await;
        let question = stream.next().await.unwrap();
        assert_eq!(question["method"], "elicitation/create");
        let reply = json!({"jsonrpc": "2.0", "id": question["id"], "result": response});
        assert_eq!(session.post(&reply).send().await.unwrap().status().as_u16(), 202);
        let result = stream.next().await.unwrap()["result"].clone();
        assert_eq!(result["structuredContent"]["code"], expected, "{result}");
    }
    assert!(locked(&pool).await >= ABOVE);
    pool.stop().await;
}
