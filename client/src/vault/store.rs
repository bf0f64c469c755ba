//! The vault on disk: one SQLite file, one encrypted record per order, one process at a time.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::order::KeptOrder;
use crate::folder_lock::{FolderLock, LockError};
use crate::record_cipher::{RecordCipher, RecordName};
use crate::secret_file::Secret32;

const DATABASE: &str = "vault.sqlite";
const LOCK_FILE: &str = "vault.lock";
const WISH_FILE: &str = "vault.wanted";
/// Whoever waits writes its wish again and again.
const WISH_STANDS: Duration = Duration::from_secs(2);
const SCHEMA: &str = "\
    CREATE TABLE IF NOT EXISTS kept_orders (handle BLOB PRIMARY KEY, live INTEGER NOT NULL, sealed BLOB NOT NULL);\
    CREATE TABLE IF NOT EXISTS key_check (id INTEGER PRIMARY KEY CHECK (id = 0), sealed BLOB NOT NULL)";
/// Room for a record, so that it is not copied while it grows: copies are not wiped.
const RECORD_BYTES: usize = 16 * 1024;

const KEY_CHECK: RecordName<'static> = RecordName { role: b"obscura-vault-key-check-v1", name: b"" };
const ORDER_ROLE: &[u8] = b"obscura-vault-order-v1";

/// Why the vault could not answer.
#[derive(Debug, Error)]
pub enum VaultError {
    #[error("cannot use the vault's folder {}: {source}", .folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error("another process has this vault open: one vault serves one process. {0}")]
    Locked(#[from] LockError),
    #[error("the vault's file: {0}")]
    Database(#[from] sqlx::Error),
    #[error(
        "the vault was written under another key: give back its vault.key, or the OBSCURA_VAULT_KEY of before"
    )]
    WrongKey,
    #[error("the record of order {handle} was changed, or belongs to another order")]
    Tampered { handle: Uuid },
    #[error("a record has an unknown shape")]
    Malformed,
}

/// An open vault.
pub struct Vault {
    pool: SqlitePool,
    cipher: RecordCipher,
    /// None once it is closed.
    lock: Mutex<Option<FolderLock>>,
    folder: PathBuf,
}

