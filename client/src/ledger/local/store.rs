//! The in-process chain's disk: accounts, recent blockhashes and landed signatures, in one SQLite file.
//!
//! Every landed transaction is one SQLite transaction, durable before anybody hears of it. Hence WAL
//! with `synchronous = FULL`: with `NORMAL` a power failure could take back the last payments that
//! were already acknowledged. Must never hold sysvars or built-in programs: those are made anew.

use std::collections::BTreeSet;
use std::path::Path;

use solana_sdk::account::Account;
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};
use tokio::runtime::Runtime;

use super::blockhash_window::{BlockhashWindow, Landing, RecentBlockhash};
use super::history::{self, TransactionRecord};

const FILE: &str = "ledger.sqlite";
const FORMAT: i64 = 1;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS chain (
    id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL,
    genesis_seconds INTEGER NOT NULL, last_seconds INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS accounts (
    address BLOB PRIMARY KEY, lamports INTEGER NOT NULL, owner BLOB NOT NULL,
    executable INTEGER NOT NULL, rent_epoch INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS blockhashes (
    height INTEGER PRIMARY KEY, hash BLOB NOT NULL, unix_seconds INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS signatures (signature BLOB PRIMARY KEY, height INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS signatures_by_height ON signatures (height);
";

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot start the storage runtime: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("the ledger database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the ledger database has format {got}, this program knows {FORMAT}: use another data directory")]
    Format { got: i64 },
    #[error("the ledger database holds a {field} of {got} bytes")]
    Corrupt { field: &'static str, got: usize },
    #[error("the ledger database's record of a transaction is damaged: {0}")]
    Record(#[from] serde_json::Error),
}

/// What a restart starts from.
#[derive(Debug)]
pub struct Snapshot {
    pub times: ChainTimes,
    pub accounts: Vec<(Pubkey, Account)>,
    pub window: BlockhashWindow,
}

/// When the chain began, and the last second it acted in: it never shows an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainTimes {
    pub genesis_seconds: i64,
    pub last_seconds: i64,
}

/// What one step of the chain changed. An account with no lamports is gone.
#[derive(Debug)]
pub struct Change<'a> {
    pub last_seconds: i64,
    pub accounts: &'a [(Pubkey, Account)],
    pub landing: Option<Landing>,
    /// What is remembered of it for whoever asks.
    pub record: Option<&'a TransactionRecord>,
}

/// Blocking: owned by the chain's thread.
pub struct Store {
    runtime: Runtime,
    connection: SqliteConnection,
}

impl Store {
    /// Opens or creates the database; `now` is the genesis of a new one.
    pub fn open(data_dir: &Path, now: i64) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let options = SqliteConnectOptions::new()
            .filename(data_dir.join(FILE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let connection = runtime.block_on(connect(&options, now))?;
        Ok(Self { runtime, connection })
    }

    pub fn load(&mut self) -> Result<Snapshot, StoreError> {
        let Self { runtime, connection } = self;
        runtime.block_on(async {
            Ok(Snapshot {
                times: load_times(connection).await?,
                accounts: load_accounts(connection).await?,
                window: load_window(connection).await?,
            })
        })
    }

    /// Writes all of `change` or nothing, and returns when it is on the disk.
    pub fn commit(&mut self, change: &Change<'_>) -> Result<(), StoreError> {
        let Self { runtime, connection } = self;
        runtime.block_on(async {
            let mut transaction = connection.begin().await?;
            write(&mut transaction, change).await?;
            transaction.commit().await?;
            Ok(())
        })
    }

    /// What is remembered of a transaction.
    pub fn transaction(&mut self, signature: &Signature) -> Result<Option<TransactionRecord>, StoreError> {
        let Self { runtime, connection } = self;
        runtime.block_on(history::find(connection, signature))
    }

    pub fn close(self) {
        let Self { runtime, connection } = self;
        if let Err(error) = runtime.block_on(connection.close()) {
            tracing::warn!(%error, "the ledger database did not close cleanly");
        }
    }
}

async fn connect(options: &SqliteConnectOptions, now: i64) -> Result<SqliteConnection, StoreError> {
    let mut connection = options.connect().await?;
    sqlx::raw_sql(SCHEMA).execute(&mut connection).await?;
    sqlx::raw_sql(history::SCHEMA).execute(&mut connection).await?;
    sqlx::query("INSERT OR IGNORE INTO chain VALUES (1, ?, ?, ?)")
        .bind(FORMAT)
        .bind(now)
        .bind(now)
        .execute(&mut connection)
        .await?;
    let got: i64 = sqlx::query_scalar("SELECT format FROM chain").fetch_one(&mut connection).await?;
    if got == FORMAT { Ok(connection) } else { Err(StoreError::Format { got }) }
}

async fn load_times(connection: &mut SqliteConnection) -> Result<ChainTimes, StoreError> {
    let row = sqlx::query("SELECT genesis_seconds, last_seconds FROM chain").fetch_one(connection).await?;
    Ok(ChainTimes { genesis_seconds: row.try_get(0)?, last_seconds: row.try_get(1)? })
}

async fn load_accounts(connection: &mut SqliteConnection) -> Result<Vec<(Pubkey, Account)>, StoreError> {
    let rows = sqlx::query(
        "SELECT address, lamports, owner, executable, rent_epoch, data FROM accounts ORDER BY address",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let account = Account {
                lamports: row.try_get::<i64, _>(1)?.cast_unsigned(),
                owner: Pubkey::new_from_array(exact("owner", row.try_get(2)?)?),
                executable: row.try_get(3)?,
                rent_epoch: row.try_get::<i64, _>(4)?.cast_unsigned(),
                data: row.try_get(5)?,
            };
            Ok((Pubkey::new_from_array(exact("address", row.try_get(0)?)?), account))
        })
        .collect()
}

async fn load_window(connection: &mut SqliteConnection) -> Result<BlockhashWindow, StoreError> {
    let mut hashes = Vec::new();
    let rows = sqlx::query("SELECT height, hash, unix_seconds FROM blockhashes ORDER BY height")
        .fetch_all(&mut *connection)
        .await?;
    for row in rows {
        let height: i64 = row.try_get(0)?;
        hashes.push(RecentBlockhash {
            height,
            hash: Hash::new_from_array(exact("hash", row.try_get(1)?)?),
            unix_seconds: row.try_get(2)?,
            landed: load_signatures(connection, height).await?,
        });
    }
    Ok(BlockhashWindow::restore(hashes))
}

async fn load_signatures(
    connection: &mut SqliteConnection,
    height: i64,
) -> Result<BTreeSet<Signature>, StoreError> {
    let signatures: Vec<Vec<u8>> = sqlx::query_scalar("SELECT signature FROM signatures WHERE height = ?")
        .bind(height)
        .fetch_all(connection)
        .await?;
    signatures.into_iter().map(|bytes| Ok(Signature::from(exact::<64>("signature", bytes)?))).collect()
}

async fn write(connection: &mut SqliteConnection, change: &Change<'_>) -> Result<(), StoreError> {
    let Change { last_seconds, accounts, landing, record } = change;
    sqlx::query("UPDATE chain SET last_seconds = ?").bind(last_seconds).execute(&mut *connection).await?;
    for (address, account) in *accounts {
        write_account(connection, address, account).await?;
    }
    if let Some(landing) = landing {
        write_landing(connection, landing).await?;
    }
    match record {
        Some(record) => history::write(connection, record).await,
        None => Ok(()),
    }
}

async fn write_account(
    connection: &mut SqliteConnection,
    address: &Pubkey,
    account: &Account,
) -> Result<(), sqlx::Error> {
    let Account { lamports, data, owner, executable, rent_epoch } = account;
    let query = if *lamports == 0 {
        sqlx::query("DELETE FROM accounts WHERE address = ?").bind(address.as_ref())
    } else {
        sqlx::query("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?, ?, ?)")
            .bind(address.as_ref())
            .bind(lamports.cast_signed())
            .bind(owner.as_ref())
            .bind(executable)
            .bind(rent_epoch.cast_signed())
            .bind(data.as_slice())
    };
    query.execute(connection).await.map(drop)
}

/// Only hashes that something landed under are written: one that was merely handed out expires with
/// a restart, and its transaction is signed again.
async fn write_landing(connection: &mut SqliteConnection, landing: &Landing) -> Result<(), sqlx::Error> {
    let Landing { height, hash, unix_seconds, signature, oldest_height } = landing;
    sqlx::query("INSERT OR IGNORE INTO blockhashes VALUES (?, ?, ?)")
        .bind(height)
        .bind(hash.as_ref())
        .bind(unix_seconds)
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO signatures VALUES (?, ?)")
        .bind(signature.as_ref())
        .bind(height)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM blockhashes WHERE height < ?")
        .bind(oldest_height)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM signatures WHERE height < ?")
        .bind(oldest_height)
        .execute(connection)
        .await
        .map(drop)
}

pub(super) fn exact<const N: usize>(field: &'static str, bytes: Vec<u8>) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|bytes: Vec<u8>| StoreError::Corrupt { field, got: bytes.len() })
}
