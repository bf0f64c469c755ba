//! The tool surface: five tools over one pool service.
//!
//! Free of axum, rmcp and LiteSVM, so that the pool server and a local MCP server
//! over a remote pool serve the same tools. A tool takes raw JSON, checks it
//! against its own schema, calls the service and returns JSON that fits its
//! output schema. HTTP routes run the same functions, so both faces refuse the
//! same requests with the same words.

pub mod arguments;
pub mod commit;
pub mod lease_status;
pub mod quote;
pub mod refund;
pub mod reveal;
pub mod schema;

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::service::{Caller, PoolService, ServiceError};

/// Where a request came in. The one difference: over MCP a bid must name its
/// `maxTotalMicro`, because an agent should decide what it may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Http,
    Mcp,
}

/// Hints to an MCP host about what a tool does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Annotations {
    /// Changes nothing.
    pub read_only: bool,
    /// Can lose the caller something that cannot be had back.
    pub destructive: bool,
    /// The same call twice does what one call does.
    pub idempotent: bool,
}

/// One tool as an MCP host sees it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolDefinition {
    pub name: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub input_schema: Map<String, Value>,
    pub output_schema: Map<String, Value>,
    pub annotations: Annotations,
}

/// Every tool, in the order an agent uses them.
pub fn inventory() -> &'static [ToolDefinition] {
    static INVENTORY: LazyLock<Vec<ToolDefinition>> = LazyLock::new(|| {
        vec![
            quote::definition(),
            commit::definition(),
            reveal::definition(),
            lease_status::definition(),
            refund::definition(),
        ]
    });
    &INVENTORY
}

/// Runs the tool called `name`, or returns `None` where there is no such tool.
pub async fn call(
    pool: &dyn PoolService,
    caller: &Caller,
    name: &str,
    arguments: Value,
) -> Option<Result<Value, ServiceError>> {
    let result = match name {
        quote::NAME => to_json(quote::run(pool, arguments).await),
        commit::NAME => to_json(commit::run(pool, caller, arguments, Face::Mcp).await),
        reveal::NAME => to_json(reveal::run(pool, caller, arguments).await),
        lease_status::NAME => to_json(lease_status::run(pool, caller, arguments).await),
        refund::NAME => to_json(refund::run(pool, caller, arguments).await),
        _ => return None,
    };
    Some(result)
}

fn to_json<T: Serialize>(result: Result<T, ServiceError>) -> Result<Value, ServiceError> {
    serde_json::to_value(result?).map_err(|error| {
        tracing::error!(%error, "a tool result could not be written as JSON");
        ServiceError::Internal
    })
}
