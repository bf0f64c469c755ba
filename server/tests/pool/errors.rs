//! Every refusal of the error table: its code, its status, the same words over
//! HTTP and MCP, and not a micro-USDC moved.

use obscura_server::local::DemoAccount;
use serde_json::{Value, json};

use crate::harness::{CLEAR_AT, H100, McpSession, REVEAL_AT, TestOrder, TestPool};

/// Sends a refused request over both faces and checks that nothing moved.
struct Refusals<'a> {
    pool: &'a TestPool,
    account: &'a DemoAccount,
    mcp: McpSession,
}

impl<'a> Refusals<'a> {
    async fn of(pool: &'a TestPool, account: &'a DemoAccount) -> Self {
        Self { pool, account, mcp: pool.mcp(account).await }
    }

    async fn commit(&self, body: Value, code: &str, status: u16) -> Value {
        let mut over_mcp = body.clone();
        if body.get("side").is_none() && body.get("maxTotalMicro").is_none() {
            over_mcp["maxTotalMicro"] = json!(50_000_000);
        }
        self.both("/v1/orders/commit", body, "commit", over_mcp, code, status).await
    }

    async fn reveal(&self, body: Value, code: &str, status: u16) -> Value {
        self.both("/v1/orders/reveal", body.clone(), "reveal", body, code, status).await
    }

    async fn refund(&self, order_id: &str, code: &str, status: u16) -> Value {
        let path = format!("/v1/orders/{order_id}/refund");
        self.both(&path, Value::Null, "refund", json!({ "orderId": order_id }), code, status).await
    }

    async fn both(
        &self,
        path: &str,
        body: Value,
        tool: &'static str,
        arguments: Value,
        code: &str,
        status: u16,
    ) -> Value {
        let before = self.pool.account(self.account).await;
        let (got, http) = self.pool.post(self.account, path, &body).await;
        assert_eq!((got, http["code"].as_str()), (status, Some(code)), "{http}");
        assert!(!http["detail"].as_str().unwrap().is_empty());
        let (is_error, mut mcp) = self.mcp.call(tool, &arguments).await;
        assert!(is_error, "{tool} {arguments} was not refused");
        if arguments != body {
            // The steps repeat the request, which was another one.
            mcp["nextActions"] = http["nextActions"].clone();
        }
        assert_eq!(mcp, http);
        assert_eq!(self.pool.account(self.account).await, before, "{code} moved money");
        http
    }
}

