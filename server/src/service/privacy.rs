//! What an order has told to whom so far, and among how many it hides. The rules are
//! docs/PRIVACY.md's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::next_action::NextAction;

/// Asks what an order has disclosed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivacyInput {
    /// The handle that `commit` returned, a UUID.
    #[schemars(length(min = 1, max = 64))]
    pub order_id: String,
}

/// Somebody who could have learnt something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Observer {
    /// Whoever looks at the chain, other traders included.
    Everyone,
    /// The other parties of its leases.
    Counterparty,
    /// Whoever clears the batch.
    Matcher,
    /// The server that took the order.
    PoolServer,
}

/// What one observer knows of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
    /// Who.
    pub to: Observer,
    /// Owner key, side, lock and time.
    pub identity: bool,
    /// Limit price.
    pub limit_price: bool,
    /// GPUs and duration.
    pub size_and_duration: bool,
}

/// The privacy of one order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrivacyReportView {
    /// Handle of the order.
    pub order_id: String,
    /// Index of its batch.
    pub batch_index: u64,
    /// Orders in its batch so far: no more can join once commits are over.
    pub orders_in_batch: u32,
    /// Owners behind them.
    pub owners_in_batch: u32,
    /// Orders on its own side, itself included.
    pub same_side: u32,
    /// Orders on the other side.
    pub other_side: u32,
    /// Orders, itself included, that look the same to everyone: same side, same lock, same outcome. Any of them
    /// could have its terms.
    pub could_be_it: u32,
    /// Who knows what so far.
    pub disclosed: Vec<Disclosure>,
    /// What a careful trader should know.
    pub warnings: Vec<String>,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}
