//! The tool surface: a handful of tools over one pool service.
//!
//! Free of axum, rmcp and LiteSVM, so that the pool server and a local MCP server
//! over a remote pool serve the same tools. A tool takes raw JSON, checks it
//! against its own schema, calls the service and returns JSON that fits its
//! output schema. HTTP routes run the same functions, so both faces refuse the
//! same requests with the same words.

pub mod account;
pub mod arguments;
pub mod commit;
pub mod lease_status;
pub mod markets;
pub mod quote;
pub mod refund;
pub mod release;
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
            account::definition(),
            markets::definition(),
            quote::definition(),
            commit::definition(),
            reveal::definition(),
            lease_status::definition(),
            release::definition(),
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
        account::NAME => to_json(account::run(pool, caller, arguments).await),
        markets::NAME => to_json(markets::run(pool, arguments).await),
        quote::NAME => to_json(quote::run(pool, arguments).await),
        commit::NAME => to_json(commit::run(pool, caller, arguments, Face::Mcp).await),
        reveal::NAME => to_json(reveal::run(pool, caller, arguments).await),
        lease_status::NAME => to_json(lease_status::run(pool, caller, arguments).await),
        release::NAME => to_json(release::run(pool, caller, arguments).await),
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Written by `UPDATE_SNAPSHOTS=1 cargo test -p obscura-server tools`.
    const SNAPSHOT: &str = "tests/snapshots/tools.json";

    #[test]
    fn the_tool_contracts_are_the_ones_that_were_published() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SNAPSHOT);
        let current = format!("{}\n", serde_json::to_string_pretty(inventory()).unwrap());
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &current).unwrap();
        }
        let published = std::fs::read_to_string(&path).unwrap();
        assert!(published == current, "{SNAPSHOT} is not current: see the comment above this test");
    }

    #[test]
    fn tools_have_unique_names_and_say_what_they_do() {
        let names: BTreeSet<_> = inventory().iter().map(|tool| tool.name).collect();
        assert_eq!(names.len(), inventory().len());
        for tool in inventory() {
            assert!(tool.description.len() > 60 && !tool.title.is_empty(), "{}", tool.name);
            assert!(!(tool.annotations.read_only && tool.annotations.destructive), "{}", tool.name);
        }
    }

    #[test]
    fn schemas_are_closed_objects_with_described_and_bounded_fields() {
        for tool in inventory() {
            let input = &tool.input_schema;
            assert_eq!(input["type"], "object", "{}", tool.name);
            assert_eq!(input["additionalProperties"], false, "{}", tool.name);
            for (name, field) in input["properties"].as_object().unwrap() {
                assert!(field.get("description").is_some(), "{}.{name}", tool.name);
            }
            for schema in [&tool.input_schema, &tool.output_schema] {
                let schema = Value::Object(schema.clone());
                jsonschema::draft202012::new(&schema).unwrap();
                assert_bounded(&schema, tool.name);
            }
        }
    }

    fn assert_bounded(schema: &Value, path: &str) {
        match schema {
            Value::Object(object) => {
                let kind = object.get("type").map(ToString::to_string).unwrap_or_default();
                if kind.contains("integer") {
                    let maximum = object["maximum"].as_u64().unwrap();
                    assert!(maximum <= schema::MAX_SAFE_INTEGER, "{path}");
                }
                assert!(!object.contains_key("$ref"), "{path}");
                object.iter().for_each(|(name, inner)| assert_bounded(inner, &format!("{path}.{name}")));
            }
            Value::Array(items) => items.iter().for_each(|inner| assert_bounded(inner, path)),
            _ => {}
        }
    }
}
