//! A service result as an MCP tool result: the same object as structured content
//! and as text, because some hosts show a model only the text.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;

use crate::service::ServiceError;

/// `isError` is set, and the problem is the structured content, where the service
/// refused.
pub fn tool_answer(result: Result<Value, ServiceError>) -> CallToolResult {
    match result {
        Ok(value) => {
            let mut answer = CallToolResult::success(vec![ContentBlock::text(value.to_string())]);
            answer.structured_content = Some(value);
            answer
        }
        Err(error) => {
            let problem = error.to_problem();
            tracing::debug!(code = problem.code, "tool call refused");
            let text = format!("{}: {}", problem.code, problem.detail);
            let mut answer = CallToolResult::error(vec![ContentBlock::text(text)]);
            answer.structured_content = serde_json::to_value(problem).ok();
            answer
        }
    }
}
