//! A refused request as an HTTP response: `application/problem+json`.
//!
//! Only the code is logged. The detail may repeat what the caller sent, and logs
//! are no place for that.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;

use crate::service::ServiceError;

impl IntoResponse for ServiceError {
    fn into_response(self) -> axum::response::Response {
        problem_response(&self)
    }
}

/// Writes `error` as problem details.
pub fn problem_response(error: &ServiceError) -> axum::response::Response {
    let problem = error.to_problem();
    tracing::debug!(code = problem.code, status = problem.status, "request refused");
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
