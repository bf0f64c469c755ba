//! A receipt that was checked, in words and in figures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::next_action::NextAction;

/// Asks for the check of an order's receipt.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifyInput {
    /// The handle that `commit` returned, a UUID.
    #[schemars(length(min = 1, max = 64))]
    pub order_id: String,
    /// Fingerprint of the one verifying key that counts, 64 hex digits. Default: any.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_fingerprint: Option<String>,
}

/// What the check of a receipt found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedView {
    /// Handle of the order.
    pub order_id: String,
    /// Whether everything in the receipt follows from its proof.
    pub valid: bool,
    /// What was proven, or what is wrong.
    pub statement: String,
    /// Micro-USDC per GPU-hour that the batch cleared at; null where nothing traded or nothing was proven.
    pub clearing_price_micro: Option<u64>,
    /// Leases that the order got.
    pub leases: u32,
    /// Micro-USDC that they cost, fees included; null where not all terms are opened.
    pub amount_micro: Option<u64>,
    /// Fingerprint of the verifying key, 64 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_fingerprint: Option<String>,
    /// True where the key is one under which anybody can forge proofs.
    pub development_key: bool,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}
