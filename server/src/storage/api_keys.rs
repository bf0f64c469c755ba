//! API keys: kept as SHA-256 hashes, compared in constant time.
//!
//! Keys are 256 random bits, so a plain hash is enough: there is nothing to
//! guess. The lookup column is part of the hash, never of the key.

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Address, Storage, StorageError, address_from};
use crate::service::{Authenticator, Caller, ServiceError};

/// Longest key that is looked at.
const MAX_KEY_BYTES: usize = 256;
const LOOKUP_BYTES: usize = 8;

impl Storage {
    /// Lets `api_key` act for the trader of `owner`.
    pub async fn put_api_key(&self, api_key: &str, owner: &Address, label: &str) -> Result<(), StorageError> {
        let hash = hash_of(api_key);
        sqlx::query("INSERT OR REPLACE INTO api_keys (lookup, key_hash, owner, label) VALUES (?, ?, ?, ?)")
            .bind(&hash[..LOOKUP_BYTES])
            .bind(hash.as_slice())
            .bind(owner.as_slice())
            .bind(label)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn caller_of(&self, api_key: &str) -> Result<Option<Caller>, StorageError> {
        let hash = hash_of(api_key);
        let row: Option<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as("SELECT key_hash, owner FROM api_keys WHERE lookup = ?")
                .bind(&hash[..LOOKUP_BYTES])
                .fetch_optional(&self.pool)
                .await?;
        let Some((stored, owner)) = row else {
            return Ok(None);
        };
        if !bool::from(stored.as_slice().ct_eq(&hash)) {
            return Ok(None);
        }
        Ok(Some(Caller { owner: address_from(owner)? }))
    }
}

#[async_trait]
impl Authenticator for Storage {
    async fn authenticate(&self, api_key: &str) -> Result<Caller, ServiceError> {
        if api_key.is_empty() || api_key.len() > MAX_KEY_BYTES {
            return Err(ServiceError::Unauthorized("the API key is not one of this pool's"));
        }
        let found = self.caller_of(api_key).await.map_err(|error| {
            tracing::error!(%error, "API keys cannot be read");
            ServiceError::Internal
        })?;
        found.ok_or(ServiceError::Unauthorized("the API key is not one of this pool's"))
    }
}

fn hash_of(api_key: &str) -> [u8; 32] {
    Sha256::digest(api_key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::super::tests::scratch;
    use super::*;

    #[tokio::test]
    async fn a_known_key_names_its_trader_and_any_other_is_refused() {
        let (_dir, storage) = scratch().await;
        storage.put_api_key("obk_a", &[4; 32], "buyer").await.unwrap();
        let caller = storage.authenticate("obk_a").await.unwrap();
        assert_eq!(caller.owner, [4; 32]);
        for wrong in ["", "obk_b", "obk_a ", "OBK_A"] {
            let refused = storage.authenticate(wrong).await.unwrap_err();
            assert_eq!(refused.code(), "unauthorized");
        }
    }
}
