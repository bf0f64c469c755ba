//! Every way a request can be refused: one variant per cause, carrying what was
//! expected and what came.
//!
//! The text of a variant says what to do; its `code` and status are stable. A
//! variant never carries a secret, a price or an API key of the caller: errors
//! are logged.

use thiserror::Error;

use super::gpu_names;
use super::next_action::NextAction;
use super::problem::Problem;

/// Longest name of a market.
const MAX_NAME_CHARS: usize = 64;

/// A refused request. None of these has changed any balance.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ServiceError {
    #[error("the body is not valid JSON: {reason}. Send one JSON object, UTF-8 encoded")]
    InvalidJson { reason: String },
    #[error("{detail}")]
    InvalidArguments { field: Option<String>, detail: String },
    #[error("{0}. Send an API key as `Authorization: Bearer KEY` or `X-API-Key: KEY`")]
    Unauthorized(&'static str),
    #[error("there is no {method} {path} here")]
    RouteNotFound { method: String, path: String },
    #[error("{path} does not answer {method}; the Allow header names what it does answer")]
    MethodNotAllowed { method: String, path: String },
    #[error("no order {order_id} belongs to this API key. Use the orderId that commit returned")]
    OrderNotFound { order_id: String },
    #[error("no lease {lease_id} has this API key's trader as its buyer; only the buyer can release a lease")]
    LeaseNotFound { lease_id: String },
    #[error(
        "no market is called \"{got}\"{}; the markets are {}. The name is sealed into commitHash: an order that was sealed under another spelling has to be sealed again",
        did_you_mean(.nearest.as_deref()),
        quoted(.known)
    )]
    UnknownGpuType { got: String, nearest: Option<String>, known: Vec<String> },
    #[error("order {order_id} has no receipt: {reason}")]
    NoReceipt { order_id: String, reason: String },
    #[error("{detail}")]
    WrongPhase { detail: String, next: Vec<NextAction> },
    #[error(
        "order {order_id} was already revealed; the first opening stands and nothing changed. \
         Ask lease-status for what became of it"
    )]
    AlreadyRevealed { order_id: String },
    #[error("{detail}")]
    BatchFull { detail: String, next: Vec<NextAction> },
    #[error("{detail}")]
    BatchTooSmall { detail: String, next: Vec<NextAction> },
    #[error("{detail}")]
    OrderMatched { order_id: String, detail: String },
    #[error(
        "orderId {order_id} already names an order of yours with {field} {existing}, not {got}; nothing was \
         locked. To ask after that order use lease-status; to send it again repeat its {field}; a new order \
         needs a fresh seal, with an orderId of its own"
    )]
    OrderIdReused { order_id: String, field: &'static str, existing: String, got: String },
    #[error("lease {lease_id} is {state}, and only an active lease can be released")]
    LeaseNotActive { lease_id: String, state: String },
    #[error("the body is larger than {limit_bytes} bytes. A request needs less than one thousand")]
    BodyTooLarge { limit_bytes: usize },
    #[error(
        "priceMicro {got} is out of range: send an integer from {min} to {max}, in micro-USDC per GPU-hour (1 USDC = 1000000)"
    )]
    PriceOutOfRange { got: String, min: u64, max: u64 },
    #[error("{field} {got} is out of range: send an integer from {min} to {max}, in GPUs{hint}")]
    QtyOutOfRange { field: String, got: String, min: u64, max: u64, hint: String },
    #[error("durationSeconds {got} is out of range: send an integer from {min} to {max}, in seconds{hint}")]
    DurationOutOfRange { got: String, min: u64, max: u64, hint: String },
    #[error("secret must be 64 hex digits (32 bytes), the ones that `obscura seal` printed")]
    SecretMalformed,
    #[error(
        "sealedOpening {reason}. It is sealed to the key of the batch's matcher, as the chain records it, and for \
         one order; `obscura mcp` makes it. Nothing was disclosed"
    )]
    SealedOpeningMalformed { reason: String },
    #[error("commitHash {reason}. Send the 64 lower-case hex digits that `obscura seal` printed")]
    HashMalformed { reason: String },
    #[error(
        "this opening does not hash to the order's commitHash {expected}. It was hashed with \
         {hashed_with}. Send the whole revealBody that `obscura seal` printed, minQty and durationSeconds \
         included where it has them; gpuType, side and owner are those of the commit, and have to be those of \
         the seal"
    )]
    HashMismatch { order_id: String, expected: String, hashed_with: String },
    #[error(
        "this order can cost {cost} {unit} but only {locked} {unit} are locked behind it, so it cannot be revealed: \
         its lock comes back by itself, its reveal deposit does not. In a later batch, commit with {field} of at least {cost}, or seal a smaller \
         or cheaper order"
    )]
    CostExceedsLock { cost: u64, locked: u64, unit: &'static str, field: &'static str },
    #[error(
        "this order needs {needed} {unit} but only {available} {unit} are available{parts}. Lock \
         less, or wait for other orders to end"
    )]
    InsufficientAvailable { needed: u64, available: u64, unit: &'static str, parts: String },
    #[error("{detail}")]
    CapExceeded { field: &'static str, detail: String },
    #[error("the pool cannot do this at the moment: {detail}. Try again in a few seconds")]
    Unavailable { detail: String },
    /// As another layer has put it: a remote pool, or the tools that can follow it.
    #[error("{}", .0.detail)]
    Explained(Box<Problem>),
    #[error(
        "the pool failed while handling this; nothing is known to have changed. Ask lease-status before trying again"
    )]
    Internal,
}

