//! `/v1/leases`: a buyer ends a running lease.

use axum::extract::State;
use axum::{Extension, Json};

use super::AppState;
use super::path::PathText;
use crate::service::{Caller, LeaseView, ReleaseInput, ServiceError};

pub async fn release(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    PathText(lease_id): PathText,
) -> Result<Json<LeaseView>, ServiceError> {
    let lease = state.pool.release_lease(&caller, ReleaseInput { lease_id }).await?;
    Ok(Json(lease))
}
