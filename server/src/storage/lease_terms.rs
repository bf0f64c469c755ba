//! Terms of leases, from before they open: what opens a lease's terms hash.
//! Encrypted, bound to the lease, erased once the lease is closed, or cannot open
//! any more. What a close has opened to everybody is kept in the clear, for receipts.

use std::fmt;

use super::cipher::Role;
use super::{Address, Storage, StorageError, address_from};

const ENCODED_BYTES: usize = 2 + 4 + 2 + 32;

/// The opening of one lease's terms hash. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredTerms {
    /// GPUs.
    pub qty: u16,
    /// Seconds.
    pub duration_seconds: u32,
    /// Position of the ask in its batch.
    pub ask_index: u16,
    /// Blinding element.
    pub blind: [u8; 32],
}

impl fmt::Debug for StoredTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredTerms(..)")
    }
}

impl Storage {
    /// Keeps the terms of a lease of a batch; the same lease always has the same terms.
    pub async fn put_lease_terms(
        &self,
        batch: &Address,
        lease: &Address,
        terms: &StoredTerms,
    ) -> Result<(), StorageError> {
        let sealed = self.cipher.seal(Role::LeaseTerms, lease, &encode(terms));
        sqlx::query(
            "INSERT OR IGNORE INTO lease_terms (lease_address, batch_address, sealed) VALUES (?, ?, ?)",
        )
        .bind(lease.as_slice())
        .bind(batch.as_slice())
        .bind(sealed)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The terms of a lease, where it is not closed yet.
    pub async fn lease_terms(&self, lease: &Address) -> Result<Option<StoredTerms>, StorageError> {
        let row: Option<(Vec<u8>,)> =
            sqlx::query_as("SELECT sealed FROM lease_terms WHERE lease_address = ?")
                .bind(lease.as_slice())
                .fetch_optional(&self.pool)
                .await?;
        let Some((sealed,)) = row else {
            return Ok(None);
        };
        let plain = self
            .cipher
            .open(Role::LeaseTerms, lease, &sealed)
            .ok_or(StorageError::Tampered { what: "lease" })?;
        decode(&plain).map(Some)
    }

    /// The leases of a batch whose terms are here, open or not.
    pub async fn leases_with_terms(&self, batch: &Address) -> Result<Vec<Address>, StorageError> {
        let rows: Vec<(Vec<u8>,)> =
            sqlx::query_as("SELECT lease_address FROM lease_terms WHERE batch_address = ?")
                .bind(batch.as_slice())
                .fetch_all(&self.pool)
                .await?;
        rows.into_iter().map(|(lease,)| address_from(lease)).collect()
    }

    /// Keeps the terms of a lease whose close has opened them on chain.
    pub async fn put_opened_terms(&self, lease: &Address, terms: &StoredTerms) -> Result<(), StorageError> {
        sqlx::query("INSERT OR IGNORE INTO opened_terms (lease_address, terms) VALUES (?, ?)")
            .bind(lease.as_slice())
            .bind(encode(terms))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The terms of a lease that was closed by opening them.
    pub async fn opened_terms(&self, lease: &Address) -> Result<Option<StoredTerms>, StorageError> {
        let row: Option<(Vec<u8>,)> =
            sqlx::query_as("SELECT terms FROM opened_terms WHERE lease_address = ?")
                .bind(lease.as_slice())
                .fetch_optional(&self.pool)
                .await?;
        row.map(|(terms,)| decode(&terms)).transpose()
    }

    /// Erases the terms of a lease, for good.
    pub async fn erase_lease_terms(&self, lease: &Address) -> Result<(), StorageError> {
        let erased = sqlx::query("DELETE FROM lease_terms WHERE lease_address = ?")
            .bind(lease.as_slice())
            .execute(&self.pool)
            .await?;
        self.forget_erased(erased.rows_affected()).await
    }
}

fn encode(terms: &StoredTerms) -> Vec<u8> {
    let StoredTerms { qty, duration_seconds, ask_index, blind } = terms;
    let mut bytes = Vec::with_capacity(ENCODED_BYTES);
    bytes.extend_from_slice(&qty.to_le_bytes());
    bytes.extend_from_slice(&duration_seconds.to_le_bytes());
    bytes.extend_from_slice(&ask_index.to_le_bytes());
    bytes.extend_from_slice(blind);
    bytes
}

fn decode(bytes: &[u8]) -> Result<StoredTerms, StorageError> {
    let malformed = StorageError::Malformed { what: "lease" };
    let [q0, q1, d0, d1, d2, d3, a0, a1, blind @ ..] = bytes else {
        return Err(malformed);
    };
    Ok(StoredTerms {
        qty: u16::from_le_bytes([*q0, *q1]),
        duration_seconds: u32::from_le_bytes([*d0, *d1, *d2, *d3]),
        ask_index: u16::from_le_bytes([*a0, *a1]),
        blind: blind.try_into().map_err(|_| malformed)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::scratch;
    use super::*;

    #[tokio::test]
    async fn terms_are_kept_until_they_are_erased() {
        let (_dir, storage) = scratch().await;
        let terms = StoredTerms { qty: 4, duration_seconds: 7200, ask_index: 3, blind: [8; 32] };
        storage.put_lease_terms(&[9; 32], &[1; 32], &terms).await.unwrap();
        assert!(storage.lease_terms(&[1; 32]).await.unwrap() == Some(terms.clone()));
        assert_eq!(storage.leases_with_terms(&[9; 32]).await.unwrap(), [[1; 32]]);
        storage.put_opened_terms(&[1; 32], &terms).await.unwrap();
        storage.erase_lease_terms(&[1; 32]).await.unwrap();
        assert!(storage.opened_terms(&[1; 32]).await.unwrap() == Some(terms));
        assert!(storage.lease_terms(&[1; 32]).await.unwrap().is_none());
        assert!(storage.leases_with_terms(&[9; 32]).await.unwrap().is_empty());
    }
}
