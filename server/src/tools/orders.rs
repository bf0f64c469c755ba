//! `orders`: the caller's orders. Changes nothing.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, Desk, ToolDefinition, schema};
use crate::service::{Caller, OrdersInput, OrdersView, ServiceError};

pub const NAME: &str = "orders";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<OrdersInput>(NAME, "GET /v1/orders"));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "List your orders",
        description: "Your open orders, the latest first, with handle and state; `all` lists those that are over \
                      too. For when a handle is lost; `lease-status` says more of each.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<OrdersView>(),
        annotations: Annotations::LOOK,
        audience: Audience::Everyone,
    }
}

pub async fn run(desk: Desk<'_>, caller: &Caller, arguments: Value) -> Result<OrdersView, ServiceError> {
    let input: OrdersInput = INPUT.read(arguments)?;
    desk.orders(caller, input).await
}
