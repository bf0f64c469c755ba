//! What the matcher remembers of its clearings: figures for the batch route, and
//! which bids were refused for size, which the chain does not tell from unmatched.

use super::{Address, Storage, StorageError};

/// Figures of one posted clearing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearingRecord {
    /// Milliseconds of proving.
    pub proof_millis: u64,
    /// Compute units of the posting transaction.
    pub compute_units: u64,
    /// Its signature, base58.
    pub signature: String,
}

impl Storage {
    /// Remembers a posted clearing; the first record of a batch stands.
    pub async fn put_clearing(&self, batch: &Address, record: &ClearingRecord) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT OR IGNORE INTO clearings (batch_address, proof_millis, compute_units, signature) \
             VALUES (?, ?, ?, ?)",
        )
        .bind(batch.as_slice())
        .bind(to_i64(record.proof_millis))
        .bind(to_i64(record.compute_units))
        .bind(&record.signature)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The figures of a batch this pool cleared.
    pub async fn clearing(&self, batch: &Address) -> Result<Option<ClearingRecord>, StorageError> {
        let row: Option<(i64, i64, String)> = sqlx::query_as(
            "SELECT proof_millis, compute_units, signature FROM clearings WHERE batch_address = ?",
        )
        .bind(batch.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(proof_millis, compute_units, signature)| ClearingRecord {
            proof_millis: from_i64(proof_millis),
            compute_units: from_i64(compute_units),
            signature,
        }))
    }

    /// Remembers that a bid was refused for size.
    pub async fn put_refused_for_size(&self, order: &Address) -> Result<(), StorageError> {
        sqlx::query("INSERT OR IGNORE INTO refused_for_size (order_address) VALUES (?)")
            .bind(order.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whether a bid was refused for size.
    pub async fn is_refused_for_size(&self, order: &Address) -> Result<bool, StorageError> {
        let row: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM refused_for_size WHERE order_address = ?")
            .bind(order.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }
}

/// SQLite integers are signed; amounts here stay far below 2^63.
pub(super) fn to_i64(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The way back.
pub(super) fn from_i64(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::scratch;
    use super::*;

    #[tokio::test]
    async fn the_first_record_of_a_batch_stands() {
        let (_dir, storage) = scratch().await;
        let mut record = ClearingRecord { proof_millis: 900, compute_units: 140_000, signature: "a".into() };
        storage.put_clearing(&[1; 32], &record).await.unwrap();
        record.proof_millis = 1;
        storage.put_clearing(&[1; 32], &record).await.unwrap();
        let stored = storage.clearing(&[1; 32]).await.unwrap().unwrap();
        assert_eq!(stored.proof_millis, 900);
    }
}
