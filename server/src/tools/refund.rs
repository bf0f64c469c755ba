//! `refund`: sends back what an ended order no longer needs. It can only move
//! money to the order's owner, and only once.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, Desk, ToolDefinition, schema};
use crate::service::{Caller, OrderView, RefundInput, ServiceError};

pub const NAME: &str = "refund";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<RefundInput>(NAME, "POST /v1/orders/{orderId}/refund"));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "Refund an ended order",
        description: "Sends the money of an ended order (state `refundable`) back to its owner: an \
                      order that was not filled, whose batch was void, or whose leases are over. The \
                      pool does this by itself within seconds, so you rarely need it. It cannot \
                      cancel an order: before the batch has decided it is refused (wrong_phase), \
                      while leases are open too (order_matched). A second call moves nothing \
                      (alreadyRefunded).",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::order_answer::<OrderView>(),
        annotations: Annotations { read_only: false, destructive: false, idempotent: true },
        audience: Audience::Everyone,
    }
}

pub async fn run(desk: Desk<'_>, caller: &Caller, arguments: Value) -> Result<OrderView, ServiceError> {
    let input: RefundInput = INPUT.read(arguments)?;
    desk.refund(caller, input).await
}
