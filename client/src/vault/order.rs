//! One order as the vault keeps it, with every commit that was made of it.
//!
//! `Debug` shows no term and no secret. An attempt moves forward only: drawn, sent, committed, revealed,
//! ended; what is not sent yet is nowhere but here.

use std::fmt;

use obscura_auction::order::{Order, Side};
use obscura_auction::units::{DurationSeconds, Gpus, OutOfRange, PriceMicro};
use obscura_circuits::opening::Opening;
use obscura_circuits::secret::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use solana_sdk::pubkey::Pubkey;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::caps::Caps;
use crate::address;
use crate::sealing::{SealError, Terms, seal};

/// An order's terms, with every default written out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptTerms {
    pub gpu_type: String,
    pub ask: bool,
    pub price_micro: u64,
    pub qty: u16,
    pub min_qty: u16,
    pub duration_seconds: u32,
}

impl KeptTerms {
    pub fn of(gpu_type: &str, order: &Order) -> Self {
        let Order { side, market: _, price, qty, min_qty, duration } = order;
        Self {
            gpu_type: gpu_type.to_owned(),
            ask: *side == Side::Ask,
            price_micro: price.get(),
            qty: qty.get(),
            min_qty: min_qty.get(),
            duration_seconds: duration.get(),
        }
    }

    pub fn side(&self) -> Side {
        if self.ask { Side::Ask } else { Side::Bid }
    }

    pub fn terms(&self) -> Result<Terms, OutOfRange> {
        Ok(Terms {
            gpu_type: self.gpu_type.clone(),
            side: self.side(),
            price: PriceMicro::new(self.price_micro)?,
            qty: Gpus::new(self.qty)?,
            min_qty: Some(Gpus::new(self.min_qty)?),
            duration: Some(DurationSeconds::new(self.duration_seconds)?),
        })
    }
}

/// A secret in a record; never printed.
#[derive(Clone)]
pub struct HiddenSecret(pub Secret);

impl Serialize for HiddenSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_hex())
    }
}

impl<'de> Deserialize<'de> for HiddenSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        Secret::from_hex(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// How the matcher came to hold an opening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Revealed {
    /// In private; the matcher's signed word is the evidence against it, should it leave the order out.
    Acknowledged { acknowledgement: Value },
    /// On the chain, for everybody.
    Public { signature: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttemptState {
    /// Its secret was drawn, nothing was sent.
    Drawn,
    /// Its commit was or is being sent: whether it is on the chain has to be asked.
    Sent,
    Committed,
    Revealed(Revealed),
    /// Over: the pool's words for it.
    Ended {
        state: Value,
        reason: Option<Value>,
    },
}

/// One commit of an order, under a secret of its own.
#[derive(Clone, Serialize, Deserialize)]
pub struct Attempt {
    pub order_id: Uuid,
    /// 64 hex digits.
    pub commit_hash: String,
    /// None once the order is over.
    pub secret: Option<HiddenSecret>,
    /// Micro-USDC of a bid, GPUs of an ask; none until it is sent.
    pub lock: Option<u64>,
    pub batch: Option<u64>,
    /// The key that its batch is cleared by, as the chain records it where the chain can be asked.
    pub matcher: Option<Pubkey>,
    pub state: AttemptState,
    /// Micro-USDC that did not come back.
    pub lost_micro: u64,
    /// The matcher's signed word that it will be included: the evidence against it where it was not.
    #[serde(default)]
    pub acknowledgement: Option<Value>,
}

/// An order, from its terms to its outcome.
#[derive(Clone, Serialize, Deserialize)]
pub struct KeptOrder {
    /// What its owner calls it by: the id of its first attempt.
    pub handle: Uuid,
    pub owner: Pubkey,
    pub terms: KeptTerms,
    pub caps: Caps,
    pub client_tag: Option<String>,
    /// Seconds since 1970 when it came.
    pub kept_at: i64,
    /// The latest last; never empty.
    pub attempts: Vec<Attempt>,
    pub batches_used: u16,
    /// The batch that was counted last.
    pub last_batch: Option<u64>,
    /// Its owner wants no further attempt.
    pub stopped: bool,
    /// Its last view, once it is over.
    pub outcome: Option<Value>,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("order_id", &self.order_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for KeptOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptOrder").field("handle", &self.handle).finish_non_exhaustive()
    }
}

impl fmt::Debug for KeptTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptTerms(..)")
    }
}

impl fmt::Debug for HiddenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HiddenSecret(..)")
    }
}

impl Attempt {
    /// Draws a secret and seals; `order_id` is made from the commitment where none is given.
    pub fn draw(terms: &Terms, owner: &Pubkey, order_id: Option<Uuid>) -> Result<Self, SealError> {
        let secret = Secret::random(&mut rand::rngs::OsRng);
        let sealed = seal(terms, owner, secret.clone())?;
        Ok(Self {
            order_id: order_id.unwrap_or(sealed.order_id),
            commit_hash: sealed.commit_hash,
            secret: Some(HiddenSecret(secret)),
            lock: None,
            batch: None,
            matcher: None,
            state: AttemptState::Drawn,
            lost_micro: 0,
            acknowledgement: None,
        })
    }

    /// Nothing can happen to it any more.
    pub fn is_over(&self) -> bool {
        matches!(self.state, AttemptState::Ended { .. })
    }

    /// The address of its order account.
    pub fn address(&self, owner: &Pubkey) -> Pubkey {
        address::order(owner, self.order_id)
    }
}

impl KeptOrder {
    pub fn latest(&self) -> &Attempt {
        self.attempts.last().expect("an order is kept with its first attempt")
    }

    pub fn latest_mut(&mut self) -> &mut Attempt {
        self.attempts.last_mut().expect("an order is kept with its first attempt")
    }

    /// The opening of its latest attempt, while its secret is kept.
    pub fn opening(&self) -> Option<Opening> {
        let HiddenSecret(secret) = self.latest().secret.clone()?;
        let order = self.terms.terms().ok()?.order();
        Some(Opening { order, owner: self.owner.to_bytes(), secret })
    }

    /// Micro-USDC that its attempts lost.
    pub fn lost_micro(&self) -> u64 {
        self.attempts.iter().map(|attempt| attempt.lost_micro).fold(0, u64::saturating_add)
    }

    /// Batches that it may still try.
    pub fn batches_left(&self) -> u16 {
        if self.stopped { 0 } else { self.caps.good_for_batches.saturating_sub(self.batches_used) }
    }

    /// Counts `batch` as tried, once.
    pub fn use_batch(&mut self, batch: u64) {
        if self.last_batch != Some(batch) {
            self.last_batch = Some(batch);
            self.batches_used = self.batches_used.saturating_add(1);
        }
    }

    /// It is over: what became of it stays, its secrets go.
    pub fn end(&mut self, outcome: Value) {
        self.outcome = Some(outcome);
        self.attempts.iter_mut().for_each(|attempt| attempt.secret = None);
    }

    pub fn is_over(&self) -> bool {
        self.outcome.is_some()
    }
}
