//! The one variable part of a path, as text; what it means is the service's matter.

use axum::extract::{FromRequestParts, Path, RawPathParams};
use axum::http::request::Parts;

use crate::service::ServiceError;

/// A path's parameter, percent-decoded.
pub struct PathText(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathText {
    type Rejection = ServiceError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        if let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await {
            return Ok(Self(text));
        }
        let names = RawPathParams::from_request_parts(parts, state).await;
        let name = names.ok().and_then(|names| names.iter().next().map(|(name, _)| name.to_owned()));
        let name = name.unwrap_or_else(|| "path".into());
        Err(ServiceError::invalid_field(&name, format!("the path's {name} is not UTF-8 text once decoded")))
    }
}
