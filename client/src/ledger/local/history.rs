//! What the in-process chain remembers of the transactions that have landed, for whoever asks later.
//!
//! Written with what the transaction changed, so that the two cannot part. Must never decide whether a
//! transaction may land: that is the blockhash window's, which forgets nothing that matters.

use solana_sdk::signature::Signature;
use solana_sdk::transaction::Transaction;
use sqlx::{Row, SqliteConnection};

use super::store::{StoreError, exact};
use crate::ledger::ChainClock;

/// About a week of a busy local pool.
const MAX_RECORDS: i64 = 100_000;

pub const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, signature BLOB NOT NULL UNIQUE, slot INTEGER NOT NULL,
    unix_seconds INTEGER NOT NULL, compute_units INTEGER NOT NULL, fee INTEGER NOT NULL,
    logs TEXT NOT NULL, content TEXT) STRICT;
";

/// A transaction that has landed.
#[derive(Debug, Clone, PartialEq)]
pub struct TransactionRecord {
    pub signature: Signature,
    pub slot: u64,
    pub unix_seconds: i64,
    pub compute_units: u64,
    pub fee: u64,
    pub logs: Vec<String>,
    /// None for lamports made out of nothing.
    pub transaction: Option<Transaction>,
}

impl TransactionRecord {
    /// Nobody signs for lamports out of nothing: the signature is random.
    pub(super) fn of_an_airdrop(now: ChainClock) -> Self {
        let mut bytes = [0; 64];
        rand::RngCore::fill_bytes(&mut rand::rngs::OsRng, &mut bytes);
        let ChainClock { slot, unix_seconds } = now;
        let signature = Signature::from(bytes);
        Self { signature, slot, unix_seconds, compute_units: 0, fee: 0, logs: Vec::new(), transaction: None }
    }
}

pub async fn write(connection: &mut SqliteConnection, record: &TransactionRecord) -> Result<(), StoreError> {
    let TransactionRecord { signature, slot, unix_seconds, compute_units, fee, logs, transaction } = record;
    let content = transaction.as_ref().map(serde_json::to_string).transpose()?;
    let id = sqlx::query(
        "INSERT INTO transactions (signature, slot, unix_seconds, compute_units, fee, logs, content) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(signature.as_ref())
    .bind(slot.cast_signed())
    .bind(unix_seconds)
    .bind(compute_units.cast_signed())
    .bind(fee.cast_signed())
    .bind(serde_json::to_string(logs)?)
    .bind(content)
    .execute(&mut *connection)
    .await?
    .last_insert_rowid();
    sqlx::query("DELETE FROM transactions WHERE id <= ?").bind(id - MAX_RECORDS).execute(connection).await?;
    Ok(())
}

pub async fn find(
    connection: &mut SqliteConnection,
    signature: &Signature,
) -> Result<Option<TransactionRecord>, StoreError> {
    let row = sqlx::query(
        "SELECT signature, slot, unix_seconds, compute_units, fee, logs, content FROM transactions \
         WHERE signature = ?",
    )
    .bind(signature.as_ref())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let content: Option<String> = row.try_get(6)?;
    Ok(Some(TransactionRecord {
        signature: Signature::from(exact::<64>("signature", row.try_get(0)?)?),
        slot: row.try_get::<i64, _>(1)?.cast_unsigned(),
        unix_seconds: row.try_get(2)?,
        compute_units: row.try_get::<i64, _>(3)?.cast_unsigned(),
        fee: row.try_get::<i64, _>(4)?.cast_unsigned(),
        logs: serde_json::from_str(row.try_get(5)?)?,
        transaction: content.map(|text| serde_json::from_str(&text)).transpose()?,
    }))
}
