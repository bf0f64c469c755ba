//! A service result as an MCP tool result: the same object as structured content
//! and as text, because some hosts show a model only the text.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;

use crate::service::{Problem, ServiceError};

/// `isError` is set, and the problem is the structured content, where the service
/// refused.
pub fn tool_answer(result: Result<Value, ServiceError>) -> CallToolResult {
    match result {
        Ok(value) => {
            let mut answer = CallToolResult::success(vec![ContentBlock::text(value.to_string())]);
            answer.structured_content = Some(value);
            answer
        }
        Err(error) => refusal(error.to_problem()),
    }
}

/// A problem as a tool's result.
pub fn refusal(problem: Problem) -> CallToolResult {
    tracing::debug!(code = problem.code, "tool call refused");
    let mut answer = CallToolResult::error(vec![ContentBlock::text(in_words(&problem))]);
    answer.structured_content = serde_json::to_value(problem).ok();
    answer
}

/// For a model that is shown nothing but text: the cause, the way out, and the steps to send.
fn in_words(problem: &Problem) -> String {
    let mut text = format!("{}: {}", problem.code, problem.detail);
    if !problem.next_actions.is_empty()
        && let Ok(steps) = serde_json::to_string(&problem.next_actions)
    {
        text.push_str("\nnextActions: ");
        text.push_str(&steps);
    }
    text
}
