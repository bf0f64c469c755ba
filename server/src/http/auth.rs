//! API keys on requests: `Authorization: Bearer KEY` or `X-API-Key: KEY`.
//!
//! Leaves a `Caller` in the request's extensions, where routes and the MCP
//! handler find it. The key itself goes no further than this file.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::AppState;
use crate::service::{Caller, ServiceError};

const API_KEY_HEADER: &str = "x-api-key";

/// Refuses requests without a valid API key.
pub async fn require_api_key(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, ServiceError> {
    let caller = authenticate(&state, request.headers()).await?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

async fn authenticate(state: &AppState, headers: &HeaderMap) -> Result<Caller, ServiceError> {
    let missing = if headers.contains_key(header::AUTHORIZATION) {
        "the Authorization header is not `Bearer KEY`"
    } else {
        "no API key was sent"
    };
    let key = presented_key(headers).ok_or(ServiceError::Unauthorized(missing))?;
    state.authenticator.authenticate(key).await
}

fn presented_key(headers: &HeaderMap) -> Option<&str> {
    bearer(headers)
        .or_else(|| headers.get(API_KEY_HEADER).and_then(|value| value.to_str().ok()).map(str::trim))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}
