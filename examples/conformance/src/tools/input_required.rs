//! Tools that need an answer of the client before they can give theirs: what
//! 2026-07-28 has instead of asking in the middle of a call.

use rmcp::ErrorData;
use rmcp::model::{
    CallToolResponse, CallToolResult, ContentBlock, CreateMessageRequest, CreateMessageRequestParams,
    InputRequest, InputRequests, InputRequiredResult, ListRootsRequest, SamplingMessage,
};
use serde_json::{Value, json};

use super::{Call, unknown};
use crate::samples::{form_request, one_field};

pub fn call(call: &Call<'_>) -> Result<CallToolResponse, ErrorData> {
    match call.request.name.as_ref() {
        "test_streaming_elicitation" => ask([("value", name_form("Please name a value")?)], None),
        "test_input_required_result_elicitation" => match call.answer("user_name") {
            Some(answer) => said(format!("Hello, {}!", answer["content"]["name"].as_str().unwrap_or("you"))),
            None => ask([("user_name", name_form("What is your name?")?)], None),
        },
        "test_input_required_result_sampling" => match call.answer("capital_question") {
            Some(answer) => said(format!("Sampled: {}", answer["content"])),
            None => ask([("capital_question", sampling("What is the capital of France?"))], None),
        },
        "test_input_required_result_list_roots" => match call.answer("client_roots") {
            Some(answer) => said(format!("Roots: {}", answer["roots"])),
            None => ask([("client_roots", roots())], None),
        },
        "test_input_required_result_request_state" | "test_input_required_result_tampered_state" => {
            keep_state(call)
        }
        "test_input_required_result_multiple_inputs" => several(call),
        "test_input_required_result_multi_round" => two_rounds(call),
        "test_input_required_result_capabilities" => what_the_client_can(call),
        other => Err(unknown(other)),
    }
}

impl Call<'_> {
    /// What the client answered under `key`, where it is an answer at all.
    pub fn answer(&self, key: &str) -> Option<&Value> {
        self.request.input_responses.as_ref()?.get(key).filter(|answer| answer.is_object())
    }

    /// The state that came back: none yet, or one of ours.
    fn state(&self) -> Result<Option<Value>, ErrorData> {
        let Some(state) = &self.request.request_state else { return Ok(None) };
        let opened = self.fixture.states.open_json(state);
        opened.map(Some).map_err(|error| ErrorData::invalid_params(error.to_string(), None))
    }

    fn sealed(&self, state: &Value) -> Result<String, ErrorData> {
        self.fixture
            .states
            .seal_json(state)
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))
    }
}

fn keep_state(call: &Call<'_>) -> Result<CallToolResponse, ErrorData> {
    if call.state()?.is_some() {
        return said("state-ok".to_owned());
    }
    let confirm = form_request("Please confirm", one_field("ok", "boolean"))?;
    ask([("confirm", confirm)], Some(call.sealed(&json!({ "asked": "confirm" }))?))
}

fn several(call: &Call<'_>) -> Result<CallToolResponse, ErrorData> {
    let keys = ["user_name", "greeting", "client_roots"];
    if call.state()?.is_some() && keys.iter().all(|key| call.answer(key).is_some()) {
        return said("All three answers came.".to_owned());
    }
    let requests = [
        ("user_name", name_form("What is your name?")?),
        ("greeting", sampling("Generate a greeting")),
        ("client_roots", roots()),
    ];
    ask(requests, Some(call.sealed(&json!({ "asked": "three" }))?))
}

fn two_rounds(call: &Call<'_>) -> Result<CallToolResponse, ErrorData> {
    let state = call.state()?.unwrap_or_default();
    match state["round"].as_u64() {
        None => {
            let step = form_request("Step 1: What is your name?", one_field("name", "string"))?;
            ask([("step1", step)], Some(call.sealed(&json!({ "round": 1 }))?))
        }
        Some(1) => {
            let step = form_request("Step 2: What is your favorite color?", one_field("color", "string"))?;
            ask([("step2", step)], Some(call.sealed(&json!({ "round": 2 }))?))
        }
        Some(_) => said("Both rounds are done.".to_owned()),
    }
}

fn what_the_client_can(call: &Call<'_>) -> Result<CallToolResponse, ErrorData> {
    if call.request.input_responses.is_some() {
        return said("The answers came.".to_owned());
    }
    let can = call.context.client_capabilities().unwrap_or_default();
    let mut requests = InputRequests::new();
    if can.elicitation.is_some() {
        requests.insert("user_name".into(), name_form("What is your name?")?);
    }
    if can.sampling.is_some() {
        requests.insert("greeting".into(), sampling("Generate a greeting"));
    }
    if can.roots.is_some() {
        requests.insert("client_roots".into(), roots());
    }
    if requests.is_empty() {
        return said("The client can be asked nothing.".to_owned());
    }
    Ok(InputRequiredResult::from_input_requests(requests).into())
}

fn said(text: String) -> Result<CallToolResponse, ErrorData> {
    Ok(CallToolResult::success(vec![ContentBlock::text(text)]).into())
}

/// An input-required result.
fn ask<const N: usize>(
    requests: [(&str, InputRequest); N],
    state: Option<String>,
) -> Result<CallToolResponse, ErrorData> {
    let requests = requests.into_iter().map(|(key, request)| (key.to_owned(), request)).collect();
    Ok(InputRequiredResult::new(Some(requests), state).into())
}

fn name_form(message: &str) -> Result<InputRequest, ErrorData> {
    form_request(message, one_field("name", "string"))
}

fn sampling(prompt: &str) -> InputRequest {
    let messages = vec![SamplingMessage::user_text(prompt)];
    InputRequest::CreateMessage(CreateMessageRequest::new(CreateMessageRequestParams::new(messages, 100)))
}

fn roots() -> InputRequest {
    InputRequest::ListRoots(ListRootsRequest::default())
}
