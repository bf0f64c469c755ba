//! A pool behind a socket: HTTP and MCP on one port, until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::http::{AppState, router};
use crate::local::LocalPool;
use crate::mcp;

/// How long a request under way may still take once the server stops.
const DRAIN: Duration = Duration::from_secs(2);

/// A listening server.
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    /// Binds `listen` (port 0 takes a free one) and serves the pool on it.
    pub async fn start(pool: &LocalPool, listen: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}: name another address with --listen; port 0 takes a free one")
        })?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let state = AppState { pool: pool.pool.clone(), authenticator: Arc::new(pool.storage.clone()) };
        let app = router(state, mcp::router(pool.pool.clone(), address, stop.child_token()));
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
        Ok(Self { address, stop, task })
    }

    /// Base of the HTTP routes.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The MCP endpoint.
    pub fn mcp_url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    /// Stops taking requests and waits for those under way, for a moment.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the HTTP server ended by a panic");
        }
    }
}
