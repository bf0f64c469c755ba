//! A trader's balances and the caps of the pool's authority over them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::budget::BudgetView;
use super::next_action::NextAction;

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
    /// What is left to spend through this pool; null when it may do nothing.
    pub budget: Option<BudgetView>,
    /// Micro-USDC per hour that the running leases cost.
    pub burn_micro_per_hour: u64,
    /// Seconds until the budget is used up at that rate; null where nothing runs.
    pub runs_out_in_seconds: Option<u64>,
    /// Orders that are not over.
    pub open_orders: u32,
    /// Spending by `clientTag`; orders without one are summed without one. The largest first, at most 20.
    pub spending: Vec<TagSpending>,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}

/// What the orders of one tag took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagSpending {
    /// The tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_tag: Option<String>,
    /// Orders.
    pub orders: u32,
    /// Micro-USDC paid for leases, order fees and lost deposits.
    pub spent_micro: u64,
    /// Micro-USDC still locked.
    pub locked_micro: u64,
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
