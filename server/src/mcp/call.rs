//! A tool call: a person's word where one is needed, then the tool, with progress
//! and cancellation where it waits.

use rmcp::ErrorData;
use rmcp::model::{CallToolRequestParams, CallToolResponse};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::Value;

use super::confirmation::Verdict;
use super::handler::McpHandler;
use super::tool_answer::tool_answer;
use super::{tasks, waiting};
use crate::tools::{ToolDefinition, ToolSurface};

impl McpHandler {
    pub(super) async fn run_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let caller = self.caller(&context)?;
        let face = self.face();
        let tool = find(&face.surface, &request.name)?;
        if let Some(confirmations) = &face.confirmations
            && let Verdict::Answer(answer) =
                confirmations.judge(&face.surface, tool, &caller, &request, &context).await?
        {
            return Ok(answer);
        }
        let arguments = request.arguments.map_or(Value::Null, Value::Object);
        if tasks::wanted(tool, &arguments, &context) {
            return tasks::begin(&face.surface, &caller, tool, arguments).await;
        }
        let result = if waiting::can_wait(tool, &arguments) {
            waiting::call(&face.surface, &caller, arguments, &context).await?
        } else {
            // Runs to its end even if the client goes away: half of an order is worse than one nobody waits for.
            face.surface.call(&caller, tool.name, arguments).await
        };
        result.map(|result| tool_answer(result).into()).ok_or_else(|| unknown(&face.surface, tool.name))
    }
}

fn find<'a>(surface: &'a ToolSurface, name: &str) -> Result<&'a ToolDefinition, ErrorData> {
    surface.definitions().iter().find(|tool| tool.name == name).ok_or_else(|| unknown(surface, name))
}

fn unknown(surface: &ToolSurface, name: &str) -> ErrorData {
    let known: Vec<_> = surface.definitions().iter().map(|tool| tool.name).collect();
    ErrorData::invalid_params(format!("there is no tool {name:?}; the tools are {}", known.join(", ")), None)
}
