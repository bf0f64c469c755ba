//! One order as its owner sees it. `commit`, `reveal`, `lease-status` and
//! `refund` all answer with this shape, so a client parses one thing.
//!
//! It never shows the opening: not even its owner gets the price or the size
//! back from here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::budget::{BudgetView, OwnTerms};
use super::inputs::SideInput;
use super::lease::LeaseView;
use super::next_action::NextAction;

/// Where an order is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum OrderState {
    /// Kept by the vault until a batch takes commits; nothing is locked yet.
    Queued,
    /// Its lock is taken; nobody has its opening.
    Committed,
    /// The matcher holds its opening.
    Revealed,
    /// It ended and its money has not been sent back yet; `refund` does that.
    Refundable,
    /// It was filled; its leases wait for their providers.
    Offered,
    /// At least one lease of it runs.
    Leased,
    /// It ended without paying anything, and its money is back.
    Refunded,
    /// Its leases ended, they were paid, and the rest is back.
    Closed,
}

/// Why an order ended without a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum OrderReason {
    /// Its limit did not meet the other side.
    Unmatched,
    /// Some GPUs were left at its price, but fewer than its `minQty`.
    RefusedForSize,
    /// No opening reached the matcher in the reveal window.
    NotRevealed,
    /// Its batch was not cleared in time.
    BatchVoid,
    /// It was filled, but no provider accepted the lease in time.
    OfferExpired,
}

/// The matcher's signed word that an order is admissible and will be included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// The signing key, base58.
    pub matcher: String,
    /// Seconds since 1970 on the chain's clock, as signed.
    pub time: i64,
    /// ed25519 signature over the message of SPEC section 12, base58.
    pub signature: String,
    /// The signed message, hex.
    pub message: String,
}

/// One commit of an order that its vault commits again where it stays unfilled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttemptView {
    /// Handle of this attempt's order.
    pub order_id: String,
    /// Index of its batch.
    pub batch_index: u64,
    /// How it ended, or where it is.
    pub state: OrderState,
    /// Why it ended without a lease, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<OrderReason>,
    /// Micro-USDC that did not come back: its order fee, and a lost reveal deposit.
    pub lost_micro: u64,
    /// Where it was acknowledged and left out all the same: the matcher's signed word, which
    /// `obscura matcher slash --acknowledgement` makes it pay for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken_acknowledgement: Option<Acknowledgement>,
}

/// What became of an order over its batches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttemptsView {
    /// Batches it may try in all.
    pub good_for_batches: u16,
    /// Batches it may still try.
    pub batches_left: u16,
    /// Every commit so far, the latest last.
    pub made: Vec<AttemptView>,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    /// Handle of the order, a UUID.
    pub order_id: String,
    /// Where it is in its life.
    pub state: OrderState,
    /// Why it ended without a lease, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<OrderReason>,
    /// Market.
    pub gpu_type: String,
    /// Side.
    pub side: SideInput,
    /// Index of its batch.
    pub batch_index: u64,
    /// Position in its batch: time priority.
    pub index_in_batch: u32,
    /// Its commitment, 64 hex digits.
    pub commit_hash: String,
    /// Owner public key, base58.
    pub owner: String,
    /// Address of the order account, base58.
    pub address: String,
    /// Micro-USDC of collateral that it was committed with (bids).
    pub locked_micro: u64,
    /// GPUs that it was committed with, each backed by stake (asks).
    pub lock_gpus: u64,
    /// Micro-USDC taken for processing the order.
    pub order_fee_micro: u64,
    /// Micro-USDC that come back when the order is revealed and included.
    pub reveal_deposit_micro: u64,
    /// Micro-USDC this order has paid to providers, fees included.
    pub paid_micro: u64,
    /// Micro-USDC that went back to the owner when the order ended.
    pub refunded_micro: u64,
    /// Micro-USDC of the reveal deposit that were lost, because the order was not revealed in its window.
    pub forfeited_micro: u64,
    /// Micro-USDC this order has earned, fee already taken off (asks).
    pub earned_micro: u64,
    /// Micro-USDC per GPU-hour that its batch cleared at, once it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clearing_price_micro: Option<u64>,
    /// Its leases.
    pub leases: Vec<LeaseView>,
    /// Seconds until the current phase of its batch ends; 0 once the batch is decided.
    pub seconds_left: u64,
    /// Phase of its batch.
    pub batch_phase: super::batch::BatchPhase,
    /// The matcher's signature, from a private reveal until the batch is cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<Acknowledgement>,
    /// True in the answer to a `commit` that repeats an earlier one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub already_committed: Option<bool>,
    /// True in the answer to a `refund` that had nothing left to move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub already_refunded: Option<bool>,
    /// Its commits so far, where a vault keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<AttemptsView>,
    /// What its owner calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_tag: Option<String>,
    /// What is left to spend, in the answer to a `commit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetView>,
    /// The order itself, where the vault that keeps it is on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<OwnTerms>,
    /// Seconds since 1970 from when on the matcher knows its terms, where it was sealed by the pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matcher_knows_since: Option<i64>,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}
