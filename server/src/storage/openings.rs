//! Openings handed to the matcher in private: encrypted, bound to their order,
//! erased once their batch is settled.

use std::fmt;

use zeroize::Zeroizing;

use super::cipher::Role;
use super::{Address, Storage, StorageError, address_from};

const ENCODED_BYTES: usize = 8 + 2 + 2 + 4 + 32;

/// The private part of a revealed order. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredOpening {
    /// Micro-USDC per GPU-hour.
    pub price_micro: u64,
    /// GPUs.
    pub qty: u16,
    /// GPUs.
    pub min_qty: u16,
    /// Seconds.
    pub duration_seconds: u32,
    /// As sent; reduce before hashing.
    pub secret: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for StoredOpening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredOpening(..)")
    }
}

/// What became of an opening that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Now,
    /// The order had one already, and that one stands.
    Before,
    /// The batch is frozen: its clearing does not know this opening.
    TooLate,
}

impl Storage {
    /// Keeps an opening, unless the order has one, which stands, or its batch is frozen.
    pub async fn put_opening(
        &self,
        order: &Address,
        batch: &Address,
        opening: &StoredOpening,
    ) -> Result<Kept, StorageError> {
        let sealed = self.cipher.seal(Role::Opening, order, &encode(opening));
        let done = sqlx::query(
            "INSERT OR IGNORE INTO openings (order_address, batch_address, sealed) SELECT ?, ?, ? \
             WHERE NOT EXISTS (SELECT 1 FROM frozen_batches WHERE batch_address = ?)",
        )
        .bind(order.as_slice())
        .bind(batch.as_slice())
        .bind(sealed)
        .bind(batch.as_slice())
        .execute(&self.pool)
        .await?;
        Ok(if done.rows_affected() == 1 {
            Kept::Now
        } else if self.has_opening(order).await? {
            Kept::Before
        } else {
            Kept::TooLate
        })
    }

    /// From here on no opening joins the batch: what is read now is what the clearing is made from.
    pub async fn freeze_openings(&self, batch: &Address) -> Result<(), StorageError> {
        sqlx::query("INSERT OR IGNORE INTO frozen_batches (batch_address) VALUES (?)")
            .bind(batch.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whether an order's opening is here.
    pub async fn has_opening(&self, order: &Address) -> Result<bool, StorageError> {
        let found: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM openings WHERE order_address = ?")
            .bind(order.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.is_some())
    }

    /// Every opening of a batch, with its order's address.
    pub async fn openings_of_batch(
        &self,
        batch: &Address,
    ) -> Result<Vec<(Address, StoredOpening)>, StorageError> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "SELECT order_address, sealed FROM openings WHERE batch_address = ? ORDER BY order_address",
        )
        .bind(batch.as_slice())
        .fetch_all(&self.pool)
        .await?;
        let mut openings = Vec::with_capacity(rows.len());
        for (address, sealed) in rows {
            match self.opened(address, &sealed) {
                Ok(opening) => openings.push(opening),
                // One damaged record is one order not revealed; it must not stop the others.
                Err(error) => tracing::error!(%error, "an opening cannot be read and counts as not revealed"),
            }
        }
        Ok(openings)
    }

    fn opened(&self, address: Vec<u8>, sealed: &[u8]) -> Result<(Address, StoredOpening), StorageError> {
        let address = address_from(address)?;
        let plain = self
            .cipher
            .open(Role::Opening, &address, sealed)
            .ok_or(StorageError::Tampered { what: "opening" })?;
        Ok((address, decode(&plain)?))
    }

    /// Erases every opening of a batch, for good.
    pub async fn erase_openings(&self, batch: &Address) -> Result<(), StorageError> {
        self.freeze_openings(batch).await?;
        let erased = sqlx::query("DELETE FROM openings WHERE batch_address = ?")
            .bind(batch.as_slice())
            .execute(&self.pool)
            .await?;
        self.forget_erased(erased.rows_affected()).await
    }
}

fn encode(opening: &StoredOpening) -> Zeroizing<Vec<u8>> {
    let StoredOpening { price_micro, qty, min_qty, duration_seconds, secret } = opening;
    let mut bytes = Zeroizing::new(Vec::with_capacity(ENCODED_BYTES));
    bytes.extend_from_slice(&price_micro.to_le_bytes());
    bytes.extend_from_slice(&qty.to_le_bytes());
    bytes.extend_from_slice(&min_qty.to_le_bytes());
    bytes.extend_from_slice(&duration_seconds.to_le_bytes());
    bytes.extend_from_slice(secret.as_slice());
    bytes
}

