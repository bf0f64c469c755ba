//! Resources: receipts, by the handle of their order.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, ResourceContents, ResourceTemplate};

use crate::service::{Caller, PoolService, ReceiptInput, ServiceError};

const RECEIPTS: &str = "obscura://receipts/";
const JSON: &str = "application/json";

/// What can be read, for whoever knows an order's handle.
pub fn templates() -> Vec<ResourceTemplate> {
    let receipt = ResourceTemplate::new(format!("{RECEIPTS}{{orderId}}"), "receipt")
        .with_title("Receipt of an order")
        .with_description(
            "What the clearing made of one of your orders, with its proof: `obscura verify` checks it without a \
             network and says what was proven. There once the order's batch is cleared.",
        )
        .with_mime_type(JSON);
    vec![receipt]
}

/// The resource at `uri`.
pub async fn read(
    pool: &dyn PoolService,
    caller: &Caller,
    uri: &str,
) -> Result<ReadResourceResult, ErrorData> {
    let order_id = uri.strip_prefix(RECEIPTS).ok_or_else(|| {
        ErrorData::resource_not_found(
            format!("there is no such resource; there is {RECEIPTS}{{orderId}}"),
            None,
        )
    })?;
    let input = ReceiptInput { order_id: order_id.to_owned() };
    let receipt = pool.receipt(caller, input).await.map_err(refused)?;
    let text = serde_json::to_string(&receipt).map_err(|_| refused(ServiceError::Internal))?;
    let contents = ResourceContents::text(text, uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![contents]))
}

/// The problem as data, for programs; its text says the same.
fn refused(error: ServiceError) -> ErrorData {
    let problem = error.to_problem();
    let text = format!("{}: {}", problem.code, problem.detail);
    let data = serde_json::to_value(&problem).ok();
    match problem.status {
        404 => ErrorData::resource_not_found(text, data),
        500.. => ErrorData::internal_error(text, data),
        _ => ErrorData::invalid_params(text, data),
    }
}
