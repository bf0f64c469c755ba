//! An agent's end of MCP: connect, call a tool, read its structured content.

use anyhow::Context;
use rmcp::model::CallToolRequestParams;
use rmcp::service::{RoleClient, RunningService, ServiceExt};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Map, Value};

/// A tool that would not do as it was asked, in the pool's words.
#[derive(Debug, thiserror::Error)]
#[error("{tool} refused: {detail}")]
pub struct Refused {
    pub tool: &'static str,
    /// SPEC section 13 lists them.
    pub code: String,
    pub detail: String,
}

/// A connected MCP client.
pub struct McpClient {
    session: RunningService<RoleClient, ()>,
}

impl McpClient {
    pub async fn connect(url: &str, api_key: &str) -> anyhow::Result<Self> {
        let config = StreamableHttpClientTransportConfig::with_uri(url).auth_header(api_key);
        let transport = StreamableHttpClientTransport::from_config(config);
        let session = ().serve(transport).await.with_context(|| format!("cannot talk MCP to {url}"))?;
        Ok(Self { session })
    }

    /// Calls a tool. Errors: [`Refused`] where it refuses.
    pub async fn call(&self, tool: &'static str, arguments: Value) -> anyhow::Result<Value> {
        let arguments: Map<String, Value> =
            serde_json::from_value(arguments).context("tool arguments are a JSON object")?;
        let request = CallToolRequestParams::new(tool).with_arguments(arguments);
        let result = self.session.call_tool(request).await.with_context(|| format!("calling {tool}"))?;
        let content = result.structured_content.unwrap_or_default();
        if result.is_error == Some(true) {
            let word = |field: &str, none: &str| content[field].as_str().unwrap_or(none).to_owned();
            let (code, detail) = (word("code", "unknown"), word("detail", "without a reason"));
            return Err(Refused { tool, code, detail }.into());
        }
        Ok(content)
    }

    pub async fn close(self) -> anyhow::Result<()> {
        self.session.cancel().await?;
        Ok(())
    }
}
