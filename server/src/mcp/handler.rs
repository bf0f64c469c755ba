//! rmcp's server handler over the tool inventory.

use std::borrow::Cow;
use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListResourceTemplatesResult, ListToolsResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::Value;

use super::resources;
use super::tool_answer::tool_answer;
use crate::service::Caller;
use crate::tools::{ToolDefinition, ToolSurface};

/// Revisions served: SPEC section 13.
const REVISIONS: [ProtocolVersion; 2] = [ProtocolVersion::V_2025_11_25, ProtocolVersion::V_2026_07_28];

const INSTRUCTIONS: &str = "Obscura is a dark pool for GPU leases. To buy: `markets` and `quote` show \
what there is and what it cost lately; `account` shows your owner key. Seal an order on your own machine \
with `obscura seal --owner OWNER --json` and keep what it prints. Send its commitBody, and for a bid \
maxTotalMicro, with `commit`; wait with `lease-status`; when nextActions say `reveal`, send the whole \
revealBody; wait with `lease-status` for the lease or the refund. Nothing blocks for a whole batch: call \
`lease-status` again to go on waiting. Amounts are micro-USDC.";

/// One MCP server over a pool.
#[derive(Clone)]
pub struct McpHandler {
    surface: ToolSurface,
}

impl McpHandler {
    pub fn new(surface: ToolSurface) -> Self {
        Self { surface }
    }
}

impl ServerHandler for McpHandler {
    fn get_info(&self) -> ServerConfig {
        let mut info =
            ServerConfig::new(ServerCapabilities::builder().enable_tools().enable_resources().build())
                .with_instructions(INSTRUCTIONS);
        info.server_info = Implementation::new("obscura", env!("CARGO_PKG_VERSION"))
            .with_title("Obscura pool")
            .with_description("Dark pool for GPU leases on Solana");
        info
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        Cow::Borrowed(&REVISIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = self.surface.definitions().iter().map(to_rmcp_tool).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.surface.definitions().iter().find(|tool| tool.name == name).map(to_rmcp_tool)
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let caller = caller_of(&context)?;
        let read = resources::read(self.surface.pool(), &caller, &request.uri).await?;
        Ok(ReadResourceResponse::Complete(read))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let caller = caller_of(&context)?;
        let arguments = request.arguments.map_or(Value::Null, Value::Object);
        self.surface
            .call(&caller, &request.name, arguments)
            .await
            .map(|result| CallToolResponse::Complete(tool_answer(result)))
            .ok_or_else(|| unknown_tool(&request.name, self.surface.definitions()))
    }
}

fn to_rmcp_tool(definition: &ToolDefinition) -> Tool {
    let hints = definition.annotations;
    Tool::new(definition.name, definition.description, Arc::new(definition.input_schema.clone()))
        .with_title(definition.title)
        .with_raw_output_schema(Arc::new(definition.output_schema.clone()))
        .with_annotations(
            ToolAnnotations::with_title(definition.title)
                .read_only(hints.read_only)
                .destructive(hints.destructive)
                .idempotent(hints.idempotent)
                .open_world(false),
        )
}

fn caller_of(context: &RequestContext<RoleServer>) -> Result<Caller, ErrorData> {
    context
        .extensions
        .get::<axum::http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<Caller>())
        .cloned()
        .ok_or_else(|| ErrorData::internal_error("the request carries no checked API key", None))
}

fn unknown_tool(name: &str, shown: &[ToolDefinition]) -> ErrorData {
    let known: Vec<_> = shown.iter().map(|tool| tool.name).collect();
    ErrorData::invalid_params(format!("there is no tool {name:?}; the tools are {}", known.join(", ")), None)
}