fn decode(bytes: &[u8]) -> Result<StoredOpening, StorageError> {
    let bytes: &[u8; ENCODED_BYTES] =
        bytes.try_into().map_err(|_| StorageError::Malformed { what: "opening" })?;
    let (price, rest) = split::<8>(bytes);
    let (qty, rest) = split::<2>(rest);
    let (min_qty, rest) = split::<2>(rest);
    let (duration, rest) = split::<4>(rest);
    let (secret, _) = split::<32>(rest);
    Ok(StoredOpening {
        price_micro: u64::from_le_bytes(price),
        qty: u16::from_le_bytes(qty),
        min_qty: u16::from_le_bytes(min_qty),
        duration_seconds: u32::from_le_bytes(duration),
        secret: Zeroizing::new(secret),
    })
}

fn split<const N: usize>(bytes: &[u8]) -> ([u8; N], &[u8]) {
    let (head, tail) =
        bytes.split_first_chunk::<N>().expect("the whole record has the sum of its fields' lengths");
    (*head, tail)
}

#[cfg(test)]
mod tests {
    use super::super::tests::scratch;
    use super::*;

    fn opening() -> StoredOpening {
        StoredOpening {
            price_micro: 1_860_000,
            qty: 4,
            min_qty: 2,
            duration_seconds: 3600,
            secret: Zeroizing::new([5; 32]),
        }
    }

    #[tokio::test]
    async fn the_first_opening_of_an_order_stands() {
        let (_dir, storage) = scratch().await;
        let mut second = opening();
        second.price_micro = 9;
        assert_eq!(storage.put_opening(&[1; 32], &[2; 32], &opening()).await.unwrap(), Kept::Now);
        assert_eq!(storage.put_opening(&[1; 32], &[2; 32], &second).await.unwrap(), Kept::Before);
        let stored = storage.openings_of_batch(&[2; 32]).await.unwrap();
        assert!(stored == vec![([1; 32], opening())]);
    }

    #[tokio::test]
    async fn erased_openings_are_gone() {
        let (_dir, storage) = scratch().await;
        storage.put_opening(&[1; 32], &[2; 32], &opening()).await.unwrap();
        storage.erase_openings(&[2; 32]).await.unwrap();
        assert!(!storage.has_opening(&[1; 32]).await.unwrap());
    }

    #[tokio::test]
    async fn erased_openings_are_not_left_in_a_file_either() {
        let (dir, storage) = scratch().await;
        storage.put_opening(&[1; 32], &[2; 32], &opening()).await.unwrap();
        let (sealed,): (Vec<u8>,) =
            sqlx::query_as("SELECT sealed FROM openings").fetch_one(&storage.pool).await.unwrap();
        let on_disk = || {
            let files = std::fs::read_dir(dir.path()).unwrap();
            files
                .map(|file| std::fs::read(file.unwrap().path()).unwrap())
                .any(|bytes| bytes.windows(sealed.len()).any(|window| window == sealed))
        };
        assert!(on_disk());
        storage.erase_openings(&[2; 32]).await.unwrap();
        assert!(!on_disk());
    }

    #[tokio::test]
    async fn no_opening_joins_a_batch_once_its_clearing_was_begun() {
        let (_folder, storage) = scratch().await;
        storage.put_opening(&[1; 32], &[2; 32], &opening()).await.unwrap();
        storage.freeze_openings(&[2; 32]).await.unwrap();
        assert_eq!(storage.put_opening(&[3; 32], &[2; 32], &opening()).await.unwrap(), Kept::TooLate);
        assert_eq!(storage.put_opening(&[3; 32], &[4; 32], &opening()).await.unwrap(), Kept::Now);
        assert_eq!(storage.openings_of_batch(&[2; 32]).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn an_opening_moved_to_another_order_does_not_open() {
        let (_dir, storage) = scratch().await;
        storage.put_opening(&[1; 32], &[2; 32], &opening()).await.unwrap();
        sqlx::query("UPDATE openings SET order_address = ?")
            .bind([3u8; 32].as_slice())
            .execute(&storage.pool)
            .await
            .unwrap();
        assert!(storage.openings_of_batch(&[2; 32]).await.unwrap().is_empty());
    }

    #[test]
    fn printing_an_opening_shows_nothing() {
        assert_eq!(format!("{:?}", opening()), "StoredOpening(..)");
    }
}
