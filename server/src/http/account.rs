//! `/v1/account`: the caller's balances and caps.

use axum::extract::State;
use axum::{Extension, Json};

use super::AppState;
use crate::service::{AccountView, Caller, ServiceError};

pub async fn account(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<AccountView>, ServiceError> {
    Ok(Json(state.pool.account(&caller).await?))
}
