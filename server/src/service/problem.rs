//! An error as clients see it: RFC 9457 problem details plus `code`, the field at
//! fault and what to do next. The same object goes out over HTTP and over MCP.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::next_action::NextAction;

/// Problem details of one refused request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// URN of the problem type: `urn:obscura:problem:` and the code.
    #[serde(rename = "type")]
    pub problem_type: String,
    /// The code in words.
    pub title: String,
    /// HTTP status.
    #[schemars(range(min = 400, max = 599))]
    pub status: u16,
    /// What is wrong with this request, and what to do about it.
    pub detail: String,
    /// Stable identifier of the cause: programs compare this.
    pub code: String,
    /// The input field at fault, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Steps that lead on from here.
    pub next_actions: Vec<NextAction>,
}
