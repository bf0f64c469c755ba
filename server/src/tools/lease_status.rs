//! `lease-status`: one order and its leases, waiting a while for news if asked
//! to. Changes nothing.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, ToolDefinition, schema};
use crate::service::{Caller, LeaseStatusInput, OrderView, PoolService, ServiceError};

pub const NAME: &str = "lease-status";

static INPUT: LazyLock<InputContract> = LazyLock::new(InputContract::of::<LeaseStatusInput>);

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
        annotations: Annotations { read_only: true, destructive: false, idempotent: true },
    }
}

pub async fn run(
    pool: &dyn PoolService,
    caller: &Caller,
    arguments: Value,
) -> Result<OrderView, ServiceError> {
    let input: LeaseStatusInput = INPUT.read(arguments)?;
    pool.order_status(caller, input).await
}
