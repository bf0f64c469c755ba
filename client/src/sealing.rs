//! Sealing: from an order's terms to its commitment, its secret, and the two request bodies.
//!
//! Needs no network: a market's tag comes from its GPU type. Must never let a body and its hash
//! disagree: the bodies carry every field that is not the default which the pool will assume, and no
//! other. Defaults: SPEC section 1; bodies: section 13.

use obscura_auction::admissible::{Inadmissible, MarketRules, admissible};
use obscura_auction::field::FieldBytes;
use obscura_auction::lock::Lock;
use obscura_auction::order::{DEFAULT_ASK_DURATION, DEFAULT_BID_DURATION, MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use obscura_circuits::opening::Opening;
use obscura_circuits::secret::Secret;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;
use uuid::Uuid;

/// Longest name of a market.
const MAX_GPU_TYPE_BYTES: usize = 32;

/// An order as its trader writes it: what is left out has its default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub gpu_type: String,
    pub side: Side,
    pub price: PriceMicro,
    pub qty: Gpus,
    /// Default: a bid `qty` (all or none), an ask 1.
    pub min_qty: Option<Gpus>,
    /// Default: a bid 3600, an ask the longest there is.
    pub duration: Option<DurationSeconds>,
}

impl Terms {
    /// The order with every default written out.
    pub fn order(&self) -> Order {
        let Self { gpu_type, side, price, qty, min_qty, duration } = self;
        Order {
            side: *side,
            market: MarketTag::of(gpu_type),
            price: *price,
            qty: *qty,
            min_qty: min_qty.unwrap_or(default_min_qty(*side, *qty)),
            duration: duration.unwrap_or(default_duration(*side)),
        }
    }
}

/// What `minQty` is where nobody says.
pub fn default_min_qty(side: Side, qty: Gpus) -> Gpus {
    match side {
        Side::Bid => qty,
        Side::Ask => Gpus::ONE,
    }
}

/// What `durationSeconds` is where nobody says.
pub fn default_duration(side: Side) -> DurationSeconds {
    match side {
        Side::Bid => DEFAULT_BID_DURATION,
        Side::Ask => DEFAULT_ASK_DURATION,
    }
}

/// A sealed order. Keep the secret: without it the order can only be refunded.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sealed {
    /// 64 hex digits.
    pub commit_hash: String,
    /// 64 hex digits.
    #[serde(serialize_with = "secret_hex")]
    pub secret: Secret,
    /// Made from the commitment: an order that is sealed and sent again locks nothing again.
    pub order_id: Uuid,
    pub commit_body: CommitBody,
    pub reveal_body: RevealBody,
}

/// Body of `POST /v1/orders/commit`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitBody {
    pub gpu_type: String,
    pub commit_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<&'static str>,
    pub order_id: Uuid,
}

/// Body of `POST /v1/orders/reveal`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevealBody {
    pub order_id: Uuid,
    pub price_micro: u64,
    pub qty: u16,
    #[serde(serialize_with = "secret_hex")]
    pub secret: Secret,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_qty: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<u32>,
}

/// Why an order cannot be sealed: no market could include it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error(
        "no market is called {got:?}: a GPU type is 1 to {MAX_GPU_TYPE_BYTES} printable ASCII characters without \
         spaces around it, for example \"H100 80GB\""
    )]
    GpuType { got: String },
    #[error("no market could include this order: {0}")]
    Inadmissible(#[from] Inadmissible),
}

/// Seals `terms` for `owner` under `secret`.
pub fn seal(terms: &Terms, owner: &Pubkey, secret: Secret) -> Result<Sealed, SealError> {
    check_gpu_type(&terms.gpu_type)?;
    let order = terms.order();
    admissible_somewhere(&order)?;
    let opening = Opening { order, owner: owner.to_bytes(), secret: secret.clone() };
    let commit_hash = opening.commit_hash();
    let order_id = order_id_of(&commit_hash);
    let commit_hash = hex::encode(commit_hash);
    Ok(Sealed {
        order_id,
        commit_body: CommitBody {
            gpu_type: terms.gpu_type.clone(),
            commit_hash: commit_hash.clone(),
            side: match order.side {
                Side::Bid => None,
                Side::Ask => Some("ask"),
            },
            order_id,
        },
        reveal_body: reveal_body(order_id, &order, secret.clone()),
        commit_hash,
        secret,
    })
}

/// The id that an order has unless it is given another: the first 128 bits of SHA-256 of `obscura-order-v1:`
/// and the commitment, as a UUID of version 8.
pub fn order_id_of(commit_hash: &FieldBytes) -> Uuid {
    let digest: [u8; 32] =
        Sha256::new().chain_update(b"obscura-order-v1:").chain_update(commit_hash).finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, digest)| *byte = digest);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The program's own rule for the name of a market.
fn check_gpu_type(name: &str) -> Result<(), SealError> {
    let printable = name.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if printable && (1..=MAX_GPU_TYPE_BYTES).contains(&name.len()) && name.trim() == name {
        return Ok(());
    }
    Err(SealError::GpuType { got: name.chars().take(MAX_GPU_TYPE_BYTES).collect() })
}

