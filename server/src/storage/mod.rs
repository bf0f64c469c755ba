//! What the pool server keeps beside the chain, in SQLite.
//!
//! Openings and lease terms are encrypted at rest and bound to the account they
//! belong to; API keys are kept as hashes. Losing this database loses those three,
//! so reveals that were not cleared yet and the terms of running leases; no money:
//! every order still ends on the chain.

mod api_keys;
mod cipher;
mod cleared_batches;
mod clearings;
mod client_tags;
mod lease_terms;
mod openings;
mod payments;
mod proofs;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use thiserror::Error;

use cipher::Cipher;
use obscura_client::secret_file::Secret32;

pub use cleared_batches::ClearedBatch;
pub use clearings::ClearingRecord;
pub use lease_terms::StoredTerms;
pub use openings::{Kept, StoredOpening};
pub use payments::Payment;
pub use proofs::StoredProof;

/// Address of an account, as stored.
pub type Address = [u8; 32];

/// Connections at once: SQLite writes one at a time, readers need a few.
const MAX_CONNECTIONS: u32 = 4;

/// Why the database could not answer.
#[derive(Debug, Error)]
pub enum StorageError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("database migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the database was written with another storage key")]
    WrongStorageKey,
    #[error("a stored {what} was changed, or belongs to another account")]
    Tampered { what: &'static str },
    #[error("a stored {what} has an unknown shape")]
    Malformed { what: &'static str },
}

/// The database.
#[derive(Clone)]
pub struct Storage {
    pool: SqlitePool,
    cipher: Cipher,
    /// How often what everybody may read has changed, through this process.
    public_changes: Arc<AtomicU64>,
}

impl Storage {
    /// Opens or creates the database in `path`.
    pub async fn open(path: &Path, key: &Secret32) -> Result<Self, StorageError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What is erased must not linger in free pages.
            .pragma("secure_delete", "ON");
        let pool = SqlitePoolOptions::new().max_connections(MAX_CONNECTIONS).connect_with(options).await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        let storage = Self { pool, cipher: Cipher::new(key), public_changes: Arc::default() };
        storage.check_key().await?;
        Ok(storage)
    }

    /// Flushes and closes the database.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// While it stays equal, payments and cleared batches are those that were read.
    pub fn public_changes(&self) -> u64 {
        self.public_changes.load(Ordering::SeqCst)
    }

    fn note_public_change(&self, rows: u64) {
        self.public_changes.fetch_add(rows, Ordering::SeqCst);
    }

    /// Batches that openings or lease terms are kept of.
    pub async fn batches_with_secrets(&self) -> Result<Vec<Address>, StorageError> {
        let rows: Vec<(Vec<u8>,)> = sqlx::query_as(
            "SELECT batch_address FROM openings UNION SELECT batch_address FROM lease_terms WHERE batch_address != x''",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(|(batch,)| address_from(batch)).collect()
    }

    /// The write-ahead log still holds pages that were erased: empties it.
    async fn forget_erased(&self, rows: u64) -> Result<(), StorageError> {
        if rows > 0 {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.pool).await?;
        }
        Ok(())
    }

    async fn check_key(&self) -> Result<(), StorageError> {
        let stored: Option<(Vec<u8>,)> = sqlx::query_as("SELECT sealed FROM storage_key_check WHERE id = 0")
            .fetch_optional(&self.pool)
            .await?;
        match stored {
            Some((sealed,)) => self
                .cipher
                .open(cipher::Role::KeyCheck, &[0; 32], &sealed)
                .map(|_| ())
                .ok_or(StorageError::WrongStorageKey),
            None => {
                let sealed = self.cipher.seal(cipher::Role::KeyCheck, &[0; 32], b"");
                sqlx::query("INSERT INTO storage_key_check (id, sealed) VALUES (0, ?)")
                    .bind(sealed)
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }
        }
    }
}

fn address_from(bytes: Vec<u8>) -> Result<Address, StorageError> {
    Address::try_from(bytes.as_slice()).map_err(|_| StorageError::Malformed { what: "address" })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) async fn scratch() -> (tempfile::TempDir, Storage) {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(&dir.path().join("pool.sqlite"), &Secret32::new([1; 32])).await.unwrap();
        (dir, storage)
    }

    #[tokio::test]
    async fn another_storage_key_is_refused_at_opening() {
        let (dir, storage) = scratch().await;
        storage.close().await;
        let again = Storage::open(&dir.path().join("pool.sqlite"), &Secret32::new([2; 32])).await;
        assert!(matches!(again, Err(StorageError::WrongStorageKey)));
    }
}
