//! What the in-process chain shows beyond [`Ledger`](super::Ledger): what a node of a real cluster would
//! answer to whoever asks it in its own words.
//!
//! For the JSON-RPC face of a local pool. Must never change the chain but by [`LocalLedger::submit`], which
//! is what `send` does.

use litesvm::types::FailedTransactionMetadata;
use sha2::{Digest, Sha256};
use solana_sdk::account::Account;
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::{Transaction, TransactionError};

use super::chain::seconds_of;
use super::{LocalLedger, TransactionRecord};
use crate::ledger::refusal::decode_error;
use crate::ledger::{Landed, LedgerError};

const GENESIS_DOMAIN: &[u8] = b"obscura-local-chain-v1:";

/// Why the chain did not take a transaction, in the runtime's words.
#[derive(Debug, Clone, PartialEq)]
pub enum Rejection {
    /// The transaction is at fault; `logs` are of its run, where it ran.
    Transaction { error: TransactionError, compute_units: u64, logs: Vec<String> },
    /// The chain is.
    Ledger(LedgerError),
}

/// What a transaction would have done.
#[derive(Debug, Clone, PartialEq)]
pub struct DryRun {
    pub slot: u64,
    pub error: Option<TransactionError>,
    pub compute_units: u64,
    pub logs: Vec<String>,
    /// As they would be afterwards; none where it fails.
    pub accounts: Vec<(Pubkey, Account)>,
}

impl Rejection {
    pub(super) fn without_logs(error: TransactionError) -> Self {
        Self::Transaction { error, compute_units: 0, logs: Vec::new() }
    }

    /// The same as every ledger says it; `transaction` is what was rejected.
    pub fn explain(self, transaction: &Transaction) -> LedgerError {
        match self {
            Self::Transaction { error, compute_units: _, logs } => decode_error(transaction, error, logs),
            Self::Ledger(error) => error,
        }
    }
}

impl From<LedgerError> for Rejection {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<FailedTransactionMetadata> for Rejection {
    fn from(failure: FailedTransactionMetadata) -> Self {
        let FailedTransactionMetadata { err, meta } = failure;
        Self::Transaction { error: err, compute_units: meta.compute_units_consumed, logs: meta.logs }
    }
}

impl LocalLedger {
    /// Runs, stores and applies `transaction`.
    pub async fn submit(&self, transaction: &Transaction) -> Result<Landed, Rejection> {
        let transaction = transaction.clone();
        self.actor.run(move |chain| chain.send(transaction)).await?
    }

    /// Runs `transaction` without effect, whatever its blockhash, and its signatures only where asked for.
    pub async fn dry_run(&self, transaction: &Transaction, signatures: bool) -> Result<DryRun, LedgerError> {
        let transaction = transaction.clone();
        self.actor.run(move |chain| chain.dry_run(transaction, signatures)).await?
    }

    /// What is remembered of a transaction that has landed.
    pub async fn transaction(&self, signature: &Signature) -> Result<Option<TransactionRecord>, LedgerError> {
        let signature = *signature;
        self.actor.run(move |chain| chain.transaction(&signature)).await?
    }

    /// Whether a transaction signed over `blockhash` could still land.
    pub async fn is_blockhash_valid(&self, blockhash: &Hash) -> Result<bool, LedgerError> {
        let blockhash = *blockhash;
        self.actor.run(move |chain| chain.is_blockhash_valid(&blockhash)).await
    }

    /// Accounts that `program` owns, ascending, of whose data `wanted` holds. Walks the whole chain: for the
    /// Obscura program there is [`program_accounts`](super::Ledger::program_accounts).
    pub async fn owned_by(
        &self,
        program: &Pubkey,
        wanted: impl Fn(&[u8]) -> bool + Send + 'static,
    ) -> Result<Vec<(Pubkey, Account)>, LedgerError> {
        let program = *program;
        self.actor.run(move |chain| chain.owned_by(&program, &wanted)).await
    }

    /// When `slot` began, seconds since the Unix epoch.
    pub async fn time_of_slot(&self, slot: u64) -> Result<i64, LedgerError> {
        self.actor.run(move |chain| seconds_of(slot, chain.genesis_seconds())).await
    }

    /// Tells this chain from others, as a cluster's genesis hash does.
    pub async fn genesis_hash(&self) -> Result<Hash, LedgerError> {
        let began = self.actor.run(|chain| chain.genesis_seconds()).await?;
        let digest = Sha256::new().chain_update(GENESIS_DOMAIN).chain_update(began.to_be_bytes()).finalize();
        Ok(Hash::new_from_array(digest.into()))
    }
}
