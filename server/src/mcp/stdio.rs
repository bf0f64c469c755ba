//! The MCP face over stdin and stdout, for one caller: what a host starts as a
//! child process.
//!
//! Must never write anything but messages to stdout.

use anyhow::Context;
use rmcp::service::{RoleServer, ServerInitializeError, ServiceExt};
use rmcp::transport::IntoTransport;

use super::McpConfig;
use super::handler::{Face, McpHandler};
use crate::service::Caller;
use crate::tools::ToolSurface;

/// Serves stdin and stdout until the host closes them.
pub async fn serve_stdio(surface: ToolSurface, caller: Caller, config: McpConfig) -> anyhow::Result<()> {
    serve_on(surface, caller, config, rmcp::transport::stdio()).await
}

/// The same on any pair of streams.
pub async fn serve_on<T, E, A>(
    surface: ToolSurface,
    caller: Caller,
    config: McpConfig,
    transport: T,
) -> anyhow::Result<()>
where
    T: IntoTransport<RoleServer, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    let handler = McpHandler::for_caller(Face::new(surface, config), caller);
    match handler.serve(transport).await {
        Ok(service) => {
            service.waiting().await.context("the connection to the host broke")?;
            Ok(())
        }
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(error).context("the host did not begin as MCP does"),
    }
}
