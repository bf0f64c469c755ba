//! A whole chain in this process: LiteSVM running the compiled program, kept in a data directory.
//!
//! For local mode and tests. Behaves as a confirmed node does: signatures checked, a blockhash good
//! for a while, no transaction twice, and a restart loses nothing that was acknowledged.

mod actor;
mod blockhash_window;
mod chain;
mod clock;
mod history;
mod node;
mod program_index;
mod store;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::Transaction;

use super::{Account, ChainClock, ChainMark, Landed, Ledger, LedgerError, MemcmpFilter, Simulated};
use actor::ChainActor;

pub use crate::folder_lock::LockError;
pub use clock::{ClockSource, ManualClock};
pub use history::TransactionRecord;
pub use node::{DryRun, Rejection};
pub use store::StoreError;

/// The in-process chain. Dropping it waits for what is under way and frees the data directory.
#[derive(Debug)]
pub struct LocalLedger {
    actor: ChainActor,
    source: ClockSource,
    /// Counted by the chain after each account that it changes.
    changes: Arc<AtomicU64>,
}

/// Why a data directory's chain does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot create {}: {source}", .path.display())]
    Directory { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the compiled program does not load: {reason}")]
    Program { reason: String },
    #[error("the stored account {address} does not load: {reason}")]
    Account { address: Pubkey, reason: String },
    #[error("cannot start the ledger thread: {0}")]
    Thread(std::io::Error),
    #[error("the ledger thread died while it opened the chain")]
    ThreadDied,
}

impl LocalLedger {
    /// Opens the chain in `data_dir`, or begins one. One process at a time.
    pub async fn open(data_dir: &Path, clock: ClockSource) -> Result<Self, OpenError> {
        let changes = Arc::new(AtomicU64::new(0));
        let actor = ChainActor::start(data_dir.to_path_buf(), clock.clone(), changes.clone()).await?;
        Ok(Self { actor, source: clock, changes })
    }

    /// Creates `lamports` at `address`, and says under which signature.
    pub async fn airdrop(&self, address: &Pubkey, lamports: u64) -> Result<Signature, LedgerError> {
        let address = *address;
        self.actor.run(move |chain| chain.airdrop(address, lamports)).await?
    }
}

#[async_trait]
impl Ledger for LocalLedger {
    async fn account(&self, address: &Pubkey) -> Result<Option<Account>, LedgerError> {
        let address = *address;
        self.actor.run(move |chain| chain.account(&address)).await
    }

    async fn program_accounts(
        &self,
        filters: &[MemcmpFilter],
    ) -> Result<Vec<(Pubkey, Account)>, LedgerError> {
        let filters = filters.to_vec();
        self.actor.run(move |chain| chain.program_accounts(&filters)).await
    }

    async fn latest_blockhash(&self) -> Result<Hash, LedgerError> {
        self.actor.run(|chain| chain.latest_blockhash()).await
    }

    async fn clock(&self) -> Result<ChainClock, LedgerError> {
        self.actor.run(|chain| chain.clock()).await?
    }

    async fn send(&self, transaction: &Transaction) -> Result<Landed, LedgerError> {
        self.submit(transaction).await.map_err(|rejection| rejection.explain(transaction))
    }

    fn mark(&self) -> Option<ChainMark> {
        let unix_seconds = self.source.unix_seconds();
        Some(ChainMark { unix_seconds, changes: self.changes.load(Ordering::SeqCst) })
    }

    async fn simulate(
        &self,
        transaction: &Transaction,
        accounts: &[Pubkey],
    ) -> Result<Simulated, LedgerError> {
        let (transaction, accounts) = (transaction.clone(), accounts.to_vec());
        self.actor.run(move |chain| chain.simulate(transaction, &accounts)).await?
    }
}
