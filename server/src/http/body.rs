//! Request bodies: bounded, then JSON. The media type is not insisted on, so that
//! `curl -d` works as it stands; what the bytes are decides.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde_json::Value;

use super::MAX_BODY_BYTES;
use crate::service::ServiceError;

/// A JSON body of any shape; the tool's contract checks the shape.
pub struct JsonBody(pub Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ServiceError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Self::Rejection> {
        let too_large = ServiceError::BodyTooLarge { limit_bytes: MAX_BODY_BYTES };
        if declared_length(&request).is_some_and(|length| length > MAX_BODY_BYTES) {
            return Err(too_large);
        }
        let bytes = to_bytes(request.into_body(), MAX_BODY_BYTES).await.map_err(|_| too_large)?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ServiceError::InvalidJson { reason: error.to_string() })
    }
}

fn declared_length(request: &Request) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