impl ServiceError {
    /// The stable code of the cause.
    pub fn code(&self) -> &str {
        match self {
            Self::Explained(problem) => &problem.code,
            own => own.code_and_status().0,
        }
    }

    /// The HTTP status of the cause.
    pub fn status(&self) -> u16 {
        match self {
            Self::Explained(problem) => problem.status,
            own => own.code_and_status().1,
        }
    }

    /// An argument error that names its field.
    pub fn invalid_field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::InvalidArguments { field: Some(field.into()), detail: detail.into() }
    }

    /// No market is called `got`, of which no more is repeated than a name can be long.
    pub fn unknown_gpu_type(got: &str, known: &[&str]) -> Self {
        Self::UnknownGpuType {
            got: got.chars().take(MAX_NAME_CHARS).collect(),
            nearest: gpu_names::nearest(got, known).map(str::to_owned),
            known: known.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// The input field at fault, where it is one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::InvalidArguments { field, .. } => field.as_deref(),
            Self::Explained(problem) => problem.field.as_deref(),
            Self::PriceOutOfRange { .. } => Some("priceMicro"),
            Self::QtyOutOfRange { field, .. } => Some(field),
            Self::DurationOutOfRange { .. } => Some("durationSeconds"),
            Self::SecretMalformed => Some("secret"),
            Self::HashMalformed { .. } => Some("commitHash"),
            Self::SealedOpeningMalformed { .. } => Some("sealedOpening"),
            Self::CostExceedsLock { field, .. } | Self::CapExceeded { field, .. } => Some(field),
            Self::UnknownGpuType { .. } => Some("gpuType"),
            Self::OrderNotFound { .. } | Self::OrderIdReused { .. } => Some("orderId"),
            Self::LeaseNotFound { .. } => Some("leaseId"),
            _ => None,
        }
    }

    /// The error as clients see it, the same over HTTP and MCP.
    pub fn to_problem(&self) -> Problem {
        if let Self::Explained(problem) = self {
            return problem.as_ref().clone();
        }
        let (code, status) = self.code_and_status();
        Problem {
            problem_type: format!("urn:obscura:problem:{code}"),
            title: code.replace('_', " "),
            status,
            detail: self.to_string(),
            code: code.into(),
            field: self.field().map(Into::into),
            next_actions: self.next_actions(),
        }
    }

    fn code_and_status(&self) -> (&'static str, u16) {
        match self {
            Self::InvalidJson { .. } => ("invalid_json", 400),
            Self::Unauthorized(_) => ("unauthorized", 401),
            Self::RouteNotFound { .. } => ("not_found", 404),
            Self::MethodNotAllowed { .. } => ("method_not_allowed", 405),
            Self::OrderNotFound { .. } => ("order_not_found", 404),
            Self::LeaseNotFound { .. } => ("lease_not_found", 404),
            Self::NoReceipt { .. } => ("no_receipt", 404),
            Self::UnknownGpuType { .. } => ("unknown_gpu_type", 404),
            Self::WrongPhase { .. } => ("wrong_phase", 409),
            Self::AlreadyRevealed { .. } => ("already_revealed", 409),
            Self::BatchFull { .. } => ("batch_full", 409),
            Self::BatchTooSmall { .. } => ("batch_too_small", 409),
            Self::OrderMatched { .. } => ("order_matched", 409),
            Self::OrderIdReused { .. } => ("order_id_reused", 409),
            Self::LeaseNotActive { .. } => ("lease_not_active", 409),
            Self::BodyTooLarge { .. } => ("body_too_large", 413),
            Self::InvalidArguments { .. } => ("invalid_arguments", 422),
            Self::PriceOutOfRange { .. } => ("price_out_of_range", 422),
            Self::QtyOutOfRange { .. } => ("qty_out_of_range", 422),
            Self::DurationOutOfRange { .. } => ("duration_out_of_range", 422),
            Self::SecretMalformed => ("secret_malformed", 422),
            Self::HashMalformed { .. } => ("hash_malformed", 422),
            Self::SealedOpeningMalformed { .. } => ("sealed_opening_malformed", 422),
            Self::HashMismatch { .. } => ("hash_mismatch", 422),
            Self::CostExceedsLock { .. } => ("cost_exceeds_lock", 422),
            Self::InsufficientAvailable { .. } => ("insufficient_available", 422),
            Self::CapExceeded { .. } => ("cap_exceeded", 422),
            Self::Unavailable { .. } => ("unavailable", 503),
            // An explained error has a code of its own.
            Self::Explained(_) | Self::Internal => ("internal", 500),
        }
    }

    fn next_actions(&self) -> Vec<NextAction> {
        match self {
            Self::WrongPhase { next, .. }
            | Self::BatchFull { next, .. }
            | Self::BatchTooSmall { next, .. } => next.clone(),
            Self::UnknownGpuType { nearest, .. } => {
                let meant =
                    nearest.iter().map(|name| NextAction::quote(name, "if that is the market you mean"));
                meant.chain([NextAction::markets("see how markets are spelt")]).collect()
            }
            Self::AlreadyRevealed { order_id } | Self::OrderMatched { order_id, .. } => {
                vec![NextAction::wait(order_id, 0, "see what became of the order")]
            }
            Self::NoReceipt { order_id, .. } => {
                vec![NextAction::wait(order_id, 0, "see what became of the order")]
            }
            Self::HashMismatch { order_id, .. } => {
                vec![NextAction::reveal(
                    order_id,
                    "before the window closes, with every value as it was sealed",
                )]
            }
            Self::OrderIdReused { order_id, .. } => {
                vec![NextAction::wait(order_id, 0, "see the order that has this id")]
            }
            Self::InsufficientAvailable { .. } | Self::CapExceeded { .. } => {
                vec![NextAction::account("see what is available and capped")]
            }
            Self::OrderNotFound { .. }
            | Self::LeaseNotFound { .. }
            | Self::LeaseNotActive { .. }
            | Self::Internal => vec![NextAction::orders("find the order, and what became of it")],
            // No tool helps without a key.
            Self::Unauthorized(_) => Vec::new(),
            _ => vec![NextAction::markets("see the markets, their bounds and the windows of their batches")],
        }
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
