//! The keeper: it draws and keeps the secrets of its users' orders, commits, reveals, tries again and takes
//! back what is left, over any pool.
//!
//! What it is about to do is in the vault's file before it does it, so that a crash at any moment loses neither
//! money nor a secret and commits nothing twice. An opening leaves it sealed to the matcher's key, when the
//! reveal window is open on the chain's clock, and in the clear only where the matcher does not acknowledge it:
//! then on the chain. Must never log or answer with a term or a secret.

mod advance;
mod chain;
mod keeper_loop;
mod limit;
mod listing;
mod placing;
mod request;
mod revealing;
mod settling;
mod status;
mod view;
mod window;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use obscura_client::vault::{AttemptState, KeptOrder, Vault, VaultError};
use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;
use uuid::Uuid;

use crate::local::DataDir;
use crate::service::{
    Caller, CommitPreview, LeaseInput, LeaseStatusInput, OrderView, OrdersInput, OrdersView, PoolService,
    RefundInput, RevealKeptInput, ServiceError, TermsInput, VaultService,
};

pub use chain::ChainAccess;

/// The chain's clock ticks in seconds.
const LOOK_EVERY_IN_PROCESS: Duration = Duration::from_millis(200);

/// What a keeper is made of.
pub struct KeeperParts {
    pub pool: Arc<dyn PoolService>,
    pub vault: Vault,
    /// Where batches, matchers and the clock are read; none means that the pool's word is taken for them.
    pub chain: Option<ChainAccess>,
    /// The pool keeps this vault itself: its operator, who is the matcher, knows the terms from the start.
    pub kept_by_pool: bool,
    /// How often it looks at an order that has something to do.
    pub look_every: Duration,
}

/// A vault at work.
pub struct Keeper {
    pool: Arc<dyn PoolService>,
    vault: Vault,
    chain: Option<ChainAccess>,
    kept_by_pool: bool,
    look_every: Duration,
    /// One step of an order at a time.
    at_work: Mutex<HashMap<Uuid, Arc<Mutex<()>>>>,
    memory: Mutex<HashMap<Uuid, Memory>>,
    wake: Notify,
    /// The chain's clock when it was last read, and when that was.
    chain_second: Mutex<Option<(i64, Instant)>>,
}

/// What is worth remembering of an attempt until the process ends: losing it costs nothing but time.
#[derive(Clone, Copy, Debug, Default)]
struct Memory {
    /// Second of the chain's clock of the first private reveal.
    first_reveal: Option<i64>,
    /// A batch whose pool refused the order for good.
    refused_in: Option<u64>,
    warned: bool,
    /// Nothing is due before.
    look_at: Option<Instant>,
}

impl Keeper {
    pub fn new(parts: KeeperParts) -> Arc<Self> {
        let KeeperParts { pool, vault, chain, kept_by_pool, look_every } = parts;
        Arc::new(Self {
            pool,
            vault,
            chain,
            kept_by_pool,
            look_every,
            at_work: Mutex::default(),
            memory: Mutex::default(),
            wake: Notify::new(),
            chain_second: Mutex::default(),
        })
    }

    /// The keeper of the orders that a pool seals for its callers, with its file in the pool's own folder.
    pub async fn of_pool(
        pool: Arc<dyn PoolService>,
        data_dir: &DataDir,
        chain: ChainAccess,
    ) -> anyhow::Result<Arc<Self>> {
        let vault = Vault::open(&data_dir.vault(), &data_dir.storage_key()?).await?;
        let parts = KeeperParts {
            pool,
            vault,
            chain: Some(chain),
            kept_by_pool: true,
            look_every: LOOK_EVERY_IN_PROCESS,
        };
        Ok(Self::new(parts))
    }

    /// Whether an order waits for its reveal: to stop now would lose its deposit.
    pub async fn owes_reveals(&self) -> bool {
        let Ok(live) = self.vault.live().await else { return false };
        // One by one: a record that cannot be read must not hide another's reveal.
        for handle in live {
            if let Ok(Some(order)) = self.vault.find(handle).await
                && matches!(order.latest().state, AttemptState::Sent | AttemptState::Committed)
            {
                return true;
            }
        }
        false
    }

