//! The session: the vault is opened, its keeper started, and the host served until it closes its end.

use std::net::IpAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use obscura_client::key_file;
use obscura_client::ledger::rpc::{RpcLedger, RpcOptions};
use obscura_client::pubkey::Pubkey;
use obscura_client::vault::{Vault, VaultError, make_folder, vault_key};
use obscura_server::logging;
use obscura_server::mcp::serve_stdio;
use obscura_server::remote::RemotePool;
use obscura_server::service::{Caller, PoolService, ServiceError, VaultService};
use obscura_server::tools::{Sealing, ToolSurface};
use obscura_server::vault::{ChainAccess, Keeper, KeeperParts};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::arguments::ServeArguments;

/// A reveal window is one second at least.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long a vault that another process is about to leave is waited for.
const HAND_OVER: Duration = Duration::from_secs(5);
const HAND_OVER_LOOK: Duration = Duration::from_millis(100);
/// A host sends one of its own accord.
const ENOUGH_SIGNALS: u32 = 2;
/// How long the pool may take to answer before the session is given up.
const POOL_PATIENCE: Duration = Duration::from_secs(20);
/// How long a node may take to say that it is there.
const NODE_PATIENCE: Duration = Duration::from_secs(5);

pub fn run(arguments: ServeArguments) -> anyhow::Result<ExitCode> {
    logging::start("info");
    let runtime = tokio::runtime::Runtime::new().context("cannot start")?;
    let outcome = runtime.block_on(serve(arguments));
    // Reading standard input cannot be cut off otherwise.
    runtime.shutdown_background();
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(arguments: ServeArguments) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let pool: Arc<dyn PoolService> = Arc::new(RemotePool::new(&arguments.pool, Some(arguments.api_key()?))?);
    warn_of_plain_http(&arguments.pool);
    let signer = arguments.keypair.as_deref().map(key_file::load).transpose()?.map(Arc::new);
    let folder = arguments.vault_folder();
    let vault = open_vault(&folder).await?;
    let chain = chain_access(&arguments, signer.clone()).await;
    let keeper = Keeper::new(KeeperParts {
        pool: pool.clone(),
        vault,
        chain,
        kept_by_pool: false,
        look_every: LOOK_EVERY,
    });
    let stop = CancellationToken::new();
    let working = keeper.spawn(&stop);
    let outcome = async {
        let caller = who_asks(pool.as_ref(), &keeper, signer.as_deref()).await?;
        let vault: Arc<dyn VaultService> = keeper.clone();
        let surface = ToolSurface::new(pool, Some(vault), Sealing::Terms, arguments.agents.surface());
        tracing::info!(owner = %Pubkey::new_from_array(caller.owner), "serving MCP on standard input and output");
        tokio::select! {
            served = serve_stdio(surface, caller, arguments.agents.mcp()) => {
                served?;
                until_revealed(&keeper, &mut terminate).await;
            }
            _ = terminate.recv() => {
                tracing::info!("stopping: SIGTERM");
                until_revealed(&keeper, &mut terminate).await;
            }
        }
        anyhow::Ok(())
    }
    .await;
    stop.cancel();
    // A panic of the loop was logged where it happened.
    let _ = working.await;
    keeper.close().await;
    outcome
}

/// The host is gone, and a deposit is lost with every order that nobody reveals. Hosts send SIGTERM soon
/// after they close their end, so the first one is not the end of it; the second is.
async fn until_revealed(keeper: &Keeper, terminate: &mut Signal) {
    if keeper.owes_reveals().await {
        tracing::info!("staying until every committed order is revealed; SIGTERM twice ends it at once");
    }
    let mut asked = 0u32;
    while keeper.owes_reveals().await && !keeper.is_wished_for() && asked < ENOUGH_SIGNALS {
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = terminate.recv() => asked = asked.saturating_add(1),
        }
    }
}

