//! An order as a test's trader seals it.

use obscura_auction::order::Side;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use obscura_circuits::secret::Secret;
use obscura_client::sealing::{Terms, seal};
use obscura_server::local::DemoAccount;
use serde_json::{Value, json};
use solana_sdk::signer::Signer;

use super::H100;

/// A sealed order with the bodies that `obscura seal` prints.
#[derive(Clone)]
pub struct TestOrder {
    pub commit_body: Value,
    reveal_body: Value,
}

impl TestOrder {
    pub fn bid(owner: &DemoAccount, price_micro: u64, qty: u16) -> Self {
        Self::sealed(owner, Side::Bid, price_micro, qty, None)
    }

    /// A bid for the shortest lease there is.
    pub fn short_bid(owner: &DemoAccount, price_micro: u64, qty: u16) -> Self {
        Self::bid_of(owner, price_micro, qty, 60)
    }

    pub fn bid_of(owner: &DemoAccount, price_micro: u64, qty: u16, seconds: u32) -> Self {
        Self::sealed(owner, Side::Bid, price_micro, qty, Some(seconds))
    }

    pub fn ask(owner: &DemoAccount, price_micro: u64, qty: u16) -> Self {
        Self::sealed(owner, Side::Ask, price_micro, qty, None)
    }

    fn sealed(owner: &DemoAccount, side: Side, price_micro: u64, qty: u16, seconds: Option<u32>) -> Self {
        let terms = Terms {
            gpu_type: H100.to_owned(),
            side,
            price: PriceMicro::new(price_micro).unwrap(),
            qty: Gpus::new(qty).unwrap(),
            min_qty: None,
            duration: seconds.map(|seconds| DurationSeconds::new(seconds).unwrap()),
        };
        let secret = Secret::random(&mut rand::rngs::OsRng);
        let sealed = seal(&terms, &owner.owner.pubkey(), secret).unwrap();
        Self {
            commit_body: serde_json::to_value(&sealed.commit_body).unwrap(),
            reveal_body: serde_json::to_value(&sealed.reveal_body).unwrap(),
        }
    }

    /// The body with a field more.
    pub fn commit_with(&self, field: &str, value: impl Into<Value>) -> Value {
        let mut body = self.commit_body.clone();
        body[field] = value.into();
        body
    }

    pub fn reveal_body(&self, order_id: &str) -> Value {
        let mut body = self.reveal_body.clone();
        body["orderId"] = json!(order_id);
        body
    }
}
