//! Local mode: a whole pool in one process and one data directory, over an
//! embedded chain with play money.
//!
//! Everything above the `Ledger` is the real thing: the compiled program, the
//! proofs, the matcher, the API. What exists only here is the bootstrap, the demo
//! accounts and the actor that lends the demo providers a hand.

mod data_dir;
mod demo_accounts;
mod provider_actor;
pub mod rpc;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use obscura_auction::order::MarketTag;
use obscura_client::accounts;
use obscura_client::address;
use obscura_client::bootstrap::{self, GPU_TYPES, LocalKeys, LocalSetup};
use obscura_client::key_file;
use obscura_client::ledger::Ledger;
use obscura_client::ledger::local::{ClockSource, LocalLedger};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use tokio_util::sync::CancellationToken;

use crate::matcher::{Matcher, MatcherParts};
use crate::pool::{Pool, PoolParts};
use crate::prover::Prover;
use crate::proving_keys::{ImportedKeys, ProvingKeys};
use crate::storage::Storage;
use crate::supervise::Loops;
use crate::vault::{ChainAccess, Keeper};

pub use data_dir::{DataDir, default_data_dir};
pub use demo_accounts::{DemoAccount, DemoRole};

use demo_accounts::DemoAccounts;
use provider_actor::ProviderActor;

/// 10 SOL of play money: fees and rents of a demo owner that acts without the pool.
const DEMO_LAMPORTS: u64 = 10_000_000_000;

/// Length of a batch where nobody says.
pub const DEFAULT_BATCH_SECONDS: u32 = 45;
/// Orders that a batch takes where nobody says.
pub const DEFAULT_MAX_ORDERS: u16 = 256;

/// How to start a local pool.
pub struct LocalOptions {
    pub data_dir: DataDir,
    /// Must fit an existing data directory; `None` takes what is there.
    pub batch_seconds: Option<u32>,
    /// Most orders of a batch, one of the circuit sizes. Must fit an existing data directory; `None` takes
    /// what is there.
    pub max_orders: Option<u16>,
    pub clock: ClockSource,
    /// Demo accounts to open beside the two that every local pool has.
    pub more_accounts: Vec<(String, DemoRole)>,
    /// Whether the demo providers accept and claim by themselves, as a host would.
    pub providers_act: bool,
    /// Where development keys are kept; `None` means the data directory.
    pub circuit_cache: Option<PathBuf>,
    /// The folder of the keys to prove under; `None` means development keys. Must fit an existing data
    /// directory.
    pub proving_keys: Option<PathBuf>,
}

/// A running local pool, without its HTTP server.
pub struct LocalPool {
    pub pool: Arc<Pool>,
    pub storage: Storage,
    pub ledger: Arc<LocalLedger>,
    pub buyer: DemoAccount,
    pub provider: DemoAccount,
    pub more_accounts: Vec<DemoAccount>,
    /// Keeps the orders that the pool seals for its callers.
    pub keeper: Arc<Keeper>,
    loops: Loops,
}

