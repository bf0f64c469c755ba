//! Transactions and messages as Solana's clients send them: bincode in base58 or base64.
//!
//! Strict: bytes that are left over are refused, so that no two texts are one transaction.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::DeserializeOwned;
use solana_sdk::message::{Message, VersionedMessage};
use solana_sdk::transaction::{Transaction, VersionedTransaction};
use solana_transaction_status_client_types::UiTransactionEncoding;

use super::failure::Failure;

/// What fits a packet of the network, as on the clusters.
const MAX_TRANSACTION_BYTES: usize = 1_232;
/// That in base58, which grows by less than 1.37.
const MAX_TEXT_BYTES: usize = 1_683;

/// A transaction in the encoding that was named; base58 where none was.
pub fn transaction(text: &str, encoding: Option<UiTransactionEncoding>) -> Result<Transaction, Failure> {
    let base64 = match encoding.unwrap_or(UiTransactionEncoding::Base58) {
        UiTransactionEncoding::Base64 => true,
        UiTransactionEncoding::Base58 | UiTransactionEncoding::Binary => false,
        other => {
            return Err(Failure::invalid_params(format!(
                "a transaction does not come in {other}: use base64"
            )));
        }
    };
    let versioned: VersionedTransaction = decode(text, base64, "the transaction")?;
    versioned
        .into_legacy_transaction()
        .ok_or_else(|| Failure::invalid_params("this node takes legacy transactions only, not version 0"))
}

/// A legacy message in base64.
pub fn message(text: &str) -> Result<Message, Failure> {
    match decode(text, true, "the message")? {
        VersionedMessage::Legacy(message) => Ok(message),
        _ => Err(Failure::invalid_params("this node takes legacy messages only, not version 0")),
    }
}

fn decode<T: DeserializeOwned>(text: &str, base64: bool, what: &str) -> Result<T, Failure> {
    let malformed = || Failure::invalid_params(format!("{what} does not decode"));
    if text.len() > MAX_TEXT_BYTES {
        return Err(Failure::invalid_params(format!("{what} is longer than {MAX_TRANSACTION_BYTES} bytes")));
    }
    let bytes = if base64 {
        BASE64_STANDARD.decode(text).map_err(|_| malformed())?
    } else {
        bs58::decode(text).into_vec().map_err(|_| malformed())?
    };
    if bytes.len() > MAX_TRANSACTION_BYTES {
        return Err(Failure::invalid_params(format!("{what} is longer than {MAX_TRANSACTION_BYTES} bytes")));
    }
    // Refuses bytes that are left over.
    bincode::deserialize(&bytes).map_err(|_| malformed())
}
