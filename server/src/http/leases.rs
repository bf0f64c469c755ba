//! `/v1/leases`: a buyer ends a running lease.

use axum::extract::State;
use axum::{Extension, Json};

use serde_json::json;

use super::AppState;
use super::path::PathText;
use crate::service::{Caller, LeaseView, ServiceError};
use crate::tools;

pub async fn release(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    PathText(lease_id): PathText,
) -> Result<Json<LeaseView>, ServiceError> {
    let lease = tools::release::run(state.pool.as_ref(), &caller, json!({ "leaseId": lease_id })).await?;
    Ok(Json(lease))
}
