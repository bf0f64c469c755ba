//! A trader's balances and the caps of the pool's authority over them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One trader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Owner public key, base58: what `obscura seal --owner` wants.
    pub owner: String,
    /// Address of the trader account, base58.
    pub trader: String,
    /// Micro-USDC free to use.
    pub available_micro: u64,
    /// Micro-USDC behind open orders and leases.
    pub locked_micro: u64,
    /// Micro-OBSC free to use.
    pub obsc_available_micro: u64,
    /// Micro-OBSC behind open asks and leases.
    pub obsc_locked_micro: u64,
    /// What this pool may do for the trader; null when it may do nothing.
    pub delegate: Option<DelegateView>,
}

/// The pool's authority, enforced on chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DelegateView {
    /// The pool's relayer key, base58.
    pub key: String,
    /// Micro-USDC it may have locked or spent in all.
    pub spend_cap_micro: u64,
    /// Micro-USDC of that in use.
    pub spent_micro: u64,
    /// Micro-USDC it may lock per bid: the default of `maxTotalMicro` over HTTP.
    pub order_cap_micro: u64,
    /// GPUs it may lock per ask: the default of `lockGpus`.
    pub order_cap_gpus: u64,
    /// GPUs its asks may have locked in all.
    pub gpu_cap: u64,
    /// GPUs of that in use.
    pub gpus_locked: u64,
    /// Seconds since 1970 when it ends.
    pub expires_at: i64,
    /// May commit, reveal and refund.
    pub may_trade: bool,
    /// May accept, release and claim leases.
    pub may_lease: bool,
}
