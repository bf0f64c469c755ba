//! The MCP face: streamable HTTP at `/mcp`, stateless, JSON answers, both
//! protocol revisions that hosts speak today.
//!
//! It translates between MCP's envelope and `tools`; it has no tool of its own.
//! The API key was checked by the HTTP layer in front of it.

mod handler;
mod resources;
mod tool_answer;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio_util::sync::CancellationToken;

use crate::http::MAX_BODY_BYTES;
use crate::tools::ToolSurface;

pub use handler::McpHandler;

/// Pages that may call this server from a browser: those served from the same
/// machine. Anything else with an `Origin` is refused, which stops DNS rebinding.
const LOOPBACK_ORIGINS: [&str; 3] = ["http://127.0.0.1:*", "http://localhost:*", "http://[::1]:*"];

/// A router that answers `/mcp`.
pub fn router(surface: ToolSurface, listen: SocketAddr, stop: CancellationToken) -> Router {
    let service = StreamableHttpService::new(
        move || Ok(McpHandler::new(surface.clone())),
        Arc::new(NeverSessionManager::default()),
        config(listen, stop),
    );
    Router::new().route_service("/mcp", service)
}

fn config(listen: SocketAddr, stop: CancellationToken) -> StreamableHttpServerConfig {
    let mut hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    hosts.push(listen.ip().to_string());
    let config = StreamableHttpServerConfig::default();
    // Bound to every address it is meant to be reached under names unknown here; every request needs
    // an API key, and one that comes from a web page is still refused by its Origin.
    let config = if listen.ip().is_unspecified() {
        config.disable_allowed_hosts()
    } else {
        config.with_allowed_hosts(hosts)
    };
    config
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(MAX_BODY_BYTES)
        .with_allowed_origins(LOOPBACK_ORIGINS)
        .with_cancellation_token(stop)
}
