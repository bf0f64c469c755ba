//! Tools that ask the client in the middle of a call: what 2025-11-25 has
//! sessions for.

use rmcp::ErrorData;
use rmcp::model::{
    CallToolResult, ContentBlock, CreateMessageRequestParams, ElicitResult, ElicitationAction,
    SamplingMessage,
};
use serde_json::Value;

use super::Call;
use crate::samples::form;

pub async fn call(call: Call<'_>) -> Result<CallToolResult, ErrorData> {
    let answer = match call.request.name.as_ref() {
        "test_sampling" => sample(&call).await,
        name => elicit(&call, name).await?,
    };
    Ok(match answer {
        Ok(text) => CallToolResult::success(vec![ContentBlock::text(text)]),
        Err(text) => CallToolResult::error(vec![ContentBlock::text(text)]),
    })
}

async fn sample(call: &Call<'_>) -> Result<String, String> {
    let prompt = call.text("prompt").unwrap_or_default();
    let request = CreateMessageRequestParams::new(vec![SamplingMessage::user_text(prompt)], 100);
    let result = call.context.peer.create_message(request).await.map_err(|error| error.to_string())?;
    let text =
        result.message.content.first().and_then(|content| content.as_text()).map(|text| text.text.clone());
    Ok(format!("LLM response: {}", text.unwrap_or_default()))
}

async fn elicit(call: &Call<'_>, name: &str) -> Result<Result<String, String>, ErrorData> {
    let forms: Value = serde_json::from_str(include_str!("forms.json"))
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    let message = call.text("message").unwrap_or_else(|| "Please fill this in".to_owned());
    let form = form(&message, forms[name].clone())?;
    let result = call.context.peer.create_elicitation(form).await;
    let opening = if name == "test_elicitation" { "User response" } else { "Elicitation completed" };
    Ok(result.map(|result| in_words(opening, &result)).map_err(|error| error.to_string()))
}

fn in_words(opening: &str, result: &ElicitResult) -> String {
    let action = match result.action {
        ElicitationAction::Accept => "accept",
        ElicitationAction::Decline => "decline",
        _ => "cancel",
    };
    let content = result.content.clone().unwrap_or_default();
    format!("{opening}: action={action}, content={content}")
}
