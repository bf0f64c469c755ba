//! What an MCP host sees of a tool.

use serde::Serialize;
use serde_json::{Map, Value};

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

impl Annotations {
    /// Looks, and changes nothing.
    pub const LOOK: Self = Self { read_only: true, destructive: false, idempotent: true };
    /// Moves what cannot be had back; a repeat moves nothing more.
    pub const SPEND_ONCE: Self = Self { read_only: false, destructive: true, idempotent: true };
}

/// Whom a tool is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Everyone,
    Buyer,
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
    #[serde(skip)]
    pub audience: Audience,
}
