//! `/v1/receipts`: what an order's owner needs to check its outcome offline.

use axum::extract::State;
use axum::{Extension, Json};
use obscura_client::receipt::Receipt;

use super::AppState;
use super::path::PathText;
use crate::service::{Caller, ReceiptInput, ServiceError};

pub async fn receipt(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    PathText(order_id): PathText,
) -> Result<Json<Receipt>, ServiceError> {
    let order_id = state.desk().pool_order_id(&caller, order_id).await?;
    Ok(Json(state.pool.receipt(&caller, ReceiptInput { order_id }).await?))
}