fn reveal_body(order_id: Uuid, order: &Order, secret: Secret) -> RevealBody {
    let Order { side, market: _, price, qty, min_qty, duration } = *order;
    RevealBody {
        order_id,
        price_micro: price.get(),
        qty: qty.get(),
        secret,
        min_qty: (min_qty != default_min_qty(side, qty)).then_some(min_qty.get()),
        duration_seconds: (duration != default_duration(side)).then_some(duration.get()),
    }
}

/// Asks the market's own predicate under the widest rules and the largest lock there can be, so that
/// only what every market refuses is refused here.
fn admissible_somewhere(order: &Order) -> Result<(), Inadmissible> {
    let max_duration = match order.side {
        Side::Bid => DurationSeconds::MAX,
        Side::Ask => DurationSeconds::MIN,
    };
    let rules = MarketRules { tag: order.market, min_duration: DurationSeconds::MIN, max_duration };
    admissible(order, &rules, Lock { side: order.side, amount: u64::MAX })
}

fn secret_hex<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&secret.to_hex())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bid() -> Terms {
        Terms {
            gpu_type: "H100 80GB".to_owned(),
            side: Side::Bid,
            price: PriceMicro::new(1_860_000).unwrap(),
            qty: Gpus::new(4).unwrap(),
            min_qty: None,
            duration: None,
        }
    }

    fn sealed(terms: &Terms) -> Sealed {
        let secret = Secret::from_hex(&"1".repeat(64)).unwrap();
        seal(terms, &Pubkey::new_from_array([5; 32]), secret).unwrap()
    }

    #[test]
    fn the_bodies_of_a_plain_bid_are_the_shortest_there_are() {
        let sealed = sealed(&bid());
        assert_eq!(
            serde_json::to_value(&sealed.commit_body).unwrap(),
            json!({"gpuType": "H100 80GB", "commitHash": sealed.commit_hash, "orderId": sealed.order_id})
        );
        assert_eq!(
            serde_json::to_value(&sealed.reveal_body).unwrap(),
            json!({"orderId": sealed.order_id, "priceMicro": 1860000, "qty": 4, "secret": "1".repeat(64)})
        );
    }

    #[test]
    fn defaults_that_are_written_out_seal_the_same_and_stay_out_of_the_bodies() {
        let min_qty = Some(Gpus::new(4).unwrap());
        let explicit = Terms { min_qty, duration: Some(DEFAULT_BID_DURATION), ..bid() };
        let value = |sealed| serde_json::to_value(&sealed).unwrap();
        assert_eq!(value(sealed(&explicit)), value(sealed(&bid())));
    }

    #[test]
    fn what_is_not_the_default_is_in_the_bodies() {
        let duration = Some(DurationSeconds::new(7200).unwrap());
        let sealed = sealed(&Terms { side: Side::Ask, duration, ..bid() });
        assert_eq!(serde_json::to_value(&sealed.commit_body).unwrap()["side"], "ask");
        let reveal = serde_json::to_value(&sealed.reveal_body).unwrap();
        assert_eq!((&reveal["durationSeconds"], reveal.get("minQty")), (&json!(7200), None));
    }

    #[test]
    fn an_order_that_no_market_takes_is_not_sealed() {
        let secret = Secret::from_hex(&"1".repeat(64)).unwrap();
        let owner = Pubkey::new_from_array([5; 32]);
        let five = Gpus::new(5).unwrap();
        let above = seal(&Terms { min_qty: Some(five), ..bid() }, &owner, secret.clone()).unwrap_err();
        assert!(matches!(above, SealError::Inadmissible(Inadmissible::MinQtyAboveQty { .. })));
        let two = Gpus::new(2).unwrap();
        let ask = Terms { side: Side::Ask, min_qty: Some(two), ..bid() };
        let undivided = seal(&ask, &owner, secret).unwrap_err();
        assert!(matches!(undivided, SealError::Inadmissible(Inadmissible::AskNotDivisible { .. })));
    }

    #[test]
    fn a_name_that_no_market_can_have_is_not_sealed() {
        for name in ["", " H100", "H100 ", "H100\n80GB", "H\u{e9}100", &"x".repeat(33)] {
            let terms = Terms { gpu_type: name.to_owned(), ..bid() };
            let secret = Secret::from_hex(&"1".repeat(64)).unwrap();
            let refusal = seal(&terms, &Pubkey::new_from_array([5; 32]), secret).unwrap_err();
            assert!(matches!(refusal, SealError::GpuType { .. }), "{name:?}");
        }
    }

    #[test]
    fn an_order_has_one_id_however_often_it_is_sealed_and_another_secret_another_one() {
        let secret = |digit: &str| Secret::from_hex(&digit.repeat(64)).unwrap();
        let id = |digit| seal(&bid(), &Pubkey::new_from_array([5; 32]), secret(digit)).unwrap().order_id;
        assert_eq!(id("1"), id("1"));
        assert_ne!(id("1"), id("2"));
        assert_eq!(id("1").get_version_num(), 8);
    }

    #[test]
    fn debug_output_of_a_sealed_order_hides_the_secret() {
        assert!(!format!("{:?}", sealed(&bid())).contains(&"1".repeat(64)));
    }
}
