//! Request bodies: bounded before anything reads them, then JSON.
//!
//! The media type is not insisted on, so that `curl -d` works as it stands; what
//! the bytes are decides.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde_json::Value;

use super::MAX_BODY_BYTES;
use crate::service::ServiceError;

/// How much of an oversized body is still read and thrown away, so that a client
/// that sends before it listens sees the answer and not a reset.
const MAX_DRAIN_BYTES: usize = 1024 * 1024;

/// Refuses bodies above the limit; what goes on is in memory and small.
pub async fn bound_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match read_bounded(body).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(error) => closing(error),
    }
}

/// What is left of the body is not read any more.
fn closing(error: ServiceError) -> Response {
    let mut response = error.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The same, and refuses a body that is not JSON as every route does, before MCP's own envelope is looked at.
pub async fn bound_json(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = match read_bounded(body).await {
        Ok(bytes) => bytes,
        Err(error) => return closing(error),
    };
    if parts.method == Method::POST
        && let Err(error) = serde_json::from_slice::<Value>(&bytes)
    {
        return ServiceError::InvalidJson { reason: error.to_string() }.into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

async fn read_bounded(body: Body) -> Result<Bytes, ServiceError> {
    let mut stream = body.into_data_stream();
    let mut kept = Vec::new();
    let mut seen = 0usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ServiceError::InvalidJson {
            reason: "the connection broke off before its end".into(),
        })?;
        seen = seen.saturating_add(chunk.len());
        if seen > MAX_DRAIN_BYTES {
            break;
        }
        if seen <= MAX_BODY_BYTES {
            kept.extend_from_slice(&chunk);
        }
    }
    if seen > MAX_BODY_BYTES {
        return Err(ServiceError::BodyTooLarge { limit_bytes: MAX_BODY_BYTES });
    }
    Ok(kept.into())
}

/// A JSON body of any shape; the tool's contract checks the shape.
pub struct JsonBody(pub Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ServiceError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Self::Rejection> {
        let bytes = to_bytes(request.into_body(), MAX_BODY_BYTES)
            .await
            .map_err(|_| ServiceError::BodyTooLarge { limit_bytes: MAX_BODY_BYTES })?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ServiceError::InvalidJson { reason: error.to_string() })
    }
}