impl Vault {
    /// Opens or creates the vault in `folder`, which is made for its owner only.
    pub async fn open(folder: &Path, key: &Secret32) -> Result<Self, VaultError> {
        make_folder(folder).map_err(|source| VaultError::Folder { folder: folder.to_owned(), source })?;
        let lock = FolderLock::take(folder, LOCK_FILE)?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join(DATABASE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What is about to be sent must be on the disk before it is sent.
            .synchronous(SqliteSynchronous::Full)
            // What is erased must not linger in free pages.
            .pragma("secure_delete", "ON");
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        let vault = Self {
            pool,
            cipher: RecordCipher::new(key),
            lock: Mutex::new(Some(lock)),
            folder: folder.to_owned(),
        };
        Self::wish_no_more(folder);
        vault.check_key().await?;
        Ok(vault)
    }

    /// Flushes and closes the file, and lets another process have it.
    pub async fn close(&self) {
        self.pool.close().await;
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Tells the process that has the vault in `folder` that another one wants it.
    pub fn wish(folder: &Path) {
        // Whoever misses the wish loses nothing but time.
        let _ = std::fs::write(folder.join(WISH_FILE), "");
    }

    /// Takes the wish back: nobody waits for the vault in `folder` any more.
    pub fn wish_no_more(folder: &Path) {
        let _ = std::fs::remove_file(folder.join(WISH_FILE));
    }

    /// Whether another process wants this vault, and waits for it now.
    pub fn is_wished_for(&self) -> bool {
        let wished = std::fs::metadata(self.folder.join(WISH_FILE)).and_then(|file| file.modified());
        wished.is_ok_and(|at| at.elapsed().is_ok_and(|ago| ago < WISH_STANDS))
    }

    /// Keeps a new order; false where its handle is taken.
    pub async fn keep(&self, order: &KeptOrder) -> Result<bool, VaultError> {
        let done = sqlx::query("INSERT OR IGNORE INTO kept_orders (handle, live, sealed) VALUES (?, 1, ?)")
            .bind(order.handle.as_bytes().as_slice())
            .bind(self.sealed(order)?)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Writes an order that is kept as it is now. Once it is over nothing is left of its secrets.
    pub async fn save(&self, order: &KeptOrder) -> Result<(), VaultError> {
        sqlx::query("UPDATE kept_orders SET live = ?, sealed = ? WHERE handle = ?")
            .bind(i64::from(!order.is_over()))
            .bind(self.sealed(order)?)
            .bind(order.handle.as_bytes().as_slice())
            .execute(&self.pool)
            .await?;
        if order.is_over() { self.forget_erased().await } else { Ok(()) }
    }

    /// Removes an order of which nothing was locked.
    pub async fn drop_order(&self, handle: Uuid) -> Result<(), VaultError> {
        sqlx::query("DELETE FROM kept_orders WHERE handle = ?")
            .bind(handle.as_bytes().as_slice())
            .execute(&self.pool)
            .await?;
        self.forget_erased().await
    }

    pub async fn find(&self, handle: Uuid) -> Result<Option<KeptOrder>, VaultError> {
        let row: Option<(Vec<u8>,)> = sqlx::query_as("SELECT sealed FROM kept_orders WHERE handle = ?")
            .bind(handle.as_bytes().as_slice())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|(sealed,)| self.opened(handle, &sealed)).transpose()
    }

    /// Handles of the orders that are not over.
    pub async fn live(&self) -> Result<Vec<Uuid>, VaultError> {
        let rows: Vec<(Vec<u8>,)> =
            sqlx::query_as("SELECT handle FROM kept_orders WHERE live = 1 ORDER BY handle")
                .fetch_all(&self.pool)
                .await?;
        let handle = |(bytes,): (Vec<u8>,)| Uuid::from_slice(&bytes).map_err(|_| VaultError::Malformed);
        rows.into_iter().map(handle).collect()
    }

    /// The orders that are not over.
    pub async fn live_orders(&self) -> Result<Vec<KeptOrder>, VaultError> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as("SELECT handle, sealed FROM kept_orders WHERE live = 1 ORDER BY handle")
                .fetch_all(&self.pool)
                .await?;
        let order = |(bytes, sealed): (Vec<u8>, Vec<u8>)| {
            self.opened(Uuid::from_slice(&bytes).map_err(|_| VaultError::Malformed)?, &sealed)
        };
        rows.into_iter().map(order).collect()
    }

    fn sealed(&self, order: &KeptOrder) -> Result<Vec<u8>, VaultError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(RECORD_BYTES));
        serde_json::to_writer(&mut *plain, order).map_err(|_| VaultError::Malformed)?;
        Ok(self.cipher.seal(named(&order.handle), &plain))
    }

    fn opened(&self, handle: Uuid, sealed: &[u8]) -> Result<KeptOrder, VaultError> {
        let plain = self.cipher.open(named(&handle), sealed).ok_or(VaultError::Tampered { handle })?;
        // The parser's error could quote what it stumbled over.
        serde_json::from_slice(&plain).map_err(|_| VaultError::Malformed)
    }

    /// The write-ahead log still holds pages that were erased: empties it.
    async fn forget_erased(&self) -> Result<(), VaultError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.pool).await?;
        Ok(())
    }

    async fn check_key(&self) -> Result<(), VaultError> {
        let stored: Option<(Vec<u8>,)> =
            sqlx::query_as("SELECT sealed FROM key_check").fetch_optional(&self.pool).await?;
        match stored {
            Some((sealed,)) => self.cipher.open(KEY_CHECK, &sealed).map(|_| ()).ok_or(VaultError::WrongKey),
            None => {
                sqlx::query("INSERT INTO key_check (id, sealed) VALUES (0, ?)")
                    .bind(self.cipher.seal(KEY_CHECK, b""))
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }
        }
    }
}

fn named(handle: &Uuid) -> RecordName<'_> {
    RecordName { role: ORDER_ROLE, name: handle.as_bytes() }
}

