//! The small files and forms that fixtures answer with.

use rmcp::ErrorData;
use rmcp::model::{ElicitRequest, ElicitRequestParams, InputRequest};
use serde_json::Value;

/// One red pixel, base64.
pub const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
/// A WAV file of no samples, base64.
pub const WAV: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

/// How long lists and resources may be kept: they never change.
pub const TTL_MS: u64 = 60_000;

/// A form for the person in front of the client.
pub fn form(message: &str, schema: Value) -> Result<ElicitRequestParams, ErrorData> {
    let requested_schema = serde_json::from_value(schema)
        .map_err(|error| ErrorData::internal_error(format!("a fixture's form is no form: {error}"), None))?;
    Ok(ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: message.to_owned(),
        requested_schema,
    })
}

/// The same, to go out in an input-required result.
pub fn form_request(message: &str, schema: Value) -> Result<InputRequest, ErrorData> {
    Ok(InputRequest::Elicitation(ElicitRequest::new(form(message, schema)?)))
}

/// A form of one required field.
pub fn one_field(name: &str, kind: &str) -> Value {
    serde_json::json!({ "type": "object", "properties": { name: { "type": kind } }, "required": [name] })
}
