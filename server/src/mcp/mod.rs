//! The MCP face: streamable HTTP at `/mcp`, both protocol revisions that hosts
//! speak today.
//!
//! It translates between MCP's envelope and `tools`; it has no tool of its own.
//! The API key was checked by the HTTP layer in front of it.

mod handler;
mod resources;
mod sessions;
mod tool_answer;
pub mod transport;

use std::net::SocketAddr;

use axum::Router;
use tokio_util::sync::CancellationToken;

use crate::tools::ToolSurface;

pub use handler::McpHandler;

/// A router that answers `/mcp`.
pub fn router(surface: ToolSurface, listen: SocketAddr, stop: CancellationToken) -> Router {
    transport::router(move || McpHandler::new(surface.clone()), transport::Endpoint { listen, stop })
}
