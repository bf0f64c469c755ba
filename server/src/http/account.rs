//! `/v1/account`: the caller's balances and caps.

use axum::extract::State;
use axum::{Extension, Json};

use serde_json::Value;

use super::AppState;
use crate::service::{AccountView, Caller, ServiceError};
use crate::tools;

pub async fn account(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<AccountView>, ServiceError> {
    Ok(Json(tools::account::run(state.pool.as_ref(), &caller, Value::Null).await?))
}
