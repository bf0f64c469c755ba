//! What owners call their orders for themselves. Never on the chain, and shown to nobody else.

use super::{Address, Storage, StorageError, address_from};

impl Storage {
    /// Names an order; the first name stands.
    pub async fn put_client_tag(
        &self,
        order: &Address,
        owner: &Address,
        tag: &str,
    ) -> Result<(), StorageError> {
        sqlx::query("INSERT OR IGNORE INTO client_tags (order_address, owner, tag) VALUES (?, ?, ?)")
            .bind(order.as_slice())
            .bind(owner.as_slice())
            .bind(tag)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// What an order was named.
    pub async fn client_tag(&self, order: &Address) -> Result<Option<String>, StorageError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT tag FROM client_tags WHERE order_address = ?")
            .bind(order.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|(tag,)| tag))
    }

    /// Every name that an owner gave, by its order's address.
    pub async fn client_tags(&self, owner: &Address) -> Result<Vec<(Address, String)>, StorageError> {
        let rows: Vec<(Vec<u8>, String)> =
            sqlx::query_as("SELECT order_address, tag FROM client_tags WHERE owner = ?")
                .bind(owner.as_slice())
                .fetch_all(&self.pool)
                .await?;
        rows.into_iter().map(|(order, tag)| Ok((address_from(order)?, tag))).collect()
    }
}
