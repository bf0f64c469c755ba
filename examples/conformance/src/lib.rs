//! The fixture server of the official MCP conformance suite, on the transport of
//! the pool server.
//!
//! The suite calls tools, prompts and resources of its own naming; this is what
//! they must answer. Everything around them (HTTP, sessions, headers, streams) is
//! the pool's own stack: that is what the suite is run for. Nothing of the market
//! is here.

// The suite also covers what the later revision deprecates: sampling, roots, logging, subscriptions.
#![allow(deprecated)]

mod handler;
mod prompts;
mod resources;
mod samples;
mod subscribers;
mod tools;

use std::net::SocketAddr;

use axum::Router;
use obscura_server::mcp::transport::{self, Endpoint};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use handler::Fixture;

/// A listening fixture server.
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Binds `listen`; port 0 takes a free one.
    pub async fn start(listen: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let app = router(Endpoint { listen: address, stop: stop.child_token() });
        let stopped = stop.clone().cancelled_owned();
        let task =
            tokio::spawn(async move { axum::serve(listener, app).with_graceful_shutdown(stopped).await });
        Ok(Self { address, stop, task })
    }

    /// The MCP endpoint.
    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    /// Stops taking requests and waits for those under way.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        Ok(self.task.await??)
    }
}

fn router(endpoint: Endpoint) -> Router {
    let fixture = Fixture::new();
    transport::router(move || fixture.clone(), endpoint)
}