fn fresh_uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_commits_say_why_and_lock_nothing() {
    let pool = TestPool::start().await;
    let buyer = pool.buyer.clone();
    let refusals = Refusals::of(&pool, &buyer).await;
    let order = TestOrder::bid(&buyer, 2_000_000, 1);

    let unknown = refusals.commit(order.commit_with("gpuType", "B200"), "unknown_gpu_type", 404).await;
    assert!(unknown["detail"].as_str().unwrap().contains(H100));
    for hash in ["", "xyz", &"0".repeat(64), &"f".repeat(64), &"A".repeat(64)] {
        refusals.commit(order.commit_with("commitHash", hash), "hash_malformed", 422).await;
    }
    let poor = refusals
        .commit(order.commit_with("maxTotalMicro", 2_000_000_000), "insufficient_available", 422)
        .await;
    let detail = poor["detail"].as_str().unwrap();
    assert!(detail.contains("2001010000") && detail.contains("1000000000"), "{detail}");
    refusals.commit(order.commit_with("maxTotalMicro", 60_000_000), "cap_exceeded", 422).await;
    let account = refusals.account;
    let day = "/v1/quote?gpuType=H100%2080GB&durationSeconds=";
    let (status, too_long) = pool.get(account, &format!("{day}604801")).await;
    assert_eq!((status, &too_long["code"]), (422, &json!("duration_out_of_range")));
    assert!(too_long["detail"].as_str().unwrap().contains("604800"), "{too_long}");
    assert_eq!(pool.get(account, &format!("{day}604800")).await.0, 200);
    let unknown_field = refusals.commit(order.commit_with("maxTotal", 1), "invalid_arguments", 422).await;
    assert_eq!(unknown_field["field"], "maxTotal");
    refusals.commit(json!({ "commitHash": order.commit_body["commitHash"] }), "invalid_arguments", 422).await;

    let ask = TestOrder::ask(&buyer, 2_000_000, 1);
    refusals.commit(ask.commit_with("lockGpus", 1), "insufficient_available", 422).await;
    refusals.commit(ask.commit_with("lockGpus", 5000), "qty_out_of_range", 422).await;
    pool.clock.advance(REVEAL_AT);
    let late = refusals.commit(order.commit_with("maxTotalMicro", 50_000_000), "wrong_phase", 409).await;
    assert_eq!(late["nextActions"][0]["tool"], "commit");
    assert_eq!(late["nextActions"][0]["arguments"], order.commit_with("maxTotalMicro", 50_000_000));
    let provider = pool.provider.clone();
    let ask = TestOrder::ask(&provider, 2_000_000, 1).commit_with("orderId", fresh_uuid());
    let late = Refusals::of(&pool, &provider).await.commit(ask.clone(), "wrong_phase", 409).await;
    assert_eq!(late["nextActions"][0]["arguments"], ask);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_reveals_and_refunds_say_why_and_move_nothing() {
    let pool = TestPool::start().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    let refusals = Refusals::of(&pool, &buyer).await;
    let order = TestOrder::bid(&buyer, 2_000_000, 1);
    let too_large = TestOrder::bid(&buyer, 20_000_000, 4);
    let ask = TestOrder::ask(&provider, 1_000_000, 1);
    let too_long = TestOrder::bid_of(&buyer, 1_000_000, 1, 604_801);
    let id = pool.commit(&buyer, &order).await;
    let long_id = pool.commit(&buyer, &too_long).await;
    let large_id = pool.commit(&buyer, &too_large).await;
    let ask_id = pool.commit(&provider, &ask).await;

    refusals.reveal(order.reveal_body(&id), "wrong_phase", 409).await;
    refusals.refund(&id, "wrong_phase", 409).await;
    refusals.refund(&ask_id, "order_not_found", 404).await;
    refusals.refund(&fresh_uuid(), "order_not_found", 404).await;
    refusals.refund("nonsense", "order_not_found", 404).await;

    pool.clock.advance(REVEAL_AT);
    let body = |field: &str, value: Value| {
        let mut body = order.reveal_body(&id);
        body[field] = value;
        body
    };
    for price in [json!(0), json!(-1), json!(1u64 << 40), json!(1.5)] {
        refusals.reveal(body("priceMicro", price), "price_out_of_range", 422).await;
    }
    for qty in [json!(0), json!(4097)] {
        refusals.reveal(body("qty", qty), "qty_out_of_range", 422).await;
    }
    refusals.reveal(body("durationSeconds", json!(59)), "duration_out_of_range", 422).await;
    for secret in ["", "12", &"g".repeat(64)] {
        refusals.reveal(body("secret", json!(secret)), "secret_malformed", 422).await;
    }
    let mismatch = refusals.reveal(body("priceMicro", json!(2_000_001)), "hash_mismatch", 422).await;
    let detail = mismatch["detail"].as_str().unwrap();
    assert!(detail.contains("minQty 1") && detail.contains("durationSeconds 3600"), "{detail}");
    assert_eq!(mismatch["nextActions"][0]["tool"], "reveal");
    refusals.reveal(body("orderId", json!(ask_id)), "order_not_found", 404).await;
    let cost = refusals.reveal(too_large.reveal_body(&large_id), "cost_exceeds_lock", 422).await;
    assert!(cost["detail"].as_str().unwrap().contains("80000003"), "{cost}");

    let long = refusals.reveal(too_long.reveal_body(&long_id), "duration_out_of_range", 422).await;
    let detail = long["detail"].as_str().unwrap();
    assert!(detail.contains("604800") && detail.contains("cannot be revealed"), "{detail}");

    pool.reveal(&buyer, &order, &id).await;
    pool.reveal(&provider, &ask, &ask_id).await;
    refusals.reveal(order.reveal_body(&id), "already_revealed", 409).await;
    pool.clock.advance(CLEAR_AT - REVEAL_AT);
    pool.until(&buyer, &id, &["leased"]).await;
    pool.until(&buyer, &large_id, &["refunded"]).await;
    refusals.refund(&id, "order_matched", 409).await;
    refusals.reveal(too_large.reveal_body(&large_id), "wrong_phase", 409).await;

    let before = pool.account(&buyer).await;
    let (status, again) = pool.post(&buyer, &format!("/v1/orders/{large_id}/refund"), &Value::Null).await;
    assert_eq!((status, &again["alreadyRefunded"]), (200, &json!(true)));
    assert_eq!(pool.account(&buyer).await, before);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_a_full_batch_cannot_hold_is_told_to_wait_for_the_next() {
    let pool = TestPool::start_small().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    for place in 0..16 {
        let account = if place % 2 == 0 { &buyer } else { &provider };
        pool.commit(account, &TestOrder::bid(account, 1_000_000 + place, 1)).await;
    }
    let refusals = Refusals::of(&pool, &buyer).await;
    let order = TestOrder::bid(&buyer, 2_000_000, 1);
    let full = refusals.commit(order.commit_with("maxTotalMicro", 50_000_000), "batch_full", 409).await;
    assert!(full["detail"].as_str().unwrap().contains("16"));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_no_requests_are_refused_as_problems() {
    let pool = TestPool::start().await;
    let buyer = pool.buyer.clone();
    let (status, problem) = pool.post_text(&buyer, "/v1/orders/commit", "{".into()).await;
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_json")));
    for body in ["{", "", "{\"a\":1e999}"] {
        let (status, problem) = pool.post_text(&buyer, "/mcp", body.into()).await;
        assert_eq!((status, &problem["code"]), (400, &json!("invalid_json")), "{body}");
    }
    for path in ["/v1/orders/%FF", "/v1/batches/%FF"] {
        let (status, problem) = pool.get(&buyer, path).await;
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_arguments")), "{path}");
    }
    let (status, problem) = pool.post_text(&buyer, "/v1/orders/commit", "[1]".into()).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid_arguments")));
    let large = format!("{{\"gpuType\":\"{}\"}}", "x".repeat(70_000));
    for path in ["/v1/orders/commit", "/v1/orders/reveal", "/mcp"] {
        let (status, problem) = pool.post_text(&buyer, path, large.clone()).await;
        assert_eq!((status, &problem["code"]), (413, &json!("body_too_large")), "{path}");
    }
    let (status, problem) = pool.get(&buyer, "/v1/nothing").await;
    assert_eq!((status, &problem["code"]), (404, &json!("not_found")));
    let (status, problem) = pool.get(&buyer, "/v1/orders/commit").await;
    assert_eq!((status, &problem["code"]), (405, &json!("method_not_allowed")));
    let (status, problem) = pool.get(&buyer, "/v1/batches/current?gpuType=none").await;
    assert_eq!((status, &problem["code"]), (404, &json!("unknown_gpu_type")));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_known_api_key_nothing_private_answers() {
    let pool = TestPool::start().await;
    let client = reqwest::Client::new();
    let base = pool.http_url();
    let requests = [
        client.get(format!("{base}/v1/account")),
        client.get(format!("{base}/v1/orders/{}", fresh_uuid())).bearer_auth("obk_wrong"),
        client.post(format!("{base}/v1/orders/commit")).header("X-API-Key", "nonsense").body("{"),
        client.post(format!("{base}/v1/orders/reveal")).bearer_auth(""),
        client.get(format!("{base}/v1/account")).header("Authorization", "obk_without_its_scheme"),
        client.post(format!("{base}/mcp")).body("{}"),
    ];
    for request in requests {
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 401);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], "unauthorized");
    }
    for public in ["/healthz", "/v1/markets", "/v1/batches/current", "/v1/batches/0", "/v1/quote"] {
        let response = client.get(format!("{base}{public}")).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{public}");
    }
    pool.stop().await;
}
