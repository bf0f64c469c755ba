//! A node's answers that are none, and its refusals, as [`LedgerError`]s.
//!
//! The only place that says what a [`ClientError`] is: its own text holds the node's address, which may hold
//! an API key, and must never be printed or logged.

use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind};
use solana_rpc_client_api::custom_error;
use solana_rpc_client_api::request::{RpcError, RpcResponseErrorData};
use solana_sdk::transaction::{Transaction, TransactionError};

use crate::ledger::LedgerError;
use crate::ledger::refusal::decode_error;

/// Answers after which the same question may get another one: the node was away, busy, or behind.
const PASSING: [i64; 3] = [
    custom_error::JSON_RPC_SERVER_ERROR_NODE_UNHEALTHY,
    custom_error::JSON_RPC_SERVER_ERROR_BLOCK_NOT_AVAILABLE,
    custom_error::JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
];

/// Whether the node may answer when it is asked again.
pub fn is_transient(error: &ClientError) -> bool {
    match error.kind() {
        ErrorKind::Io(_) | ErrorKind::Reqwest(_) | ErrorKind::Middleware(_) => true,
        ErrorKind::RpcError(RpcError::RpcResponseError { code, .. }) => PASSING.contains(code),
        ErrorKind::RpcError(RpcError::RpcRequestError(_)) => true,
        _ => false,
    }
}

/// No usable answer, and why.
pub fn unavailable(error: &ClientError) -> LedgerError {
    LedgerError::Unavailable { reason: reason(error) }
}

/// Why there was no usable answer, without the node's address.
pub fn reason(error: &ClientError) -> String {
    match error.kind() {
        ErrorKind::Reqwest(error) if error.is_timeout() => "the node did not answer in time".to_owned(),
        ErrorKind::Reqwest(error) if error.is_connect() => "the node cannot be reached".to_owned(),
        ErrorKind::Reqwest(error) => match error.status() {
            Some(status) => format!("the node answered with {status}"),
            None => "the node's answer broke off".to_owned(),
        },
        ErrorKind::RpcError(RpcError::RpcResponseError { code, message, .. }) => {
            format!("the node refused: {message} ({code})")
        }
        ErrorKind::SerdeJson(_) => "the node's answer is not what was asked for".to_owned(),
        _ => "the request to the node failed".to_owned(),
    }
}

/// Whether a transaction that was refused so may be on the chain all the same. A request that was repeated on
/// its way is refused as known already, or by a node that lags behind the one that took the first copy: its
/// blockhash is not known there yet.
pub fn may_have_landed(refusal: &LedgerError) -> bool {
    match refusal {
        LedgerError::AlreadyProcessed { .. }
        | LedgerError::BlockhashExpired
        | LedgerError::Unavailable { .. } => true,
        LedgerError::Program { .. }
        | LedgerError::Instruction { .. }
        | LedgerError::BadSignature
        | LedgerError::FeePayerEmpty
        | LedgerError::Refused { .. }
        | LedgerError::Halted { .. } => false,
    }
}

/// Why the node did not take a transaction.
pub fn decode_refusal(transaction: &Transaction, error: &ClientError) -> LedgerError {
    let Some(reason) = error.get_transaction_error() else { return unavailable(error) };
    let logs = match error.kind() {
        ErrorKind::RpcError(RpcError::RpcResponseError {
            data: RpcResponseErrorData::SendTransactionPreflightFailure(simulated),
            ..
        }) => simulated.logs.clone().unwrap_or_default(),
        _ => Vec::new(),
    };
    match reason {
        TransactionError::AlreadyProcessed => match transaction.signatures.first() {
            Some(signature) => LedgerError::AlreadyProcessed { signature: *signature },
            None => LedgerError::BadSignature,
        },
        TransactionError::BlockhashNotFound => LedgerError::BlockhashExpired,
        reason => decode_error(transaction, reason, logs),
    }
}
