//! The MCP face: streamable HTTP at `/mcp` or stdio, both protocol revisions that
//! hosts speak today.
//!
//! It translates between MCP's envelope and `tools`; it has no tool of its own.
//! Over HTTP the API key was checked by the layer in front of it.

mod call;
mod completion;
mod confirmation;
mod handler;
mod order_news;
mod prompts;
mod resources;
mod sessions;
mod skills;
mod stdio;
mod tasks;
mod tool_answer;
pub mod transport;
mod waiting;
mod watch;

use axum::Router;

use crate::tools::ToolSurface;

pub use handler::McpHandler;
pub use stdio::{serve_on, serve_stdio};
use transport::Endpoint;

/// What an operator or a user decides about the MCP face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct McpConfig {
    /// Above this many micro-USDC of `maxTotalMicro` a person has to agree to an order. None: never.
    pub confirm_above_micro: Option<u64>,
}

/// A router that answers `/mcp`.
pub fn router(surface: ToolSurface, config: McpConfig, endpoint: Endpoint) -> Router {
    let face = handler::Face::new(surface, config);
    transport::router(move || McpHandler::for_checked_requests(face.clone()), endpoint)
}
