//! A pool behind a socket: HTTP and MCP on one port, until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::http::{AppState, router};
use crate::local::{LocalPool, rpc};
use crate::mcp::transport::Endpoint;
use crate::mcp::{self, McpConfig};
use crate::pool::Pool;
use crate::recent_keys::RecentKeys;
use crate::service::VaultService;
use crate::storage::Storage;
use crate::tools::{Sealing, SurfaceOptions, ToolSurface};

/// How long a request under way may still take once the server stops.
const DRAIN: Duration = Duration::from_secs(2);

/// A listening server.
pub struct Server {
    address: SocketAddr,
    rpc_url: Option<String>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// What a server shows of a pool.
pub struct Faces {
    pub pool: Arc<Pool>,
    /// Keeps the orders that the pool seals for its callers, where it does.
    pub vault: Option<Arc<dyn VaultService>>,
    /// Which tools are shown over MCP.
    pub surface: SurfaceOptions,
    pub mcp: McpConfig,
    pub storage: Storage,
    /// The chain's own face, for a pool that is its node.
    pub node: Option<Router>,
}

impl Faces {
    /// A local pool's, with its chain at `/rpc` where only this machine can reach `listen`.
    pub fn of_local(pool: &LocalPool, listen: SocketAddr, surface: SurfaceOptions) -> Self {
        let node = listen.ip().is_loopback().then(|| rpc::router(pool.ledger.clone()));
        if node.is_none() {
            tracing::warn!(%listen, "others can reach this address: the chain is not shown at /rpc");
        }
        let vault: Arc<dyn VaultService> = pool.keeper.clone();
        Self {
            pool: pool.pool.clone(),
            vault: Some(vault),
            surface,
            mcp: McpConfig::default(),
            storage: pool.storage.clone(),
            node,
        }
    }
}

impl Server {
    /// Binds `listen` (port 0 takes a free one) and serves a local pool on it with every tool.
    pub async fn start(pool: &LocalPool, listen: SocketAddr) -> anyhow::Result<Self> {
        Self::start_faces(Faces::of_local(pool, listen, SurfaceOptions::default()), listen).await
    }

    /// Binds `listen` (port 0 takes a free one) and serves the pool on it.
    pub async fn start_faces(faces: Faces, listen: SocketAddr) -> anyhow::Result<Self> {
        let Faces { pool, vault, surface, mcp: config, storage, node } = faces;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}: name another address with --listen; port 0 takes a free one")
        })?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let rpc_url = node.is_some().then(|| format!("http://{address}/rpc"));
        let state = AppState {
            pool: pool.clone(),
            vault: vault.clone(),
            authenticator: Arc::new(RecentKeys::over(storage)),
        };
        let surface = ToolSurface::new(pool, vault, Sealing::Sealed, surface);
        let endpoint = Endpoint { listen: address, stop: stop.child_token() };
        let app = router(state, mcp::router(surface, config, endpoint), node);
        let (graceful, forced) = (stop.clone(), stop.clone());
        let task = tokio::spawn(async move {
            let serving = axum::serve(listener, app).with_graceful_shutdown(graceful.cancelled_owned());
            tokio::select! {
                outcome = serving => {
                    if let Err(error) = outcome {
                        tracing::error!(%error, "the HTTP server failed");
                    }
                }
                () = async { forced.cancelled().await; tokio::time::sleep(DRAIN).await } => {
                    tracing::info!("requests still under way were cut off");
                }
            }
        });
        Ok(Self { address, rpc_url, stop, task })
    }

    /// Base of the HTTP routes.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The MCP endpoint.
    pub fn mcp_url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    /// The chain's own face, where there is one.
    pub fn rpc_url(&self) -> Option<&str> {
        self.rpc_url.as_deref()
    }

    /// Stops taking requests and waits for those under way, for a moment.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the HTTP server ended by a panic");
        }
    }
}
