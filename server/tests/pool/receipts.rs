//! Receipts: what each kind of order gets, over both faces, and that none survives a change.

use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::size::BatchSize;
use obscura_client::receipt::{OrderSide, Outcome, Receipt};
use serde_json::{Value, json};

use crate::harness::{CLEAR_AT, REVEAL_AT, TestOrder, TestPool};

/// A cleared batch: a bid that is split over two asks, one that loses, and one that nobody reveals.
struct Traded {
    pool: TestPool,
    split: String,
    loser: String,
    silent: String,
    ask: String,
}

async fn traded() -> Traded {
    let pool = TestPool::start().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    let split = TestOrder::bid(&buyer, 2_000_000, 4);
    let loser = TestOrder::bid(&buyer, 1_000_000, 1);
    let silent = TestOrder::bid(&buyer, 3_000_000, 1);
    let asks = [TestOrder::ask(&provider, 1_500_000, 2), TestOrder::ask(&provider, 1_600_000, 2)];
    let mut ids = Vec::new();
    for order in [&split, &loser, &silent] {
        ids.push(pool.commit(&buyer, order).await);
    }
    for ask in &asks {
        ids.push(pool.commit(&provider, ask).await);
    }
    pool.clock.advance(REVEAL_AT);
    pool.reveal(&buyer, &split, &ids[0]).await;
    pool.reveal(&buyer, &loser, &ids[1]).await;
    for (ask, id) in asks.iter().zip(&ids[3..]) {
        pool.reveal(&provider, ask, id).await;
    }
    pool.clock.advance(CLEAR_AT - REVEAL_AT);
    pool.until(&buyer, &ids[0], &["leased"]).await;
    pool.until(&buyer, &ids[1], &["refunded"]).await;
    let [split, loser, silent, ask, _] = ids.try_into().unwrap();
    Traded { pool, split, loser, silent, ask }
}

impl Traded {
    async fn receipt(&self, id: &str) -> Value {
        let account = if id == self.ask { &self.pool.provider } else { &self.pool.buyer };
        let (status, receipt) = self.pool.get(account, &format!("/v1/receipts/{id}")).await;
        assert_eq!(status, 200, "{receipt}");
        receipt
    }
}

fn read(receipt: &Value) -> Receipt {
    Receipt::from_json(receipt.to_string().as_bytes()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_a_cleared_batch_has_a_receipt_that_proves_its_outcome() {
    let traded = traded().await;
    let verified = read(&traded.receipt(&traded.split).await).verify().unwrap();
    assert_eq!((verified.side, verified.outcome, verified.leases), (OrderSide::Bid, Outcome::Filled, 2));
    assert_eq!((verified.gpus, verified.amount_micro), (Some(4), Some(4 * verified.price_micro.unwrap())));
    let text = verified.to_string();
    assert!(text.contains("traded 4 GPUs in 2 leases") && text.contains("development key"), "{text}");

    let sold = read(&traded.receipt(&traded.ask).await).verify().unwrap();
    assert_eq!((sold.side, sold.gpus, sold.leases), (OrderSide::Ask, Some(2), 1));
    let loser = read(&traded.receipt(&traded.loser).await).verify().unwrap();
    assert_eq!((loser.outcome, loser.leases, loser.gpus), (Outcome::Unfilled, 0, Some(0)));
    let silent = read(&traded.receipt(&traded.silent).await).verify().unwrap();
    assert_eq!(silent.outcome, Outcome::NotIncluded);
    assert_eq!(silent.fingerprint, VerifyingKeyBytes::development(BatchSize::S16).fingerprint());
    traded.pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_opens_its_leases_also_after_their_close_and_a_restart() {
    let mut traded = traded().await;
    let before = traded.receipt(&traded.split).await;
    let lease = before["leases"][0]["leaseId"].as_str().unwrap();
    let path = format!("/v1/leases/{lease}/release");
    let (status, _) = traded.pool.post(&traded.pool.buyer, &path, &Value::Null).await;
    assert_eq!(status, 200);
    traded.pool.until_terms_are_public(lease).await;
    traded.pool = traded.pool.restart().await;
    assert_eq!(traded.receipt(&traded.split).await, before);
    traded.pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_an_mcp_resource_too() {
    let traded = traded().await;
    let session = traded.pool.mcp(&traded.pool.buyer).await;
    assert!(session.resource_templates().await.contains(&"obscura://receipts/{orderId}".to_owned()));
    let receipt = session.resource(&format!("obscura://receipts/{}", traded.split)).await.unwrap();
    assert_eq!(receipt, traded.receipt(&traded.split).await);
    let foreign = session.resource(&format!("obscura://receipts/{}", traded.ask)).await.unwrap_err();
    assert_eq!(foreign["code"], "order_not_found");
    traded.pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_receipt_before_the_clearing_nor_of_a_void_batch() {
    let pool = TestPool::start().await;
    let buyer = pool.buyer.clone();
    let id = pool.commit(&buyer, &TestOrder::bid(&buyer, 2_000_000, 1)).await;
    let path = format!("/v1/receipts/{id}");
    let (status, early) = pool.get(&buyer, &path).await;
    assert_eq!((status, &early["code"]), (409, &json!("wrong_phase")));
    let pool = pool.restart_after(1_000).await;
    pool.until(&buyer, &id, &["refunded"]).await;
    let (status, void) = pool.get(&buyer, &path).await;
    assert_eq!((status, &void["code"]), (404, &json!("no_receipt")));
    let (status, foreign) = pool.get(&pool.provider, &path).await;
    assert_eq!((status, &foreign["code"]), (404, &json!("order_not_found")));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_was_changed_anywhere_is_refused() {
    let traded = traded().await;
    for id in [&traded.split, &traded.ask, &traded.loser, &traded.silent] {
        let honest = traded.receipt(id).await;
        let mut changes = 0;
        for pointer in leaves(&honest, String::new()) {
            let mut forged = honest.clone();
            let leaf = forged.pointer_mut(&pointer).unwrap();
            *leaf = changed(leaf);
            let text = forged.to_string();
            let refused = match Receipt::from_json(text.as_bytes()) {
                Ok(receipt) => receipt.verify().err().map(|error| error.to_string()),
                Err(malformed) => Some(malformed.to_string()),
            };
            assert!(refused.is_some(), "{pointer} was changed and nobody noticed");
            changes += 1;
        }
        assert!(changes > 40, "{changes}");
    }
    traded.pool.stop().await;
}

/// Pointers to every value that is no list and no object.
fn leaves(value: &Value, pointer: String) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| leaves(value, format!("{pointer}/{name}"))).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(at, value)| leaves(value, format!("{pointer}/{at}")))
            .collect(),
        _ => vec![pointer],
    }
}

/// Another value of the same kind.
fn changed(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_u64().unwrap() + 1),
        Value::Null => json!(1),
        Value::String(text) => match text.as_str() {
            "bid" => json!("ask"),
            "ask" => json!("bid"),
            "filled" | "notIncluded" => json!("unfilled"),
            "unfilled" => json!("filled"),
            _ => {
                let (rest, last) = text.split_at(text.len() - 1);
                json!(format!("{rest}{}", if last == "1" { '2' } else { '1' }))
            }
        },
        other => other.clone(),
    }
}
