//! Who is asking: the trader behind an authenticated API key.
//!
//! A `Caller` exists only once a key was checked. It never carries the key
//! itself, so it may be logged.

use async_trait::async_trait;

use super::error::ServiceError;

/// The trader that a checked API key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Owner public key of the trader, 32 bytes.
    pub owner: [u8; 32],
}

/// Turns an API key into the trader it stands for.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// Errors: `Unauthorized` for a key that is unknown or revoked.
    async fn authenticate(&self, api_key: &str) -> Result<Caller, ServiceError>;
}
