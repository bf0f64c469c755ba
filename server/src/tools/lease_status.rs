//! `lease-status`: one order and its leases, waiting a while for news if asked
//! to. Changes nothing.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, Desk, ToolDefinition, schema};
use crate::service::{Caller, LeaseStatusInput, OrderView, ServiceError};

pub const NAME: &str = "lease-status";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<LeaseStatusInput>(NAME, "GET /v1/orders/{orderId}"));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "Status of an order and its leases",
        description: "State, money and leases of one order. With waitSeconds (at most 40) it \
                      answers as soon as the state changes or the next step becomes possible, for \
                      example when the reveal window opens; call it again to go on waiting. \
                      nextActions says what to do.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<OrderView>(),
        annotations: Annotations::LOOK,
        audience: Audience::Everyone,
    }
}

pub async fn run(desk: Desk<'_>, caller: &Caller, arguments: Value) -> Result<OrderView, ServiceError> {
    let input: LeaseStatusInput = INPUT.read(arguments)?;
    desk.order_status(caller, input).await
}
