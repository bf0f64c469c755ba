//! The suite's tools: what each is called is in `tools.json`, what each does in
//! the file of its kind.

mod asking;
mod content;
mod input_required;
mod streaming;
mod tasks;

use std::sync::LazyLock;

use rmcp::ErrorData;
use rmcp::model::{CallToolRequestParams, CallToolResponse, JsonObject, Tool};
use rmcp::service::{RequestContext, RoleServer};

use crate::handler::Fixture;

/// A call of one of the suite's tools.
pub struct Call<'a> {
    pub fixture: &'a Fixture,
    pub request: CallToolRequestParams,
    pub context: RequestContext<RoleServer>,
}

impl Call<'_> {
    fn arguments(&self) -> JsonObject {
        self.request.arguments.clone().unwrap_or_default()
    }

    fn text(&self, argument: &str) -> Option<String> {
        self.arguments().get(argument)?.as_str().map(str::to_owned)
    }
}

/// Every tool of the suite.
pub fn inventory() -> &'static [Tool] {
    static INVENTORY: LazyLock<Vec<Tool>> = LazyLock::new(|| {
        serde_json::from_str(include_str!("tools.json"))
            .expect("the file is compiled in, and every run reads it")
    });
    &INVENTORY
}

/// Runs a tool.
pub async fn call(call: Call<'_>) -> Result<CallToolResponse, ErrorData> {
    let name = call.request.name.clone();
    match name.as_ref() {
        "test_tool_with_logging"
        | "test_tool_with_progress"
        | "test_logging_tool"
        | "test_reconnection"
        | "test_trigger_tool_change"
        | "test_trigger_prompt_change" => streaming::call(call).await.map(Into::into),
        "test_sampling"
        | "test_elicitation"
        | "test_elicitation_sep1034_defaults"
        | "test_elicitation_sep1330_enums" => asking::call(call).await.map(Into::into),
        "greet"
        | "slow_compute"
        | "failing_job"
        | "protocol_error_job"
        | "confirm_delete"
        | "multi_input"
        | "test_tool_with_task" => tasks::call(call).await,
        "test_streaming_elicitation" => input_required::call(&call),
        name if name.starts_with("test_input_required_result_") => input_required::call(&call),
        _ => content::call(&call).map(Into::into),
    }
}

fn unknown(name: &str) -> ErrorData {
    ErrorData::invalid_params(format!("there is no tool {name:?}"), None)
}
