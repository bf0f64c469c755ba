//! Local mode: a whole pool in one process and one data directory, over an
//! embedded chain with play money.
//!
//! Everything above the `Ledger` is the real thing: the compiled program, the
//! proofs, the matcher, the API. What exists only here is the bootstrap, the demo
//! accounts and the actor that lends the demo providers a hand.

mod data_dir;
mod demo_accounts;
mod provider_actor;
mod proving_keys;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use obscura_auction::order::MarketTag;
use obscura_client::accounts;
use obscura_client::address;
use obscura_client::bootstrap::{self, CIRCUIT_SIZE, GPU_TYPES, LocalKeys};
use obscura_client::ledger::Ledger;
use obscura_client::ledger::local::{ClockSource, LocalLedger};
use solana_sdk::signature::Keypair;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::matcher::{Matcher, MatcherParts};
use crate::pool::{Pool, PoolParts};
use crate::storage::Storage;

pub use data_dir::{DataDir, default_data_dir};
pub use demo_accounts::{DemoAccount, DemoRole};
pub use proving_keys::default_cache;

use demo_accounts::DemoAccounts;
use provider_actor::ProviderActor;

/// Length of a batch where nobody says.
pub const DEFAULT_BATCH_SECONDS: u32 = 45;

/// How to start a local pool.
pub struct LocalOptions {
    pub data_dir: DataDir,
    /// Must fit an existing data directory; `None` takes what is there.
    pub batch_seconds: Option<u32>,
    pub clock: ClockSource,
    /// Demo accounts to open beside the two that every local pool has.
    pub more_accounts: Vec<(String, DemoRole)>,
    /// Whether the demo providers accept and claim by themselves, as a host would.
    pub providers_act: bool,
    /// Where proving keys are kept; `None` means the data directory.
    pub circuit_cache: Option<PathBuf>,
}

/// A running local pool, without its HTTP server.
pub struct LocalPool {
    pub pool: Arc<Pool>,
    pub storage: Storage,
    pub ledger: Arc<LocalLedger>,
    pub buyer: DemoAccount,
    pub provider: DemoAccount,
    pub more_accounts: Vec<DemoAccount>,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl LocalPool {
    /// Opens or creates everything and starts the matcher and the provider actor.
    pub async fn start(options: LocalOptions) -> anyhow::Result<Self> {
        let LocalOptions { data_dir, batch_seconds, clock, more_accounts, providers_act, circuit_cache } =
            options;
        data_dir.create()?;
        let proving_keys = proving_keys::load(circuit_cache.unwrap_or_else(|| data_dir.circuit()));
        let ledger = Arc::new(LocalLedger::open(&data_dir.chain(), clock).await?);
        let keys = LocalKeys::load_or_create(&data_dir.keys())?;
        let batch_seconds = settled_batch_seconds(ledger.as_ref(), batch_seconds).await?;
        let proving_keys = proving_keys.await?;
        bootstrap::prepare(&ledger, &keys, &proving_keys.verifying_key().into(), batch_seconds).await?;

        let storage = Storage::open(&data_dir.database(), &data_dir.storage_key()?)
            .await
            .context("opening the pool's database")?;
        let accounts = DemoAccounts::open(&data_dir, ledger.as_ref(), &keys, &storage).await?;
        let buyer = accounts.account("buyer", DemoRole::Buyer).await?;
        let provider = accounts.account("provider", DemoRole::Provider).await?;
        let mut others = Vec::with_capacity(more_accounts.len());
        for (name, role) in more_accounts {
            others.push(accounts.account(&name, role).await?);
        }

        let relayer = Arc::new(keys.relayer);
        let matcher_key = Arc::new(keys.matcher);
        let chain: Arc<dyn Ledger> = ledger.clone();
        let pool = Pool::open(PoolParts {
            ledger: chain.clone(),
            storage: storage.clone(),
            relayer: relayer.clone(),
            matcher: matcher_key.clone(),
            gpu_types: GPU_TYPES.iter().map(|name| (*name).to_owned()).collect(),
        })
        .await?;
        let stop = CancellationToken::new();
        let matcher = Arc::new(Matcher::new(MatcherParts {
            ledger: chain.clone(),
            storage: storage.clone(),
            relayer: relayer.clone(),
            key: matcher_key,
            proving_keys: Arc::new(proving_keys),
            up_since: ledger.clock().await?.unix_seconds,
        }));
        let mut tasks = matcher.spawn(pool.market_list(), &stop);
        if providers_act {
            let owners = provider_owners(&provider, &others);
            let providers = Arc::new(ProviderActor::new(chain, storage.clone(), relayer, owners));
            tasks.push(providers.spawn(&stop));
        }
        Ok(Self {
            pool: Arc::new(pool),
            storage,
            ledger,
            buyer,
            provider,
            more_accounts: others,
            stop,
            tasks,
        })
    }

    /// Ends every loop after its step under way, and closes the database.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            if task.await.is_err() {
                tracing::error!("a loop ended by a panic");
            }
        }
        self.storage.close().await;
    }
}

fn provider_owners(provider: &DemoAccount, others: &[DemoAccount]) -> Vec<Arc<Keypair>> {
    std::iter::once(provider)
        .chain(others)
        .filter(|account| account.role == DemoRole::Provider)
        .map(|account| account.owner.clone())
        .collect()
}

/// What was asked for, else what the data directory has, else the default.
async fn settled_batch_seconds(ledger: &dyn Ledger, asked: Option<u32>) -> anyhow::Result<u32> {
    if let Some(seconds) = asked {
        return Ok(seconds);
    }
    let first = address::market(MarketTag::of(GPU_TYPES[0]));
    let market = accounts::find::<accounts::Market>(ledger, &first).await?;
    Ok(market.map_or(DEFAULT_BATCH_SECONDS, |market| market.batch_seconds))
}

/// Orders that one batch of a local market can hold.
pub const MAX_ORDERS: u16 = CIRCUIT_SIZE;
