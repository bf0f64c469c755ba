//! Payments of closed leases, as the chain shows them to everybody: what quotes
//! are made of.

use super::clearings::{from_i64, to_i64};
use super::{Address, Storage, StorageError, address_from};

/// Batches that a quote looks back over.
const MAX_BATCHES: i64 = 32;
/// Payments that a quote looks at: every lease of those batches at the first size.
const MAX_PAYMENTS: i64 = 512;

/// One paid lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub lease: Address,
    pub market: Address,
    pub batch_index: u64,
    /// Micro-USDC per GPU-hour.
    pub price_micro: u64,
    /// Micro-USDC.
    pub amount_micro: u64,
    pub buyer: Address,
    pub provider: Address,
    /// Seconds since 1970 on the chain's clock.
    pub paid_at: i64,
}

type Row = (Vec<u8>, Vec<u8>, i64, i64, i64, Vec<u8>, Vec<u8>, i64);

impl Storage {
    /// Remembers a payment once.
    pub async fn put_payment(&self, payment: &Payment) -> Result<(), StorageError> {
        let done = sqlx::query(
            "INSERT OR IGNORE INTO payments (lease_address, market_address, batch_index, \
             price_micro, amount_micro, buyer, provider, paid_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(payment.lease.as_slice())
        .bind(payment.market.as_slice())
        .bind(to_i64(payment.batch_index))
        .bind(to_i64(payment.price_micro))
        .bind(to_i64(payment.amount_micro))
        .bind(payment.buyer.as_slice())
        .bind(payment.provider.as_slice())
        .bind(payment.paid_at)
        .execute(&self.pool)
        .await?;
        self.note_public_change(done.rows_affected());
        Ok(())
    }

    /// Payments of a market's last batches that paid, cheapest price first.
    pub async fn recent_payments(&self, market: &Address) -> Result<Vec<Payment>, StorageError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT lease_address, market_address, batch_index, price_micro, amount_micro, buyer, \
             provider, paid_at FROM payments WHERE market_address = ? AND batch_index IN \
             (SELECT DISTINCT batch_index FROM payments WHERE market_address = ? \
             ORDER BY batch_index DESC LIMIT ?) ORDER BY price_micro, lease_address LIMIT ?",
        )
        .bind(market.as_slice())
        .bind(market.as_slice())
        .bind(MAX_BATCHES)
        .bind(MAX_PAYMENTS)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(payment_from).collect()
    }
}

fn payment_from(row: Row) -> Result<Payment, StorageError> {
    let (lease, market, batch_index, price, amount, buyer, provider, paid_at) = row;
    Ok(Payment {
        lease: address_from(lease)?,
        market: address_from(market)?,
        batch_index: from_i64(batch_index),
        price_micro: from_i64(price),
        amount_micro: from_i64(amount),
        buyer: address_from(buyer)?,
        provider: address_from(provider)?,
        paid_at,
    })
}
