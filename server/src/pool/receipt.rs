//! The receipt of an order: everything that its owner needs to check what came of it, without this pool.

use std::collections::BTreeMap;

use obscura_client::accounts::{self, Order, VerifyingKey, filter};
use obscura_client::address;
use obscura_client::receipt::{AssembleError, Receipt, ReceiptSource, listed, statement_of};

use super::order_lookup::FoundOrder;
use super::order_state::batch_phase;
use super::{Pool, chain_terms};
use crate::service::{BatchPhase, Caller, NextAction, ReceiptInput, ServiceError};
use crate::storage::StoredTerms;

const UNUSABLE: &str = "a receipt cannot be made of what the chain holds";

impl Pool {
    pub(super) async fn receipt_of(
        &self,
        caller: &Caller,
        input: ReceiptInput,
    ) -> Result<Receipt, ServiceError> {
        let found = self.find_order(caller, &input.order_id).await?;
        self.check_cleared(&found).await?;
        let index = found.order.index;
        let source = self.receipt_source(&found).await?;
        let terms = self.openable_terms(&source, index).await?;
        // A full batch takes thousands of hashes: no work for a thread that answers requests.
        let made = tokio::task::spawn_blocking(move || {
            source.receipt(index, &|row| terms.get(&row).map(chain_terms))
        });
        let receipt = made.await.map_err(|_| ServiceError::Internal)?;
        receipt.map_err(|error| {
            tracing::error!(%error, order = %found.id, "{UNUSABLE}");
            ServiceError::Internal
        })
    }

    async fn check_cleared(&self, found: &FoundOrder<'_>) -> Result<(), ServiceError> {
        let (batch, now) = (&found.batch, self.clock().await?);
        let (index, id) = (batch.index, found.id.to_string());
        match batch_phase(found.market, Some(batch), index, now) {
            BatchPhase::Cleared => Ok(()),
            BatchPhase::Void | BatchPhase::Empty => Err(ServiceError::NoReceipt {
                order_id: id,
                reason: format!(
                    "batch {index} went void: it was not cleared in time, nothing was proven, and everything comes \
                     back"
                ),
            }),
            _ => Err(ServiceError::WrongPhase {
                detail: format!("batch {index} has not decided yet; a receipt is there once it is cleared"),
                next: vec![NextAction::wait(&id, 40, "answers when the batch has decided")],
            }),
        }
    }

    async fn receipt_source(&self, found: &FoundOrder<'_>) -> Result<ReceiptSource, ServiceError> {
        let stored = self.storage.proof(&found.order.batch.to_bytes()).await?.ok_or_else(|| {
            ServiceError::NoReceipt {
                order_id: found.id.to_string(),
                reason: format!("this pool has not kept the proof of batch {}", found.batch.index),
            }
        })?;
        let ledger = self.ledger.as_ref();
        let of_batch = filter::orders_of_batch(&found.order.batch);
        let mut orders = accounts::list::<Order>(ledger, [of_batch]).await?;
        orders.sort_by_key(|(_, order)| order.index);
        let key: VerifyingKey = accounts::get(ledger, &address::verifying_key(found.batch.size)).await?;
        let not_of_a_batch = |error: AssembleError| {
            tracing::error!(%error, order = %found.id, "{UNUSABLE}");
            ServiceError::Internal
        };
        Ok(ReceiptSource {
            gpu_type: found.market.gpu_type.clone(),
            statement: statement_of(&found.batch).map_err(not_of_a_batch)?,
            orders: orders
                .iter()
                .map(|(_, order)| listed(order))
                .collect::<Result<_, _>>()
                .map_err(not_of_a_batch)?,
            verifying_key: (&key.points).into(),
            proof: stored.proof,
            rows: stored.rows,
        })
    }

    /// Terms of the order's leases, by row: kept for a lease that is not closed, or shown by its close.
    async fn openable_terms(
        &self,
        source: &ReceiptSource,
        index: u16,
    ) -> Result<BTreeMap<u16, StoredTerms>, ServiceError> {
        let mut terms = BTreeMap::new();
        for (row, lease) in source.leases_of(index) {
            let lease = lease.to_bytes();
            let known = match self.storage.lease_terms(&lease).await? {
                None => self.storage.opened_terms(&lease).await?,
                known => known,
            };
            terms.extend(known.map(|known| (row, known)));
        }
        Ok(terms)
    }
}
