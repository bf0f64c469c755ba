//! `privacy-report`: what an order has told to whom. Changes nothing.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, Desk, ToolDefinition, schema};
use crate::service::{Caller, PrivacyInput, PrivacyReportView, ServiceError};

pub const NAME: &str = "privacy-report";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<PrivacyInput>(NAME, "GET /v1/orders/{orderId}/privacy"));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "What an order has disclosed",
        description: "For one of your orders: how many orders its batch holds, how many look the same to everyone, \
                      and who knows its limit, size and duration by now. Warns where a batch hides little.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<PrivacyReportView>(),
        annotations: Annotations::LOOK,
        audience: Audience::Everyone,
    }
}

pub async fn run(
    desk: Desk<'_>,
    caller: &Caller,
    arguments: Value,
) -> Result<PrivacyReportView, ServiceError> {
    let PrivacyInput { order_id } = INPUT.read(arguments)?;
    let mut report = desk
        .pool
        .privacy_report(
            caller,
            PrivacyInput { order_id: desk.pool_order_id(caller, order_id.clone()).await? },
        )
        .await?;
    report.order_id = order_id;
    Ok(report)
}