/// Opens the vault; one that a process without a host still holds is handed over.
async fn open_vault(folder: &Path) -> anyhow::Result<Vault> {
    let began = Instant::now();
    make_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let key = vault_key(folder)?;
    loop {
        match Vault::open(folder, &key).await {
            Err(VaultError::Locked(_)) if began.elapsed() < HAND_OVER => {
                Vault::wish(folder);
                tokio::time::sleep(HAND_OVER_LOOK).await;
            }
            Err(VaultError::Locked(_)) => {
                Vault::wish_no_more(folder);
                bail!(
                    "another `obscura mcp` has the vault {} open, and one vault serves one process: close that host, or give \
                 this one a vault of its own with --vault DIR",
                    folder.display()
                )
            }
            opened => return Ok(opened?),
        }
    }
}

/// The chain, where it can be asked; without it the pool's word is taken for the matcher's key.
async fn chain_access(arguments: &ServeArguments, signer: Option<Arc<Keypair>>) -> Option<ChainAccess> {
    let named = arguments.rpc_url.clone();
    let beside_pool = || is_loopback(&arguments.pool).then(|| format!("{}/rpc", arguments.pool));
    let url = named.clone().or_else(beside_pool);
    let Some(url) = url else {
        tracing::warn!("{WITHOUT_CHAIN}");
        return None;
    };
    let ledger = RpcLedger::new(RpcOptions::new(url));
    match (tokio::time::timeout(NODE_PATIENCE, ledger.check()).await, named.is_some()) {
        (Ok(Ok(())), _) => {}
        (_, true) => {
            tracing::warn!("the node at --rpc-url does not answer yet; it is asked again when it is needed")
        }
        (_, false) => {
            tracing::warn!("{WITHOUT_CHAIN}");
            return None;
        }
    }
    if signer.is_none() {
        tracing::warn!(
            "without --keypair no order can be revealed in public, should the matcher not acknowledge one"
        );
    }
    Some(ChainAccess::new(Arc::new(ledger), signer))
}

const WITHOUT_CHAIN: &str = "without --rpc-url the pool is believed about the matcher's key and the clock: a pool that \
                             lies can read openings, and an order that the matcher does not acknowledge cannot be \
                             revealed in public";

/// The owner behind the API key. While the pool is away, the owner of what the vault keeps.
async fn who_asks(
    pool: &dyn PoolService,
    keeper: &Keeper,
    signer: Option<&Keypair>,
) -> anyhow::Result<Caller> {
    let kept = keeper.owners().await?;
    let owner = match (owner_by_key(pool).await, kept.first()) {
        (Ok(owner), _) => owner,
        (Err(error), Some(owner)) if error.code() == "unavailable" => {
            tracing::warn!(reason = %error, "the pool does not answer; the vault goes on trying");
            *owner
        }
        (Err(error), _) => return Err(error.into()),
    };
    let name = Pubkey::new_from_array;
    if let Some(other) = kept.iter().find(|other| **other != owner) {
        bail!(
            "this vault keeps orders of {} that are not over, and the API key is {}'s: use that owner's key, or \
             another --vault",
            name(*other),
            name(owner)
        );
    }
    if let Some(signer) = signer
        && signer.pubkey() != name(owner)
    {
        tracing::warn!(
            signer = %signer.pubkey(), owner = %name(owner),
            "--keypair is not the owner's: it can reveal in public only if it is the owner's delegate"
        );
    }
    Ok(Caller { owner })
}

async fn owner_by_key(pool: &dyn PoolService) -> Result<[u8; 32], ServiceError> {
    let nobody = Caller { owner: [0; 32] };
    let asking = tokio::time::timeout(POOL_PATIENCE, pool.account(&nobody));
    let account = asking
        .await
        .map_err(|_| ServiceError::Unavailable { detail: "the pool did not answer in time".to_owned() })??;
    let owner: Pubkey = account.owner.parse().map_err(|_| ServiceError::Internal)?;
    Ok(owner.to_bytes())
}

fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn warn_of_plain_http(url: &str) {
    if url.starts_with("http://") && !is_loopback(url) {
        tracing::warn!("the pool's address is http: whoever is in between can read the API key; use https");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_counts_as_this_machine() {
        for url in ["http://127.0.0.1:8402", "http://localhost:1", "http://[::1]:8402/"] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "https://pool.example.com",
            "http://10.0.0.1:8402",
            "http://127.example.com",
            "http://127.0.0.1@pool.example.com",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
