//! `/v1/orders`: commit, reveal, status, refund. The same functions as the MCP
//! tools, on the same contracts.

use std::sync::LazyLock;

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Map, Value};

use super::AppState;
use super::body::JsonBody;
use super::path::PathText;
use super::query::{Pairs, to_object};
use crate::service::{
    Caller, CommitPreview, OrderView, OrdersView, PreviewInput, PrivacyReportView, ServiceError,
};
use crate::tools::arguments::InputContract;
use crate::tools::{self, CommitAnswer, Face, Sealing};

static PREVIEW: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<PreviewInput>(tools::commit::NAME, "POST /v1/orders/preview"));

type OrderAnswer = Result<Json<OrderView>, ServiceError>;

pub async fn commit(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    JsonBody(body): JsonBody,
) -> Result<Json<CommitAnswer>, ServiceError> {
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

pub async fn reveal_sealed(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    JsonBody(body): JsonBody,
) -> OrderAnswer {
    let order = tools::reveal_sealed::run(state.pool.as_ref(), &caller, body).await?;
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

/// What a commit would lock, for whoever has no hash yet.
pub async fn preview(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    JsonBody(body): JsonBody,
) -> Result<Json<CommitPreview>, ServiceError> {
    let input: PreviewInput = PREVIEW.read(body)?;
    Ok(Json(state.pool.preview_commit(&caller, input).await?))
}

pub async fn list(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    query: Pairs,
) -> Result<Json<OrdersView>, ServiceError> {
    let arguments = Value::Object(to_object(query));
    Ok(Json(tools::orders::run(state.desk(), &caller, arguments).await?))
}

pub async fn privacy(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    PathText(order_id): PathText,
) -> Result<Json<PrivacyReportView>, ServiceError> {
    let arguments = with_order_id(Map::new(), order_id);
    Ok(Json(tools::privacy_report::run(state.desk(), &caller, arguments).await?))
}

fn with_order_id(mut arguments: Map<String, Value>, order_id: String) -> Value {
    arguments.insert("orderId".into(), Value::String(order_id));
    Value::Object(arguments)
}