    /// Whether another process wants the vault.
    pub fn is_wished_for(&self) -> bool {
        self.vault.is_wished_for()
    }

    /// Owners of the orders that are not over.
    pub async fn owners(&self) -> Result<Vec<[u8; 32]>, VaultError> {
        let live = self.vault.live_orders().await?;
        Ok(live.iter().map(|order| order.owner.to_bytes()).collect())
    }

    /// Closes the vault's file. Only once its loop has ended.
    pub async fn close(&self) {
        self.vault.close().await;
    }

    /// The caller's order of that handle, or one that is not over and has an attempt of that id: the pool
    /// knows it by no other name.
    async fn kept(&self, caller: &Caller, order_id: &str) -> Result<Option<KeptOrder>, ServiceError> {
        let Ok(id) = Uuid::parse_str(order_id) else { return Ok(None) };
        if let Some(order) = self.vault.find(id).await.map_err(unusable)? {
            return Ok(Some(order).filter(|order| order.owner.to_bytes() == caller.owner));
        }
        let live = self.live_orders_of(caller).await?;
        Ok(live.into_iter().find(|order| order.attempts.iter().any(|made| made.order_id == id)))
    }

    /// The caller's orders that are not over.
    async fn live_orders_of(&self, caller: &Caller) -> Result<Vec<KeptOrder>, ServiceError> {
        let mut live = self.vault.live_orders().await.map_err(unusable)?;
        live.retain(|order| order.owner.to_bytes() == caller.owner);
        Ok(live)
    }

    async fn save(&self, order: &KeptOrder) -> Result<(), ServiceError> {
        self.vault.save(order).await.map_err(unusable)
    }

    /// Held while a step of the order is made.
    async fn lock_of(&self, handle: Uuid) -> Arc<Mutex<()>> {
        self.at_work.lock().await.entry(handle).or_default().clone()
    }

    async fn remembered(&self, attempt: Uuid) -> Memory {
        self.memory.lock().await.get(&attempt).copied().unwrap_or_default()
    }

    async fn remember(&self, attempt: Uuid, change: impl FnOnce(&mut Memory)) {
        change(self.memory.lock().await.entry(attempt).or_default());
    }

    async fn forget(&self, order: &KeptOrder) {
        let mut memory = self.memory.lock().await;
        for attempt in &order.attempts {
            memory.remove(&attempt.order_id);
        }
        self.at_work.lock().await.remove(&order.handle);
    }
}

#[async_trait]
impl VaultService for Keeper {
    async fn preview_terms(&self, caller: &Caller, input: TermsInput) -> Result<CommitPreview, ServiceError> {
        self.preview(caller, input).await
    }

    async fn preview_lease(&self, caller: &Caller, input: LeaseInput) -> Result<CommitPreview, ServiceError> {
        let terms = self.terms_within(input).await?;
        self.preview(caller, terms).await
    }

    async fn commit_terms(&self, caller: &Caller, input: TermsInput) -> Result<OrderView, ServiceError> {
        self.keep_terms(caller, input).await
    }

    async fn reveal_kept(&self, caller: &Caller, input: RevealKeptInput) -> Result<OrderView, ServiceError> {
        self.reveal_now(caller, &input.order_id).await
    }

    async fn lease(&self, caller: &Caller, input: LeaseInput) -> Result<OrderView, ServiceError> {
        let terms = self.terms_within(input).await?;
        self.keep_terms(caller, terms).await
    }

    async fn order_status(
        &self,
        caller: &Caller,
        input: LeaseStatusInput,
    ) -> Result<OrderView, ServiceError> {
        self.status_of(caller, input).await
    }

    async fn orders(&self, caller: &Caller, input: OrdersInput) -> Result<OrdersView, ServiceError> {
        self.list(caller, input).await
    }

    async fn refund(&self, caller: &Caller, input: RefundInput) -> Result<OrderView, ServiceError> {
        self.give_back(caller, input).await
    }
}

/// What the file's error says is for the log: it names paths of this machine.
fn unusable(error: VaultError) -> ServiceError {
    tracing::error!(%error, "the vault cannot be used");
    ServiceError::Unavailable {
        detail: "the vault's file cannot be read or written; its log says why".into(),
    }
}
