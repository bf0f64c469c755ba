//! A pool on a real cluster: the matcher, relayer, HTTP and MCP of local mode over a node's JSON-RPC.
//!
//! Everything on the chain is there before it starts: `obscura deploy` brings it there. Must never print money,
//! and must hold no key but its matcher's and its relayer's.

mod identity;
mod markets;
mod node;
mod verifying_keys;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use obscura_client::key_file;
use obscura_client::ledger::Ledger;
use obscura_client::ledger::rpc::{Commitment, RpcLedger, RpcOptions};
use obscura_client::program_file::check_program;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;
use tokio_util::sync::CancellationToken;

use crate::local::DataDir;
use crate::matcher::{Matcher, MatcherParts};
use crate::pool::{Pool, PoolParts};
use crate::prover::Prover;
use crate::proving_keys::{ImportedKeys, ProvingKeys};
use crate::service::VaultService;
use crate::storage::Storage;
use crate::supervise::Loops;
use crate::vault::{ChainAccess, Keeper};

pub use node::wait_for_node;

/// Lamports below which a relayer soon cannot pay for fees and rents: a tenth of a SOL.
const LOW_LAMPORTS: u64 = 100_000_000;

/// How to start a pool on a cluster.
pub struct ClusterOptions {
    pub data_dir: DataDir,
    /// The node's address; it may hold an API key.
    pub rpc_url: String,
    /// What the program's address must be.
    pub program_id: Pubkey,
    /// The matcher's key file.
    pub matcher: PathBuf,
    /// The relayer's; none means one in the data directory, made on first use.
    pub relayer: Option<PathBuf>,
    /// How sure the cluster must be of what orders are taken on.
    pub commitment: Commitment,
    /// How sure it must be of a clearing before leases open and money moves.
    pub settle_commitment: Commitment,
    /// Micro-lamports offered for each compute unit.
    pub priority_fee: u64,
    /// Markets to serve; empty means all that are this matcher's.
    pub markets: Vec<String>,
    /// The folder of the keys to prove under; none means development keys, where the chain takes them.
    pub proving_keys: Option<PathBuf>,
    /// Whether the pool seals, keeps and reveals orders for callers that ask it to.
    pub pool_sealing: bool,
}

/// A running pool on a cluster, without its HTTP server.
pub struct ClusterPool {
    pub pool: Arc<Pool>,
    pub storage: Storage,
    pub matcher: Pubkey,
    pub relayer: Pubkey,
    /// Keeps the orders that the pool seals for its callers, where it does.
    pub keeper: Option<Arc<Keeper>>,
    loops: Loops,
}

impl ClusterPool {
    /// Waits for the node, checks that the chain is as it must be, and starts the matcher.
    pub async fn start(options: ClusterOptions) -> anyhow::Result<Self> {
        let ClusterOptions {
            data_dir,
            rpc_url,
            program_id,
            matcher,
            relayer,
            commitment,
            settle_commitment,
            priority_fee,
            markets,
            proving_keys,
            pool_sealing,
        } = options;
        check_program("obscura-server", program_id)?;
        data_dir.create()?;
        let key = Arc::new(key_file::load(&matcher).context("reading the matcher's key (--keypair)")?);
        let relayer = relayer.unwrap_or_else(|| data_dir.keys().join("relayer.json"));
        let relayer = Arc::new(key_file::load_or_create(&relayer).context("reading the relayer's key")?);
        let at = |commitment| {
            let url = rpc_url.clone();
            RpcLedger::new(RpcOptions { url, commitment, compute_unit_price: priority_fee })
        };
        let node = at(commitment);
        wait_for_node(&node).await;
        identity::check_cluster(&node, &data_dir).await?;
        let ledger: Arc<dyn Ledger> = Arc::new(node);
        let settled: Arc<dyn Ledger> = Arc::new(at(settle_commitment));
        let served = markets::served(ledger.as_ref(), &key.pubkey(), &markets).await?;
        let proving_keys = match proving_keys {
            Some(folder) => ProvingKeys::Imported(ImportedKeys::open(folder, served.max_orders).await?),
            None => ProvingKeys::Development { cache: data_dir.circuit() },
        };
        verifying_keys::check(ledger.as_ref(), &proving_keys, served.max_orders).await?;
        warn_if_low(ledger.as_ref(), &relayer.pubkey()).await?;

        let storage = Storage::open(&data_dir.database(), &data_dir.storage_key()?)
            .await
            .context("opening the pool's database")?;
        let pool = Pool::open(PoolParts {
            ledger: ledger.clone(),
            storage: storage.clone(),
            relayer: relayer.clone(),
            matcher: key.clone(),
            gpu_types: served.gpu_types,
        })
        .await?;
        let stop = CancellationToken::new();
        let (matcher, relayer_key) = (key.pubkey(), relayer.pubkey());
        let up_since = ledger.clock().await?.unix_seconds;
        let prover = Prover::new(proving_keys)?;
        let access = ChainAccess::new(ledger.clone(), Some(relayer.clone()));
        let parts =
            MatcherParts { ledger, settled, storage: storage.clone(), relayer, key, prover, up_since };
        let mut tasks = Arc::new(Matcher::new(parts)).spawn(pool.market_list(), &stop);
        let pool = Arc::new(pool);
        let keeper = match pool_sealing {
            true => Some(Keeper::of_pool(pool.clone(), &data_dir, access).await?),
            false => None,
        };
        tasks.extend(keeper.iter().map(|keeper| keeper.spawn(&stop)));
        Ok(Self { pool, storage, matcher, relayer: relayer_key, keeper, loops: Loops::new(stop, tasks) })
    }

    /// The names of the markets that it serves.
    pub fn markets(&self) -> Vec<String> {
        self.pool.market_list().iter().map(|market| market.gpu_type.clone()).collect()
    }

    /// What seals for callers that ask the pool to.
    pub fn vault(&self) -> Option<Arc<dyn VaultService>> {
        self.keeper.clone().map(|keeper| keeper as Arc<dyn VaultService>)
    }

    /// Ends every loop after its step under way, and closes the database.
    pub async fn stop(self) {
        self.loops.stop().await;
        if let Some(keeper) = &self.keeper {
            keeper.close().await;
        }
        self.storage.close().await;
    }
}

async fn warn_if_low(ledger: &dyn Ledger, relayer: &Pubkey) -> anyhow::Result<()> {
    let lamports = ledger.account(relayer).await?.map_or(0, |account| account.lamports);
    if lamports < LOW_LAMPORTS {
        tracing::warn!(%relayer, lamports, "the relayer pays every fee and rent: send it SOL");
    }
    Ok(())
}