/// Makes the folder of a vault, for its owner only.
#[cfg(unix)]
pub fn make_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub fn make_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use solana_sdk::pubkey::Pubkey;

    use super::super::{Attempt, Caps, KeptTerms};
    use super::*;

    const KEY: [u8; 32] = [5; 32];

    fn order() -> KeptOrder {
        let terms = KeptTerms {
            gpu_type: "H100 80GB".into(),
            ask: false,
            price_micro: 1_860_000,
            qty: 4,
            min_qty: 4,
            duration_seconds: 3600,
        };
        let owner = Pubkey::new_unique();
        let attempt = Attempt::draw(&terms.terms().unwrap(), &owner, None).unwrap();
        KeptOrder {
            handle: attempt.order_id,
            owner,
            terms,
            caps: Caps { max_total_micro: 8_000_000, lock_gpus: 0, good_for_batches: 1, min_batch_orders: 1 },
            client_tag: Some("a-run".into()),
            kept_at: 7,
            attempts: vec![attempt],
            batches_used: 0,
            last_batch: None,
            stopped: false,
            outcome: None,
        }
    }

    async fn scratch() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(folder.path(), &Secret32::new(KEY)).await.unwrap();
        (folder, vault)
    }

    fn on_disk(folder: &Path, bytes: &[u8]) -> bool {
        let files = std::fs::read_dir(folder).unwrap();
        files
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .any(|content| content.windows(bytes.len()).any(|window| window == bytes))
    }

    #[tokio::test]
    async fn an_order_is_read_back_with_its_secret_after_a_restart() {
        let (folder, vault) = scratch().await;
        let order = order();
        assert!(vault.keep(&order).await.unwrap());
        assert!(!vault.keep(&order).await.unwrap());
        vault.close().await;
        drop(vault);
        let vault = Vault::open(folder.path(), &Secret32::new(KEY)).await.unwrap();
        let kept = vault.find(order.handle).await.unwrap().unwrap();
        assert_eq!(kept.opening().unwrap().commit_hash(), order.opening().unwrap().commit_hash());
        assert_eq!(vault.live().await.unwrap(), [order.handle]);
    }

    #[tokio::test]
    async fn no_file_shows_a_term_or_the_secret() {
        let (folder, vault) = scratch().await;
        let order = order();
        vault.keep(&order).await.unwrap();
        let secret = order.opening().unwrap().secret;
        for hidden in [secret.to_hex().as_bytes(), secret.reduced().as_slice(), b"1860000", b"price"] {
            assert!(!on_disk(folder.path(), hidden));
        }
    }

    #[tokio::test]
    async fn once_an_order_is_over_nothing_of_its_record_is_left_in_a_file() {
        let (folder, vault) = scratch().await;
        let mut order = order();
        vault.keep(&order).await.unwrap();
        let (sealed,): (Vec<u8>,) =
            sqlx::query_as("SELECT sealed FROM kept_orders").fetch_one(&vault.pool).await.unwrap();
        assert!(on_disk(folder.path(), &sealed[..64]));
        order.end(json!({ "state": "refunded" }));
        vault.save(&order).await.unwrap();
        assert!(!on_disk(folder.path(), &sealed[..64]));
        let over = vault.find(order.handle).await.unwrap().unwrap();
        assert!(over.opening().is_none() && over.is_over() && vault.live().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_second_process_and_another_key_are_refused() {
        let (folder, vault) = scratch().await;
        let second = Vault::open(folder.path(), &Secret32::new(KEY)).await;
        assert!(matches!(second, Err(VaultError::Locked(_))));
        vault.close().await;
        drop(vault);
        let other_key = Vault::open(folder.path(), &Secret32::new([6; 32])).await;
        assert!(matches!(other_key, Err(VaultError::WrongKey)));
    }

    #[tokio::test]
    async fn a_record_under_another_handle_does_not_open() {
        let (_folder, vault) = scratch().await;
        vault.keep(&order()).await.unwrap();
        let other = Uuid::from_bytes([9; 16]);
        sqlx::query("UPDATE kept_orders SET handle = ?")
            .bind(other.as_bytes().as_slice())
            .execute(&vault.pool)
            .await
            .unwrap();
        assert!(matches!(vault.find(other).await, Err(VaultError::Tampered { .. })));
    }

    #[test]
    fn printing_a_kept_order_shows_nothing() {
        let order = order();
        let secret = order.opening().unwrap().secret.to_hex();
        let printed = format!("{order:?} {:?} {:?}", order.terms, order.attempts);
        assert!(!printed.contains(secret.as_str()) && !printed.contains("1860000"), "{printed}");
    }

    #[tokio::test]
    async fn a_wish_stands_while_somebody_waits_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(folder.path(), &Secret32::new(KEY)).await.unwrap();
        assert!(!vault.is_wished_for());
        Vault::wish(folder.path());
        assert!(vault.is_wished_for());
        let wish = std::fs::File::options().write(true).open(folder.path().join(WISH_FILE)).unwrap();
        wish.set_modified(std::time::SystemTime::now() - WISH_STANDS * 2).unwrap();
        assert!(!vault.is_wished_for());
        Vault::wish(folder.path());
        Vault::wish_no_more(folder.path());
        assert!(!vault.is_wished_for());
    }
}
