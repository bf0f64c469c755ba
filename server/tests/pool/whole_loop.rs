//! From commit to lease and back, both sides, with the bodies that `obscura seal`
//! prints.

use serde_json::json;

use crate::harness::{CLEAR_AT, H100, REVEAL_AT, TestOrder, TestPool};

#[tokio::test(flavor = "multi_thread")]
async fn a_bid_and_an_ask_become_a_lease_that_its_buyer_releases() {
    let pool = TestPool::start().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    let bid = TestOrder::bid(&buyer, 1_860_000, 4);
    let low_bid = TestOrder::bid(&buyer, 900_000, 1);
    let ask = TestOrder::ask(&provider, 1_200_000, 4);
    let bid_id = pool.commit(&buyer, &bid).await;
    let low_id = pool.commit(&buyer, &low_bid).await;
    let ask_id = pool.commit(&provider, &ask).await;
    let committed = pool.order(&buyer, &bid_id).await;
    assert_eq!(committed["state"], "committed");
    assert_eq!(committed["lockedMicro"], 50_000_000);
    assert_eq!(committed["secondsLeft"], 30);

    pool.clock.advance(REVEAL_AT);
    let revealed = pool.reveal(&buyer, &bid, &bid_id).await;
    assert_eq!(revealed["state"], "revealed");
    assert_eq!(revealed["acknowledgement"]["time"], pool.clock.unix_seconds());
    pool.reveal(&buyer, &low_bid, &low_id).await;
    pool.reveal(&provider, &ask, &ask_id).await;
    pool.clock.advance(CLEAR_AT - REVEAL_AT);

    let loser = pool.until(&buyer, &low_id, &["refunded"]).await;
    assert_eq!(loser["reason"], "unmatched");
    assert_eq!(loser["refundedMicro"], 51_000_000);
    let leased = pool.until(&buyer, &bid_id, &["leased"]).await;
    let price = leased["clearingPriceMicro"].as_u64().unwrap();
    assert_eq!(price, 1_530_000);
    let lease = &leased["leases"][0];
    assert_eq!((&lease["qty"], &lease["durationSeconds"]), (&json!(4), &json!(3600)));
    assert_eq!(lease["amountMicro"], 4 * price);
    assert_eq!(pool.order(&provider, &ask_id).await["state"], "leased");

    // What cannot be undone is not what an agent is offered first.
    let actions = leased["nextActions"].as_array().unwrap();
    let tools: Vec<&str> = actions.iter().map(|action| action["tool"].as_str().unwrap()).collect();
    assert_eq!(tools, ["lease-status", "release"]);
    let lease_id = lease["leaseId"].as_str().unwrap();
    let (status, released) =
        pool.post_text(&buyer, &format!("/v1/leases/{lease_id}/release"), String::new()).await;
    assert_eq!(
        (status, &released["state"], &released["reason"]),
        (200, &json!("closed"), &json!("released"))
    );
    let (is_error, again) = pool.mcp(&buyer).await.call("release", &actions[1]["arguments"]).await;
    assert!(!is_error);
    assert_eq!(again, released);
    let closed = pool.until(&buyer, &bid_id, &["closed"]).await;
    assert_eq!(closed["paidMicro"], 4 * price);
    assert_eq!(closed["refundedMicro"].as_u64().unwrap(), 50_000_000 - 4 * price + 1_000_000);
    let sold = pool.until(&provider, &ask_id, &["closed"]).await;
    assert_eq!(sold["earnedMicro"].as_u64().unwrap(), 4 * price - 4 * price / 100);

    let (_, batch) = pool.get(&buyer, "/v1/batches/0").await;
    assert_eq!((&batch["phase"], &batch["priceMicro"]), (&json!("cleared"), &json!(price)));
    assert!(batch["proofMillis"].as_u64().is_some() && batch["clearingComputeUnits"].as_u64().is_some());
    let (_, quote) = pool.get(&buyer, "/v1/quote?gpuType=H100%2080GB&qty=2&durationSeconds=3600").await;
    assert_eq!((&quote["medianPriceMicro"], &quote["thin"]), (&json!(price), &json!(true)));
    assert_eq!(quote["estimate"]["amountMicro"], 2 * price);
    assert!(pool.books_balance().await);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_cleared_by_the_smallest_circuit_that_holds_it() {
    let pool = TestPool::start().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    let ask = TestOrder::ask(&provider, 1_000_000, 8);
    let ask_id = pool.commit(&provider, &ask).await;
    let mut bids = Vec::new();
    for place in 0..16 {
        let bid = TestOrder::short_bid(&buyer, 1_500_000 + place, 1);
        bids.push((pool.commit(&buyer, &bid).await, bid));
    }
    pool.clock.advance(REVEAL_AT);
    pool.reveal(&provider, &ask, &ask_id).await;
    for (id, bid) in &bids {
        pool.reveal(&buyer, bid, id).await;
    }
    pool.clock.advance(CLEAR_AT - REVEAL_AT);
    for (place, (id, _)) in bids.iter().enumerate() {
        let outcome = if place < 8 { "refunded" } else { "leased" };
        pool.until(&buyer, id, &[outcome]).await;
    }
    assert_eq!(pool.circuit_of(0).await, 64);

    // The next batch is small again.
    let lone = TestOrder::bid(&buyer, 1_000_000, 1);
    let lone_id = pool.commit(&buyer, &lone).await;
    pool.clock.advance(CLEAR_AT);
    pool.until(&buyer, &lone_id, &["refunded"]).await;
    assert_eq!(pool.circuit_of(1).await, 16);
    assert!(pool.books_balance().await);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_paid_after_the_term_and_a_silent_order_loses_its_deposit() {
    let pool = TestPool::start().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    let bid = TestOrder::short_bid(&buyer, 3_600_000, 1);
    let silent = TestOrder::bid(&buyer, 2_000_000, 1);
    let ask = TestOrder::ask(&provider, 3_600_000, 1);
    let bid_id = pool.commit(&buyer, &bid).await;
    let silent_id = pool.commit(&buyer, &silent).await;
    let ask_id = pool.commit(&provider, &ask).await;
    pool.clock.advance(REVEAL_AT);
    pool.reveal(&buyer, &bid, &bid_id).await;
    pool.reveal(&provider, &ask, &ask_id).await;
    pool.clock.advance(CLEAR_AT - REVEAL_AT);

    let refunded = pool.until(&buyer, &silent_id, &["refunded"]).await;
    assert_eq!(
        (&refunded["reason"], &refunded["refundedMicro"]),
        (&json!("notRevealed"), &json!(50_000_000))
    );
    pool.until(&buyer, &bid_id, &["leased"]).await;
    pool.clock.advance(60);
    let closed = pool.until(&buyer, &bid_id, &["closed"]).await;
    assert_eq!(closed["leases"][0]["reason"], "claimed");
    assert_eq!(closed["paidMicro"], 60_000);
    assert!(pool.books_balance().await);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_nobody_revealed_still_clears_and_ends_its_orders() {
    let pool = TestPool::start().await;
    let buyer = pool.buyer.clone();
    let order_id = pool.commit(&buyer, &TestOrder::bid(&buyer, 2_000_000, 1)).await;
    pool.clock.advance(CLEAR_AT);
    let refunded = pool.until(&buyer, &order_id, &["refunded"]).await;
    assert_eq!(refunded["reason"], "notRevealed");
    let (_, batch) = pool.get(&buyer, "/v1/batches/0").await;
    assert_eq!((&batch["phase"], &batch["priceMicro"]), (&json!("cleared"), &json!(null)));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_order_sent_twice_locks_once() {
    let pool = TestPool::start().await;
    let buyer = pool.buyer.clone();
    let order = TestOrder::bid(&buyer, 2_000_000, 1);
    let id = "7f3b3d0a-5d0e-4a41-9a6e-1a0a6a4f0a11";
    let body = order.commit_with("orderId", id);
    let (status, first) = pool.post(&buyer, "/v1/orders/commit", &body).await;
    assert_eq!((status, &first["orderId"]), (200, &json!(id)));
    let locked = pool.account(&buyer).await;
    let (status, second) = pool.post(&buyer, "/v1/orders/commit", &body).await;
    assert_eq!((status, &second["alreadyCommitted"]), (200, &json!(true)));
    assert_eq!(pool.account(&buyer).await, locked);

    let other = TestOrder::bid(&buyer, 2_000_001, 1).commit_with("orderId", id);
    let (status, problem) = pool.post(&buyer, "/v1/orders/commit", &other).await;
    assert_eq!((status, &problem["code"]), (409, &json!("order_id_reused")));
    let changes = [
        ("side", json!("ask")),
        ("gpuType", json!("H200 141GB")),
        ("maxTotalMicro", json!(first["lockedMicro"].as_u64().unwrap() + 1)),
    ];
    for (field, value) in changes {
        let mut other = body.clone();
        other[field] = value;
        let (status, problem) = pool.post(&buyer, "/v1/orders/commit", &other).await;
        assert_eq!((status, &problem["code"]), (409, &json!("order_id_reused")), "another {field}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(&format!("with {field} ")), "{detail}");
    }
    assert_eq!(pool.account(&buyer).await, locked);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_batch_says_what_can_be_done_and_what_is_being_cleared() {
    let pool = TestPool::start().await;
    let buyer = pool.buyer.clone();
    let path = "/v1/batches/current?gpuType=H100%2080GB";
    let (_, open) = pool.get(&buyer, path).await;
    assert_eq!(
        (&open["index"], &open["phase"], &open["secondsLeft"]),
        (&json!(0), &json!("open"), &json!(30))
    );
    assert_eq!(open["clearing"], json!(null));
    pool.clock.advance(REVEAL_AT);
    let (_, revealing) = pool.get(&buyer, path).await;
    assert_eq!((&revealing["phase"], &revealing["secondsLeft"]), (&json!("revealing"), &json!(15)));
    let (_, markets) = pool.get(&buyer, "/v1/markets").await;
    let names: Vec<_> =
        markets["markets"].as_array().unwrap().iter().map(|market| &market["gpuType"]).collect();
    assert_eq!(names, [H100, "H200 141GB", "A100 80GB", "RTX 4090"]);
    pool.stop().await;
}
