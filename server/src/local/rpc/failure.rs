//! Errors of JSON-RPC 2.0, and those that Solana's nodes add to them.

use obscura_client::ledger::LedgerError;
use serde_json::{Value, json};

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
/// The node is not fit to answer.
const NODE_UNHEALTHY: i64 = -32005;

/// What comes from outside is repeated only so far.
const MAX_QUOTED_CHARS: usize = 64;

/// Why a request has no result.
#[derive(Debug)]
pub struct Failure {
    pub code: i64,
    pub message: String,
    pub data: Option<Value>,
}

impl Failure {
    pub fn parse_error() -> Self {
        Self::new(PARSE_ERROR, "the body is not JSON")
    }

    pub fn invalid_request(reason: &str) -> Self {
        Self::new(INVALID_REQUEST, reason)
    }

    pub fn method_not_found(method: &str) -> Self {
        let method: String = method.chars().take(MAX_QUOTED_CHARS).collect();
        Self::new(METHOD_NOT_FOUND, format!("this node has no method {method}"))
    }

    pub fn invalid_params(reason: impl Into<String>) -> Self {
        Self::new(INVALID_PARAMS, reason)
    }

    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    pub fn with_data(mut self, data: Value) -> Self {
        self.data = Some(data);
        self
    }

    /// The `error` member of an answer.
    pub fn into_json(self) -> Value {
        let Self { code, message, data } = self;
        match data {
            Some(data) => json!({ "code": code, "message": message, "data": data }),
            None => json!({ "code": code, "message": message }),
        }
    }
}

impl From<LedgerError> for Failure {
    /// The chain itself failed; what a transaction did wrong is said elsewhere.
    fn from(error: LedgerError) -> Self {
        Self::new(NODE_UNHEALTHY, error.to_string()).with_data(json!({ "numSlotsBehind": null }))
    }
}
