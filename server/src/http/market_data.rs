//! Public market data: quote, markets, batches.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value};

use super::AppState;
use super::path::PathText;
use super::query::{Pairs, to_object};
use crate::service::{BatchView, CurrentBatch, MarketsView, QuoteView, ServiceError};
use crate::tools;

pub async fn quote(State(state): State<AppState>, query: Pairs) -> Result<Json<QuoteView>, ServiceError> {
    let mut arguments = to_object(query);
    if !arguments.contains_key("gpuType") {
        let first = state.pool.current_batch(None).await?.gpu_type;
        arguments.insert("gpuType".into(), Value::String(first));
    }
    let quote = tools::quote::run(state.pool.as_ref(), Value::Object(arguments)).await?;
    Ok(Json(quote))
}

pub async fn markets(State(state): State<AppState>) -> Result<Json<MarketsView>, ServiceError> {
    Ok(Json(tools::markets::run(state.pool.as_ref(), Value::Null).await?))
}

pub async fn current_batch(
    State(state): State<AppState>,
    query: Pairs,
) -> Result<Json<CurrentBatch>, ServiceError> {
    let query = to_object(query);
    let batch = state.pool.current_batch(gpu_type(&query)?).await?;
    Ok(Json(batch))
}

pub async fn batch(
    State(state): State<AppState>,
    PathText(index): PathText,
    query: Pairs,
) -> Result<Json<BatchView>, ServiceError> {
    let query = to_object(query);
    let index = index.parse().map_err(|_| {
        ServiceError::invalid_field("index", "the batch index is a number from 0, or `current`")
    })?;
    let batch = state.pool.batch(gpu_type(&query)?, index).await?;
    Ok(Json(batch))
}

fn gpu_type(query: &Map<String, Value>) -> Result<Option<&str>, ServiceError> {
    if let Some(unknown) = query.keys().find(|name| *name != "gpuType") {
        return Err(ServiceError::invalid_field(
            unknown,
            format!("{unknown} is not a parameter of this request; its only one is gpuType"),
        ));
    }
    Ok(query.get("gpuType").and_then(Value::as_str))
}
