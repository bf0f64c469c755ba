//! Tools that say something before they answer.

use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{
    CallToolResult, ContentBlock, LoggingLevel, LoggingMessageNotificationParam, ProgressNotificationParam,
};
use serde_json::json;

use super::{Call, unknown};

/// Between two messages, as the suite asks for.
const PAUSE: Duration = Duration::from_millis(50);

pub async fn call(call: Call<'_>) -> Result<CallToolResult, ErrorData> {
    match call.request.name.as_ref() {
        "test_tool_with_logging" => log_thrice(&call).await?,
        "test_tool_with_progress" => progress(&call).await?,
        "test_logging_tool" => {
            if let Some(level) = call.context.meta.log_level() {
                log(&call, level, "a level was asked for").await?;
            }
        }
        "test_reconnection" => tokio::time::sleep(2 * PAUSE).await,
        "test_trigger_tool_change" => call.fixture.subscribers.tools_changed().await,
        "test_trigger_prompt_change" => call.fixture.subscribers.prompts_changed().await,
        other => return Err(unknown(other)),
    }
    Ok(CallToolResult::success(vec![ContentBlock::text(format!("{} is done.", call.request.name))]))
}

async fn log_thrice(call: &Call<'_>) -> Result<(), ErrorData> {
    for message in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
        log(call, LoggingLevel::Info, message).await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

async fn log(call: &Call<'_>, level: LoggingLevel, message: &str) -> Result<(), ErrorData> {
    let message = LoggingMessageNotificationParam::new(level, json!(message)).with_logger("fixture");
    call.context.peer.notify_logging_message(message).await.map_err(unsent)
}

async fn progress(call: &Call<'_>) -> Result<(), ErrorData> {
    let token = call.context.meta.get_progress_token();
    for done in [0.0, 50.0, 100.0] {
        if let Some(token) = token.clone() {
            let progress = ProgressNotificationParam::new(token, done).with_total(100.0);
            call.context.peer.notify_progress(progress).await.map_err(unsent)?;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

fn unsent(error: impl std::fmt::Display) -> ErrorData {
    ErrorData::internal_error(format!("the client could not be told: {error}"), None)
}
