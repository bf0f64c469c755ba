//! From a signed transaction to what the cluster made of it.

use std::time::Duration;

use solana_commitment_config::CommitmentConfig;
use solana_rpc_client_api::config::{RpcSendTransactionConfig, RpcTransactionConfig};
use solana_sdk::signature::Signature;
use solana_sdk::transaction::{Transaction, TransactionError};
use solana_transaction_status_client_types::option_serializer::OptionSerializer;
use solana_transaction_status_client_types::{
    TransactionStatus, UiTransactionEncoding, UiTransactionStatusMeta,
};
use tokio::time::{Instant, sleep};

use super::failure::{decode_refusal, is_transient, reason, unavailable};
use super::{Landed, LedgerError, RpcLedger};
use crate::ledger::refusal::decode_error;

/// Between two looks at what became of a transaction: about a slot.
const POLL: Duration = Duration::from_millis(400);
const SLOTS_UNTIL_SEEN: usize = 4;
/// Nodes drop transactions: what is not seen is sent again so often.
const RESEND: Duration = Duration::from_secs(2);
/// A blockhash lives 150 slots, about a minute; a cluster may be slower.
const PATIENCE: Duration = Duration::from_secs(180);
/// Logs of what has landed may take a moment to be shown.
const LOGS: Duration = Duration::from_secs(10);

/// What the chain knows of a signature.
pub enum Standing {
    /// Seen, but not as sure as asked.
    Underway,
    /// In the slot, with what came of it.
    Decided(u64, Option<TransactionError>),
}

impl Standing {
    pub fn of(status: TransactionStatus, commitment: CommitmentConfig) -> Self {
        if status.satisfies_commitment(commitment) {
            Self::Decided(status.slot, status.err)
        } else {
            Self::Underway
        }
    }
}

impl RpcLedger {
    /// Hands it to the node, which runs it first and refuses what fails. A node that is away may have taken
    /// it all the same: that is for [`until_decided`](Self::until_decided) to find out.
    pub(super) async fn submit(&self, transaction: &Transaction) -> Result<(), LedgerError> {
        let config = RpcSendTransactionConfig {
            preflight_commitment: Some(self.commitment.commitment),
            max_retries: Some(0),
            ..RpcSendTransactionConfig::default()
        };
        match self.client.send_transaction_with_config(transaction, config).await {
            Ok(_) => Ok(()),
            Err(error) if is_transient(&error) => {
                tracing::warn!(
                    reason = reason(&error),
                    "the node did not confirm that it took a transaction"
                );
                Ok(())
            }
            Err(error) => Err(decode_refusal(transaction, &error)),
        }
    }

    /// Whether the chain comes to know the signature within a few slots.
    pub(super) async fn is_seen_soon(&self, signature: &Signature) -> Result<bool, LedgerError> {
        for _ in 0..SLOTS_UNTIL_SEEN {
            if self.standing(signature).await?.is_some() {
                return Ok(true);
            }
            sleep(POLL).await;
        }
        Ok(false)
    }

    /// Sends it again until it has landed, or until its blockhash has expired and it never can.
    pub(super) async fn until_decided(
        &self,
        transaction: &Transaction,
        signature: Signature,
    ) -> Result<Landed, LedgerError> {
        let give_up = Instant::now() + PATIENCE;
        let mut sent = Instant::now();
        loop {
            // Looked at before the signature: what lands in between is found.
            let can_land = self.can_land(transaction).await;
            match self.standing(&signature).await {
                Ok(Some(Standing::Decided(slot, outcome))) => {
                    return self.landed(transaction, signature, slot, outcome).await;
                }
                Ok(None) if can_land == Ok(false) => return Err(LedgerError::BlockhashExpired),
                Ok(None) if sent.elapsed() >= RESEND => {
                    self.send_again(transaction).await;
                    sent = Instant::now();
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, %signature, "waiting for the node"),
            }
            if Instant::now() >= give_up {
                return Err(LedgerError::Unavailable {
                    reason: format!(
                        "transaction {signature} was sent, and the node does not say what became of it: look \
                         again later before you send another"
                    ),
                });
            }
            sleep(POLL).await;
        }
    }

    async fn can_land(&self, transaction: &Transaction) -> Result<bool, LedgerError> {
        let blockhash = transaction.message.recent_blockhash;
        self.client.is_blockhash_valid(&blockhash, self.commitment).await.map_err(|error| unavailable(&error))
    }

    /// The same bytes: whoever has them already drops them.
    async fn send_again(&self, transaction: &Transaction) {
        let config = RpcSendTransactionConfig {
            skip_preflight: true,
            max_retries: Some(0),
            ..RpcSendTransactionConfig::default()
        };
        if let Err(error) = self.client.send_transaction_with_config(transaction, config).await {
            tracing::debug!(reason = reason(&error), "sent again, not taken");
        }
    }

    async fn landed(
        &self,
        transaction: &Transaction,
        signature: Signature,
        slot: u64,
        outcome: Option<TransactionError>,
    ) -> Result<Landed, LedgerError> {
        let (compute_units, logs) = self.record(&signature).await;
        match outcome {
            Some(error) => Err(decode_error(transaction, error, logs)),
            None => Ok(Landed { signature, slot, compute_units, logs }),
        }
    }

    /// Compute units and logs; zero and none where the node never shows them.
    async fn record(&self, signature: &Signature) -> (u64, Vec<String>) {
        let config = RpcTransactionConfig {
            encoding: Some(UiTransactionEncoding::Base64),
            commitment: Some(self.commitment),
            max_supported_transaction_version: Some(0),
        };
        let give_up = Instant::now() + LOGS;
        loop {
            match self.client.get_transaction_with_config(signature, config).await {
                Ok(found) => return found.transaction.meta.map(figures).unwrap_or_default(),
                Err(error) if Instant::now() >= give_up => {
                    let reason = reason(&error);
                    tracing::warn!(reason, %signature, "the node does not show what a transaction has logged");
                    return (0, Vec::new());
                }
                Err(_) => sleep(POLL).await,
            }
        }
    }
}

fn figures(meta: UiTransactionStatusMeta) -> (u64, Vec<String>) {
    let compute_units = match meta.compute_units_consumed {
        OptionSerializer::Some(units) => units,
        _ => 0,
    };
    let logs = match meta.log_messages {
        OptionSerializer::Some(logs) => logs,
        _ => Vec::new(),
    };
    (compute_units, logs)
}
