//! Prices and sizes of cleared batches, as the chain shows them to everybody: what
//! quotes are made of.

use super::clearings::{from_i64, to_i64};
use super::{Address, Storage, StorageError};

/// Batches that a quote looks back over.
const MAX_BATCHES: i64 = 64;

/// One cleared batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClearedBatch {
    pub index: u64,
    /// Micro-USDC per GPU-hour; `None` where nothing traded.
    pub price_micro: Option<u64>,
    pub order_count: u32,
    /// Seconds since 1970 on the chain's clock.
    pub cleared_at: i64,
}

impl Storage {
    /// Remembers a cleared batch once.
    pub async fn put_cleared_batch(
        &self,
        batch: &Address,
        market: &Address,
        cleared: &ClearedBatch,
    ) -> Result<(), StorageError> {
        if self.has_cleared_batch(batch).await? {
            return Ok(());
        }
        let done = sqlx::query(
            "INSERT OR IGNORE INTO cleared_batches (batch_address, market_address, batch_index, price_micro, \
             order_count, cleared_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(batch.as_slice())
        .bind(market.as_slice())
        .bind(to_i64(cleared.index))
        .bind(to_i64(cleared.price_micro.unwrap_or(0)))
        .bind(i64::from(cleared.order_count))
        .bind(cleared.cleared_at)
        .execute(&self.pool)
        .await?;
        self.note_public_change(done.rows_affected());
        Ok(())
    }

    async fn has_cleared_batch(&self, batch: &Address) -> Result<bool, StorageError> {
        let row: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM cleared_batches WHERE batch_address = ?")
            .bind(batch.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }

    /// A market's last cleared batches, the latest first.
    pub async fn recent_batches(&self, market: &Address) -> Result<Vec<ClearedBatch>, StorageError> {
        let rows: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
            "SELECT batch_index, price_micro, order_count, cleared_at FROM cleared_batches \
             WHERE market_address = ? ORDER BY batch_index DESC LIMIT ?",
        )
        .bind(market.as_slice())
        .bind(MAX_BATCHES)
        .fetch_all(&self.pool)
        .await?;
        let batch = |(index, price, orders, cleared_at)| ClearedBatch {
            index: from_i64(index),
            price_micro: Some(from_i64(price)).filter(|price| *price > 0),
            order_count: u32::try_from(orders).unwrap_or(0),
            cleared_at,
        };
        Ok(rows.into_iter().map(batch).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::scratch;
    use super::*;

    #[tokio::test]
    async fn the_latest_batches_of_a_market_come_first_and_each_once() {
        let (_dir, storage) = scratch().await;
        let batch = |index| ClearedBatch { index, price_micro: None, order_count: 2, cleared_at: 9 };
        for (address, index) in [(1, 4), (2, 7), (2, 9), (3, 5)] {
            storage.put_cleared_batch(&[address; 32], &[8; 32], &batch(index)).await.unwrap();
        }
        storage.put_cleared_batch(&[4; 32], &[9; 32], &batch(1)).await.unwrap();
        let indexes =
            storage.recent_batches(&[8; 32]).await.unwrap().iter().map(|b| b.index).collect::<Vec<_>>();
        assert_eq!(indexes, [7, 5, 4]);
    }
}
