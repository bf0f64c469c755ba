//! A keeper over a whole pool: what an agent gets that never sees a secret, also where the process dies, the
//! pool is silent or the market thin.

use serde_json::{Value, json};
use solana_sdk::signature::{Keypair, Signer};

use crate::harness::{CLEAR_AT, REVEAL_AT, TestOrder, TestPool};
use crate::vault_world::{VaultWorld, bid, sealed_to};

const BATCH: u32 = CLEAR_AT;

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_lease_through_the_vault_needs_no_secret_and_no_reveal() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    let before = pool.account(&pool.buyer).await;
    let ask = TestOrder::ask(&pool.provider, 1_000_000, 2);
    let ask_id = pool.commit(&pool.provider, &ask).await;
    let order = world.commit(bid(2_000_000, 2)).await.unwrap();
    assert_eq!((&order["state"], &order["lockedMicro"]), (&json!("committed"), &json!(5_000_000)));
    let handle = order["orderId"].as_str().unwrap().to_owned();

    pool.clock.advance(REVEAL_AT);
    let revealed = world.until(&handle, &["revealed"]).await;
    assert!(revealed["acknowledgement"]["signature"].is_string());
    pool.reveal(&pool.provider, &ask, &ask_id).await;
    pool.clock.advance(CLEAR_AT - REVEAL_AT);
    let leased = world.until(&handle, &["leased"]).await;
    assert_eq!(leased["leases"][0]["qty"], 2);
    let lease = leased["leases"][0]["leaseId"].as_str().unwrap();
    let path = format!("/v1/leases/{lease}/release");
    let (status, body) = pool.post(&pool.buyer, &path, &json!({})).await;
    assert_eq!(status, 200, "{body}");
    let closed = world.until(&handle, &["closed"]).await;
    assert_eq!(closed["orderId"], handle);
    world.until_nothing_is_kept().await;
    let after = pool.account(&pool.buyer).await;
    let available = |account: &Value| account["availableMicro"].as_u64().unwrap();
    let paid = closed["paidMicro"].as_u64().unwrap();
    assert_eq!(available(&before) - available(&after), paid + 10_000);
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_between_commit_and_reveal_loses_nothing() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    let handle = world.commit(bid(2_000_000, 1)).await.unwrap()["orderId"].as_str().unwrap().to_owned();
    let world = world.restart(&pool).await;
    pool.clock.advance(REVEAL_AT);
    world.until(&handle, &["revealed"]).await;
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_intent_and_before_or_after_the_commit_locks_once() {
    let pool = TestPool::start().await;
    for lands in [false, true] {
        let locked = pool.account(&pool.buyer).await["lockedMicro"].as_u64().unwrap();
        let world = VaultWorld::whose_commits_are_lost(&pool, lands).await;
        // The pool's answer never comes: the order is kept, and nobody knows whether it is on the chain.
        let order = world.commit(bid(2_000_000, 1)).await.unwrap();
        let handle = order["orderId"].as_str().unwrap().to_owned();
        let world = world.restart(&pool).await;
        world.until(&handle, &["committed"]).await;
        let after = pool.account(&pool.buyer).await["lockedMicro"].as_u64().unwrap();
        assert_eq!(after - locked, 2_000_000 + 1_010_000, "lands: {lands}");
        world.stop().await;
    }
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_again_is_the_same_order_and_another_under_its_id_is_refused() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    let id = "5f0f9a52-0d3c-4b7e-9d65-5c3ac86f4a11";
    let mut input = bid(2_000_000, 1);
    input.order_id = Some(id.into());
    let first = world.commit(input.clone()).await.unwrap();
    let again = world.commit(input.clone()).await.unwrap();
    assert_eq!((&first["orderId"], &again["orderId"]), (&json!(id), &json!(id)));
    assert_eq!(again["alreadyCommitted"], true);
    input.price_micro += 1;
    let refused = world.commit(input).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("order_id_reused", Some("orderId")));
    assert!(!refused.to_string().contains("2000001"), "{refused}");
    assert_eq!(pool.account(&pool.buyer).await["lockedMicro"], 3_010_000);
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_a_commit_window_an_order_waits_for_the_next_one() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    pool.clock.advance(REVEAL_AT);
    let order = world.commit(bid(2_000_000, 1)).await.unwrap();
    assert_eq!((&order["state"], &order["lockedMicro"]), (&json!("queued"), &json!(0)));
    let handle = order["orderId"].as_str().unwrap();
    pool.clock.advance(BATCH - REVEAL_AT);
    let committed = world.until(handle, &["committed"]).await;
    assert_eq!(committed["batchIndex"], 1);
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_waits_is_listed_and_ends_at_a_word_with_nothing_locked() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    pool.clock.advance(REVEAL_AT);
    let order = world.commit(bid(2_000_000, 1)).await.unwrap();
    let handle = order["orderId"].as_str().unwrap();
    assert_eq!(order["terms"]["priceMicro"], 2_000_000);
    let listed = world.orders().await;
    assert_eq!((&listed["orders"][0]["orderId"], &listed["total"]), (&json!(handle), &json!(1)));
    let ended = world.refund(handle).await.unwrap();
    assert_eq!(ended["state"], "refunded");
    pool.clock.advance(BATCH - REVEAL_AT);
    assert_eq!(world.orders().await["total"], 0);
    assert_eq!(pool.account(&pool.buyer).await["lockedMicro"], 0);
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_refuses_what_the_order_would_be_refused_for() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    let shown = world.preview(bid(2_000_000, 2)).await.unwrap();
    assert_eq!((&shown["lockedMicro"], &shown["terms"]["qty"]), (&json!(5_000_000), &json!(2)));
    let mut poor = bid(2_000_000, 2);
    poor.max_total_micro = Some(3);
    assert_eq!(world.preview(poor).await.unwrap_err().field(), Some("maxTotalMicro"));
    let mut odd = bid(2_000_000, 2);
    odd.min_qty = Some(3);
    assert_eq!(world.preview(odd).await.unwrap_err().field(), Some("minQty"));
    assert_eq!(pool.account(&pool.buyer).await["lockedMicro"], 0);
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfilled_order_is_committed_again_under_a_fresh_secret_until_its_batches_are_used_up() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    let mut input = bid(2_000_000, 1);
    input.good_for_batches = Some(2);
    let first = world.commit(input).await.unwrap();
    let handle = first["orderId"].as_str().unwrap().to_owned();
    pool.clock.advance(REVEAL_AT);
    world.until(&handle, &["revealed"]).await;
    pool.clock.advance(BATCH - REVEAL_AT);
    let second = world.until_batch(&handle, 1).await;
    assert_eq!((&second["orderId"], &second["attempts"]["batchesLeft"]), (&json!(handle), &json!(0)));
    assert_ne!(second["commitHash"], first["commitHash"]);
    assert_eq!(second["attempts"]["made"][0]["reason"], "unmatched");
    pool.clock.advance(REVEAL_AT);
    world.until(&handle, &["revealed"]).await;
    pool.clock.advance(BATCH - REVEAL_AT);
    let over = world.until(&handle, &["refunded"]).await;
    assert_eq!(over["attempts"]["made"].as_array().unwrap().len(), 2);
    let lost: u64 = over["attempts"]["made"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["lostMicro"].as_u64().unwrap())
        .sum();
    assert_eq!(lost, 20_000);
    assert_eq!(pool.account(&pool.buyer).await["lockedMicro"], 0);
    world.until_nothing_is_kept().await;
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_waits_for_company_and_ends_with_nothing_locked_where_none_comes() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    let before = pool.account(&pool.buyer).await["availableMicro"].clone();
    let mut input = bid(2_000_000, 1);
    input.min_batch_orders = Some(2);
    let alone = world.commit(input.clone()).await.unwrap();
    assert_eq!(alone["state"], "queued");
    pool.clock.advance(REVEAL_AT);
    let over = world.until(alone["orderId"].as_str().unwrap(), &["refunded"]).await;
    assert_eq!((&over["lockedMicro"], &over["orderFeeMicro"]), (&json!(0), &json!(0)));
    assert_eq!(pool.account(&pool.buyer).await["availableMicro"], before);

    pool.clock.advance(BATCH - REVEAL_AT);
    let waiting = world.commit(input).await.unwrap();
    assert_eq!(waiting["state"], "queued");
    pool.commit(&pool.provider, &TestOrder::ask(&pool.provider, 9_000_000, 1)).await;
    world.until(waiting["orderId"].as_str().unwrap(), &["committed"]).await;
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_pool_never_acknowledges_the_order_is_revealed_on_the_chain_and_included() {
    let pool = TestPool::start().await;
    let world = VaultWorld::whose_reveals_are_lost(&pool).await;
    let handle = world.commit(bid(2_000_000, 1)).await.unwrap()["orderId"].as_str().unwrap().to_owned();
    pool.clock.advance(REVEAL_AT);
    world.until_a_reveal_was_tried().await;
    pool.clock.advance(4);
    world.until(&handle, &["revealed"]).await;
    pool.clock.advance(BATCH - REVEAL_AT - 4);
    let over = world.until(&handle, &["refunded"]).await;
    // Included: its deposit came back.
    assert_eq!((&over["reason"], &over["forfeitedMicro"]), (&json!("unmatched"), &json!(0)));
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_stops_further_attempts_and_a_waiting_order_ends_at_once() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    let mut input = bid(2_000_000, 1);
    input.good_for_batches = Some(5);
    let committed = world.commit(input.clone()).await.unwrap();
    let handle = committed["orderId"].as_str().unwrap().to_owned();
    let undecided = world.refund(&handle).await.unwrap_err();
    assert_eq!(undecided.code(), "wrong_phase");
    pool.clock.advance(REVEAL_AT);
    world.until(&handle, &["revealed"]).await;
    let queued = world.commit(input).await.unwrap();
    let over = world.refund(queued["orderId"].as_str().unwrap()).await.unwrap();
    assert_eq!((&over["state"], &over["lockedMicro"]), (&json!("refunded"), &json!(0)));
    pool.clock.advance(BATCH - REVEAL_AT);
    let over = world.until(&handle, &["refunded"]).await;
    assert_eq!(over["attempts"]["made"].as_array().unwrap().len(), 1);
    assert_eq!(world.refund(&handle).await.unwrap()["alreadyRefunded"], true);
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_pool_refuses_for_good_is_told_at_once_and_kept_nowhere() {
    let pool = TestPool::start().await;
    let world = VaultWorld::over(&pool).await;
    let mut dear = bid(90_000_000, 1);
    dear.max_total_micro = Some(100_000_000);
    let refused = world.commit(dear).await.unwrap_err();
    assert_eq!(refused.code(), "cap_exceeded", "{refused}");
    let mut under = bid(2_000_000, 4);
    under.max_total_micro = Some(1_000_000);
    let refused = world.commit(under).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("invalid_arguments", Some("maxTotalMicro")));
    world.until_nothing_is_kept().await;
    world.stop().await;
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_sealed_for_another_order_or_sent_early_is_refused() {
    let pool = TestPool::start().await;
    let (one, two) = (TestOrder::bid(&pool.buyer, 2_000_000, 1), TestOrder::bid(&pool.buyer, 2_100_000, 1));
    let (one_id, two_id) = (pool.commit(&pool.buyer, &one).await, pool.commit(&pool.buyer, &two).await);
    let matcher = pool.matcher().await;
    let sealed = |order: &TestOrder, id: &str| sealed_to(order, &matcher, &pool.buyer, id);
    let send = |id: &str, sealed: String| {
        let body = json!({ "orderId": id, "sealedOpening": sealed });
        let pool = &pool;
        async move { pool.post(&pool.buyer, "/v1/orders/reveal-sealed", &body).await }
    };
    let (status, early) = send(&one_id, sealed(&one, &one_id)).await;
    assert_eq!((status, &early["code"]), (409, &json!("wrong_phase")));
    pool.clock.advance(REVEAL_AT);
    let (status, moved) = send(&two_id, sealed(&one, &one_id)).await;
    assert_eq!((status, &moved["code"]), (422, &json!("sealed_opening_malformed")), "{moved}");
    let (status, stranger) =
        send(&one_id, sealed_to(&one, &Keypair::new().pubkey(), &pool.buyer, &one_id)).await;
    assert_eq!((status, &stranger["field"]), (422, &json!("sealedOpening")));
    let (status, taken) = send(&one_id, sealed(&one, &one_id)).await;
    assert_eq!((status, &taken["state"]), (200, &json!("revealed")), "{taken}");
    assert!(taken["acknowledgement"].is_object());
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_seals_for_its_caller_says_from_when_on_it_knows() {
    let pool = TestPool::start().await;
    let body = json!({
        "gpuType": "H100 80GB", "sealing": "pool", "priceMicro": 2_000_000, "qty": 1, "maxTotalMicro": 3_000_000,
    });
    let (status, order) = pool.post(&pool.buyer, "/v1/orders/commit", &body).await;
    assert_eq!(status, 200, "{order}");
    assert_eq!(order["state"], "committed");
    assert!(order["matcherKnowsSince"].as_i64().unwrap() >= 1_800_000_000, "{order}");
    pool.clock.advance(REVEAL_AT);
    pool.until(&pool.buyer, order["orderId"].as_str().unwrap(), &["revealed"]).await;
    let (pool, handle) = (pool.restart().await, order["orderId"].as_str().unwrap().to_owned());
    pool.clock.advance(CLEAR_AT - REVEAL_AT);
    pool.until(&pool.buyer, &handle, &["refunded"]).await;
    pool.stop().await;
}
