//! A tool call as bytes: one POST, as a client of either protocol revision sends it.

use bytes::Bytes;
use clap::ValueEnum;
use http_body_util::Full;
use hyper::Request;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A protocol revision, as a client without a session speaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
pub enum Revision {
    #[value(name = "2026-07-28")]
    Stateless,
    #[value(name = "2025-11-25")]
    Previous,
}

impl Revision {
    pub fn name(self) -> &'static str {
        match self {
            Self::Stateless => "2026-07-28",
            Self::Previous => "2025-11-25",
        }
    }
}

/// One tool call of one client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ToolCall {
    pub api_key: String,
    pub tool: String,
    pub arguments: Value,
}

impl ToolCall {
    /// The request that makes it.
    pub fn request(&self, host: &str, revision: Revision) -> anyhow::Result<Request<Full<Bytes>>> {
        let Self { api_key, tool, arguments } = self;
        let mut params = json!({ "name": tool, "arguments": arguments });
        let mut request = Request::post("/mcp")
            .header(HOST, host)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, text/event-stream")
            .header(AUTHORIZATION, format!("Bearer {api_key}"))
            .header("MCP-Protocol-Version", revision.name());
        if revision == Revision::Stateless {
            request = request.header("Mcp-Method", "tools/call").header("Mcp-Name", tool.as_str());
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": revision.name(),
                "io.modelcontextprotocol/clientInfo": { "name": "bench", "version": "1" },
                "io.modelcontextprotocol/clientCapabilities": {},
            });
        }
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        Ok(request.body(Full::new(body.to_string().into()))?)
    }
}
