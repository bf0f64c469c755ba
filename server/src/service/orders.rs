//! The caller's orders, the latest first: for whoever lost a handle.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::inputs::SideInput;
use super::next_action::NextAction;
use super::order::{OrderReason, OrderState, OrderView};

/// Asks for the caller's orders.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrdersInput {
    /// True: also those that are over. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
    /// Most orders to list. Default 20.
    #[schemars(range(min = 1, max = 50))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

/// One order in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    /// Handle of the order.
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
    /// Seconds since 1970 on the chain's clock when it was committed.
    pub committed_at: i64,
    /// Micro-USDC it was committed with (bids).
    pub locked_micro: u64,
    /// GPUs it was committed with (asks).
    pub lock_gpus: u64,
    /// Micro-USDC paid to providers.
    pub paid_micro: u64,
    /// Micro-USDC earned (asks).
    pub earned_micro: u64,
    /// What its owner calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_tag: Option<String>,
}

impl OrderLine {
    /// The line of an order that was committed, or kept, at `committed_at`.
    pub fn of(view: OrderView, committed_at: i64) -> Self {
        Self {
            order_id: view.order_id,
            state: view.state,
            reason: view.reason,
            gpu_type: view.gpu_type,
            side: view.side,
            batch_index: view.batch_index,
            committed_at,
            locked_micro: view.locked_micro,
            lock_gpus: view.lock_gpus,
            paid_micro: view.paid_micro,
            earned_micro: view.earned_micro,
            client_tag: view.client_tag,
        }
    }
}

/// The caller's orders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrdersView {
    /// The latest first.
    pub orders: Vec<OrderLine>,
    /// How many there are, listed or not.
    pub total: u32,
    /// What can be done next.
    pub next_actions: Vec<NextAction>,
}
