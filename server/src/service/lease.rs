//! One lease as a party to it sees it. Size, duration and amount are shown to
//! its buyer and its provider only: the chain holds just their hash.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::inputs::SideInput;
use super::next_action::NextAction;
use super::untrusted_text::UntrustedText;

/// Where a lease is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LeaseState {
    /// Waits for the provider.
    Offered,
    /// Runs.
    Active,
    /// Ended; `reason` says how.
    Closed,
}

/// What a lease is for: the opening of the terms hash on chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeaseTermsView {
    /// GPUs.
    pub qty: u16,
    /// Seconds the lease runs for.
    pub duration_seconds: u32,
    /// Position of the provider's ask in the batch.
    pub ask_index: u16,
    /// Blinding element of the terms hash, 64 hex digits.
    pub blind: String,
}

/// One lease.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeaseView {
    /// Address of the lease account, base58.
    pub lease_id: String,
    /// Where it is in its life.
    pub state: LeaseState,
    /// How it ended, where it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whose fault the end is, once it has ended: `nobody` or `provider`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The caller's side of it.
    pub side: SideInput,
    /// Owner key of the buyer, base58.
    pub buyer: String,
    /// Owner key of the provider, base58.
    pub provider: String,
    /// What the provider says of its machines; absent where it registered none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_label: Option<UntrustedText>,
    /// GPUs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<u16>,
    /// Seconds the lease runs for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<u32>,
    /// Micro-USDC the whole lease costs, fee included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_micro: Option<u64>,
    /// Micro-USDC that the buyer paid, fee included, once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_micro: Option<u64>,
    /// The opening of the terms hash, to close the lease without this pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<LeaseTermsView>,
    /// Seconds since 1970 on the chain's clock when the lease was offered.
    pub offered_at: i64,
    /// When the provider accepted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<i64>,
    /// When its term ends; the provider may claim from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<i64>,
    /// Last second at which the provider may accept it, while it is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_by: Option<i64>,
    /// Last second at which the host may answer the buyer's challenge, while one is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<i64>,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}
