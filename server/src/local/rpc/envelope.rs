//! JSON-RPC 2.0's envelope: one request or several, each with its own answer.

use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::parameters::Parameters;
use super::{Chain, call};

/// More in one body would keep the chain from others for long.
const MAX_REQUESTS: usize = 100;

/// What the body's requests come to; none where none of them wants an answer.
pub async fn answer(chain: &Chain, body: &[u8]) -> Option<Value> {
    match serde_json::from_slice(body) {
        Err(_) => Some(refused(Value::Null, Failure::parse_error())),
        Ok(Value::Array(requests)) => answer_all(chain, requests).await,
        Ok(request) => answer_one(chain, request).await,
    }
}

async fn answer_all(chain: &Chain, requests: Vec<Value>) -> Option<Value> {
    if requests.is_empty() || requests.len() > MAX_REQUESTS {
        let reason = format!("a batch has 1 to {MAX_REQUESTS} requests");
        return Some(refused(Value::Null, Failure::invalid_request(&reason)));
    }
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        answers.extend(answer_one(chain, request).await);
    }
    (!answers.is_empty()).then_some(Value::Array(answers))
}

async fn answer_one(chain: &Chain, request: Value) -> Option<Value> {
    let Value::Object(mut request) = request else {
        return Some(refused(Value::Null, Failure::invalid_request("a request is a JSON object")));
    };
    let id = request.remove("id");
    let outcome = match read(request) {
        Ok((method, parameters)) => call(chain, &method, parameters).await,
        // Without an id, too: what is no request is no notification.
        Err(failure) => return Some(refused(id.unwrap_or(Value::Null), failure)),
    };
    let id = id?;
    Some(match outcome {
        Ok(result) => json!({ "jsonrpc": "2.0", "result": result, "id": id }),
        Err(failure) => refused(id, failure),
    })
}

fn read(mut request: Map<String, Value>) -> Result<(String, Parameters), Failure> {
    if request.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(Failure::invalid_request("`jsonrpc` must be \"2.0\""));
    }
    let Some(Value::String(method)) = request.remove("method") else {
        return Err(Failure::invalid_request("`method` must be a string"));
    };
    let parameters = match request.remove("params") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(parameters)) => parameters,
        Some(_) => return Err(Failure::invalid_params("`params` must be an array")),
    };
    Ok((method, Parameters::new(parameters)))
}

fn refused(id: Value, failure: Failure) -> Value {
    json!({ "jsonrpc": "2.0", "error": failure.into_json(), "id": id })
}
