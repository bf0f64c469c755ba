//! `/healthz`: whether the pool can read its chain's clock.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::AppState;
use crate::service::ServiceError;

pub async fn healthz(State(state): State<AppState>) -> Result<Json<Value>, ServiceError> {
    let batch = state.pool.current_batch(None).await?;
    Ok(Json(json!({ "status": "ok", "chainTime": batch.chain_time })))
}
