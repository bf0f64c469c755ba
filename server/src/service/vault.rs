//! What a vault does for its user: it draws the secret, seals, keeps the opening, reveals by itself
//! when the window opens, and takes back what is left.
//!
//! Its inputs are an order's terms, never a secret: nothing that a model has to copy, and nothing that
//! it could leak. An order is followed by the handle of its first attempt, however often it is
//! committed again.

use std::fmt;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::budget::CommitPreview;
use super::caller::Caller;
use super::error::ServiceError;
use super::inputs::{LeaseStatusInput, RefundInput, SideInput};
use super::order::OrderView;
use super::orders::{OrdersInput, OrdersView};

/// An order in the clear, for a vault to seal.
///
/// `Debug` shows no term: they are what the market keeps dark.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TermsInput {
    /// Market, for example "H100 80GB"; close spellings such as "h100" are understood.
    #[schemars(length(min = 1, max = 64), example = "H100 80GB")]
    pub gpu_type: String,
    /// `bid` buys, `ask` sells. Default `bid`.
    pub side: Option<SideInput>,
    /// Micro-USDC per GPU-hour (1860000 is 1.86 USDC): the most a bid pays, the least an ask accepts.
    #[schemars(range(min = 1, max = 1_099_511_627_775u64), example = 1_860_000)]
    pub price_micro: u64,
    /// GPUs asked for or offered.
    #[schemars(range(min = 1, max = 4096), example = 4)]
    pub qty: u16,
    /// Bids: least GPUs accepted. Default `qty`, all or none.
    #[schemars(range(min = 1, max = 4096))]
    pub min_qty: Option<u16>,
    /// Seconds each GPU is leased for. Default: 3600 for a bid; an ask takes any duration.
    #[schemars(range(min = 60, max = 2_592_000), example = 3600)]
    pub duration_seconds: Option<u32>,
    /// Bids, required: micro-USDC that the order may cost at most, and that are locked. At least
    /// `ceil(priceMicro*qty*durationSeconds/3600) + qty - 1`. Order fee and reveal deposit come on top.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991u64), example = 8_000_000)]
    pub max_total_micro: Option<u64>,
    /// Asks: GPUs to lock, at least `qty`. Default `qty`.
    #[schemars(range(min = 1, max = 4096))]
    pub lock_gpus: Option<u16>,
    /// Batches to try: an unfilled order is committed again, with a fresh secret, under the same total cap.
    /// Default 1.
    #[schemars(range(min = 1, max = 100))]
    pub good_for_batches: Option<u16>,
    /// Commit only into a batch that holds at least this many orders, this one included; else nothing is locked.
    #[schemars(range(min = 1, max = 1024))]
    pub min_batch_orders: Option<u16>,
    /// Your own name for what this is for; stays off the chain, `account` sums spending by it.
    #[schemars(length(min = 1, max = 64))]
    pub client_tag: Option<String>,
    /// UUID of your choice, the idempotency key: the same request again answers with the same order.
    #[schemars(extend("format" = "uuid"))]
    pub order_id: Option<String>,
    /// True: lock nothing, show what would be locked, the worst cost, the batch and the budget left.
    pub dry_run: Option<bool>,
}

impl fmt::Debug for TermsInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TermsInput").field("gpu_type", &self.gpu_type).finish_non_exhaustive()
    }
}

/// A lease to get within a budget; the vault picks the limit, bids, reveals and takes back what is left.
///
/// `Debug` shows no term.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseInput {
    /// Market, for example "H100 80GB"; close spellings such as "h100" are understood.
    #[schemars(length(min = 1, max = 64), example = "H100 80GB")]
    pub gpu_type: String,
    /// GPUs.
    #[schemars(range(min = 1, max = 4096), example = 4)]
    pub qty: u16,
    /// Seconds each GPU is leased for. Default 3600.
    #[schemars(range(min = 60, max = 2_592_000), example = 3600)]
    pub duration_seconds: Option<u32>,
    /// Budget: micro-USDC that the lease may cost at most, and that are locked. Order fee and reveal deposit
    /// come on top.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991u64), example = 8_000_000)]
    pub max_total_micro: u64,
    /// Most micro-USDC per GPU-hour to bid. Default: what the budget allows, and where prices are well known no
    /// more than a quarter above them.
    #[schemars(range(min = 1, max = 1_099_511_627_775u64))]
    pub max_price_micro: Option<u64>,
    /// Least GPUs accepted. Default `qty`, all or none.
    #[schemars(range(min = 1, max = 4096))]
    pub min_qty: Option<u16>,
    /// Batches to try. Default 1.
    #[schemars(range(min = 1, max = 100))]
    pub good_for_batches: Option<u16>,
    /// Commit only into a batch that holds at least this many orders, this one included.
    #[schemars(range(min = 1, max = 1024))]
    pub min_batch_orders: Option<u16>,
    /// Your own name for what this is for; `account` sums spending by it.
    #[schemars(length(min = 1, max = 64))]
    pub client_tag: Option<String>,
    /// UUID of your choice, the idempotency key.
    #[schemars(extend("format" = "uuid"))]
    pub order_id: Option<String>,
    /// True: lock nothing, show what would happen.
    pub dry_run: Option<bool>,
}

impl fmt::Debug for LeaseInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeaseInput").field("gpu_type", &self.gpu_type).finish_non_exhaustive()
    }
}

/// Asks a vault to reveal now an order whose opening it keeps.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevealKeptInput {
    /// The handle that `commit` or `lease` returned, a UUID.
    #[schemars(length(min = 1, max = 64))]
    pub order_id: String,
}

/// Keeps openings for its user. Every method is idempotent, or says in its error what already happened.
#[async_trait]
pub trait VaultService: Send + Sync {
    /// What `commit_terms` would do with these terms. Keeps and locks nothing.
    async fn preview_terms(&self, caller: &Caller, input: TermsInput) -> Result<CommitPreview, ServiceError>;

    /// What `lease` would do. Keeps and locks nothing.
    async fn preview_lease(&self, caller: &Caller, input: LeaseInput) -> Result<CommitPreview, ServiceError>;

    /// Seals and keeps an order, and commits it now or in the next commit window.
    async fn commit_terms(&self, caller: &Caller, input: TermsInput) -> Result<OrderView, ServiceError>;

    /// Reveals a kept order at once, where its window is open.
    async fn reveal_kept(&self, caller: &Caller, input: RevealKeptInput) -> Result<OrderView, ServiceError>;

    /// Bids for a lease within a budget.
    async fn lease(&self, caller: &Caller, input: LeaseInput) -> Result<OrderView, ServiceError>;

    /// Where an order stands: the latest attempt of a handle, or any order of the pool's.
    async fn order_status(&self, caller: &Caller, input: LeaseStatusInput)
    -> Result<OrderView, ServiceError>;

    /// The caller's orders, by their handles; those that wait for a batch with them.
    async fn orders(&self, caller: &Caller, input: OrdersInput) -> Result<OrdersView, ServiceError>;

    /// Stops trying, and gives back what an order no longer needs.
    async fn refund(&self, caller: &Caller, input: RefundInput) -> Result<OrderView, ServiceError>;
}