impl LocalPool {
    /// Opens or creates everything and starts the matcher and the provider actor.
    pub async fn start(options: LocalOptions) -> anyhow::Result<Self> {
        let LocalOptions {
            data_dir,
            batch_seconds,
            max_orders,
            clock,
            more_accounts,
            providers_act,
            circuit_cache,
            proving_keys,
        } = options;
        data_dir.create()?;
        let ledger = Arc::new(LocalLedger::open(&data_dir.chain(), clock).await?);
        let keys = LocalKeys::load_or_create(&data_dir.keys())?;
        let shape = settled_shape(ledger.as_ref(), batch_seconds, max_orders).await?;
        let proving_keys = match proving_keys {
            Some(folder) => ProvingKeys::Imported(ImportedKeys::open(folder, shape.max_orders).await?),
            None => ProvingKeys::Development { cache: circuit_cache.unwrap_or_else(|| data_dir.circuit()) },
        };
        let setup = setup_under(&proving_keys, shape);
        bootstrap::prepare(&ledger, &keys, &setup).await?;

        let storage = Storage::open(&data_dir.database(), &data_dir.storage_key()?)
            .await
            .context("opening the pool's database")?;
        let accounts = DemoAccounts::open(&data_dir, ledger.as_ref(), &keys, &storage).await?;
        let buyer = accounts.account("buyer", DemoRole::Buyer).await?;
        let provider = accounts.account("provider", DemoRole::Provider).await?;
        for account in [&buyer, &provider] {
            hand_over(&data_dir, &ledger, account).await?;
        }
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
            settled: chain.clone(),
            storage: storage.clone(),
            relayer: relayer.clone(),
            key: matcher_key,
            prover: Prover::new(proving_keys)?,
            up_since: ledger.clock().await?.unix_seconds,
        }));
        let chain_access = ChainAccess::new(chain.clone(), Some(relayer.clone()));
        let mut tasks = matcher.spawn(pool.market_list(), &stop);
        if providers_act {
            let owners = provider_owners(&provider, &others);
            let providers = Arc::new(ProviderActor::new(chain, storage.clone(), relayer, owners));
            tasks.push(providers.spawn(&stop));
        }
        let pool = Arc::new(pool);
        let keeper = Keeper::of_pool(pool.clone(), &data_dir, chain_access).await?;
        tasks.push(keeper.spawn(&stop));
        Ok(Self {
            pool,
            storage,
            ledger,
            keeper,
            buyer,
            provider,
            more_accounts: others,
            loops: Loops::new(stop, tasks),
        })
    }

    /// Ends every loop after its step under way, and closes the database.
    pub async fn stop(self) {
        self.loops.stop().await;
        self.keeper.close().await;
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

/// Where a throw-away pool keeps proving keys, so that only the first one waits
/// for them: they are the same for everybody.
pub fn shared_circuit_cache() -> PathBuf {
    default_data_dir().circuit()
}

/// What a market's batches are fixed to.
struct BatchShape {
    batch_seconds: u32,
    max_orders: u16,
}

/// Lets the user of a local pool act for a demo account without the pool: its key in a file, and SOL for fees.
async fn hand_over(data_dir: &DataDir, ledger: &LocalLedger, account: &DemoAccount) -> anyhow::Result<()> {
    key_file::keep(&data_dir.demo_owner(&account.name), &account.owner)?;
    let owner = account.owner.pubkey();
    if ledger.account(&owner).await?.is_none() {
        ledger.airdrop(&owner, DEMO_LAMPORTS).await?;
    }
    Ok(())
}

/// What was asked for, else what the data directory has, else the defaults.
async fn settled_shape(
    ledger: &dyn Ledger,
    batch_seconds: Option<u32>,
    max_orders: Option<u16>,
) -> anyhow::Result<BatchShape> {
    let first = address::market(MarketTag::of(GPU_TYPES[0]));
    let market = accounts::find::<accounts::Market>(ledger, &first).await?;
    let (stored_seconds, stored_orders) = market
        .map_or((DEFAULT_BATCH_SECONDS, DEFAULT_MAX_ORDERS), |market| {
            (market.batch_seconds, market.terms.params.max_orders)
        });
    Ok(BatchShape {
        batch_seconds: batch_seconds.unwrap_or(stored_seconds),
        max_orders: max_orders.unwrap_or(stored_orders),
    })
}

/// A chain that takes the verifying keys of `keys`, and development keys only where those are.
fn setup_under(keys: &ProvingKeys, shape: BatchShape) -> LocalSetup {
    let BatchShape { batch_seconds, max_orders } = shape;
    match keys {
        ProvingKeys::Development { .. } => LocalSetup::development(batch_seconds, max_orders),
        ProvingKeys::Imported(imported) => {
            let mut circuits = Vec::new();
            for (size, key) in imported.verifying_keys() {
                let fingerprint = hex::encode(key.fingerprint());
                tracing::info!(slots = size.get(), fingerprint, "imported key");
                circuits.push((*size, key.into()));
            }
            LocalSetup { circuits, allow_dev_keys: false, batch_seconds, max_orders }
        }
    }
}
