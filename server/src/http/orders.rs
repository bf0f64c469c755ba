//! `/v1/orders`: commit, reveal, status, refund. The same functions as the MCP
//! tools, on the same contracts.

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Map, Value};

use super::AppState;
use super::body::JsonBody;
use super::path::PathText;
use super::query::{Pairs, to_object};
use crate::service::{Caller, OrderView, ServiceError};
use crate::tools::{self, Face, Sealing};

type OrderAnswer = Result<Json<OrderView>, ServiceError>;

pub async fn commit(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    JsonBody(body): JsonBody,
) -> OrderAnswer {
    let order = tools::commit::run(state.desk(), &caller, body, Sealing::Sealed, Face::Http).await?;
    Ok(Json(order))
}

pub async fn reveal(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    JsonBody(body): JsonBody,
) -> OrderAnswer {
    let order = tools::reveal::run(state.desk(), &caller, body, Sealing::Sealed).await?;
    Ok(Json(order))
}

pub async fn status(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    PathText(order_id): PathText,
    query: Pairs,
) -> OrderAnswer {
    let arguments = with_order_id(to_object(query), order_id);
    let order = tools::lease_status::run(state.desk(), &caller, arguments).await?;
    Ok(Json(order))
}

pub async fn refund(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    PathText(order_id): PathText,
) -> OrderAnswer {
    let arguments = with_order_id(Map::new(), order_id);
    let order = tools::refund::run(state.desk(), &caller, arguments).await?;
    Ok(Json(order))
}

fn with_order_id(mut arguments: Map<String, Value>, order_id: String) -> Value {
    arguments.insert("orderId".into(), Value::String(order_id));
    Value::Object(arguments)
}
