//! Methods about transactions that have landed.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use obscura_client::ledger::local::TransactionRecord;
use serde_json::{Value, json};
use solana_rpc_client_api::config::RpcTransactionConfig;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::Transaction;
use solana_transaction_status_client_types::UiTransactionEncoding;

use super::Chain;
use super::failure::Failure;
use super::node::context;
use super::parameters::{Parameters, parse};

/// As Solana's nodes have it.
const MAX_SIGNATURES: usize = 256;

/// What lands here lands for good and only if it succeeds: every status is the same but for its slot.
pub async fn get_signature_statuses(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let signatures: Vec<String> = parameters.required("the list of signatures")?;
    if signatures.len() > MAX_SIGNATURES {
        return Err(Failure::invalid_params(format!("at most {MAX_SIGNATURES} signatures at a time")));
    }
    let mut statuses = Vec::with_capacity(signatures.len());
    for signature in signatures {
        let signature: Signature = parse(&signature, "a signature")?;
        let landed = chain.transaction(&signature).await?;
        statuses.push(landed.map_or(Value::Null, |record| {
            json!({
                "slot": record.slot,
                "confirmations": null,
                "status": { "Ok": null },
                "err": null,
                "confirmationStatus": "finalized",
            })
        }));
    }
    Ok(json!({ "context": context(chain).await?, "value": statuses }))
}

pub async fn get_transaction(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let signature: Signature = parameters.base58("the signature")?;
    let config = configuration(parameters.optional("the configuration")?)?;
    let Some(record) = chain.transaction(&signature).await? else { return Ok(Value::Null) };
    let TransactionRecord { signature, slot, unix_seconds, compute_units, fee, logs, transaction } = record;
    Ok(json!({
        "slot": slot,
        "blockTime": unix_seconds,
        "transaction": encoded(&signature, transaction, config.encoding)?,
        "meta": {
            "err": null,
            "status": { "Ok": null },
            "fee": fee,
            "preBalances": [],
            "postBalances": [],
            "innerInstructions": null,
            "logMessages": logs,
            "preTokenBalances": null,
            "postTokenBalances": null,
            "rewards": null,
            "computeUnitsConsumed": compute_units,
        },
        "version": "legacy",
    }))
}

/// The configuration, or as it once was the encoding alone.
fn configuration(value: Value) -> Result<RpcTransactionConfig, Failure> {
    let named = |error: serde_json::Error| {
        Failure::invalid_params(format!("the configuration is not valid: {error}"))
    };
    match value {
        Value::Null => Ok(RpcTransactionConfig::default()),
        Value::String(_) => {
            let encoding = serde_json::from_value(value).map_err(named)?;
            Ok(RpcTransactionConfig { encoding: Some(encoding), ..RpcTransactionConfig::default() })
        }
        value => serde_json::from_value(value).map_err(named),
    }
}

fn encoded(
    signature: &Signature,
    transaction: Option<Transaction>,
    encoding: Option<UiTransactionEncoding>,
) -> Result<Value, Failure> {
    // Lamports out of nothing: no instruction made them.
    let transaction =
        transaction.unwrap_or_else(|| Transaction { signatures: vec![*signature], ..Transaction::default() });
    let bytes =
        || bincode::serialize(&transaction).map_err(|_| Failure::invalid_params("it does not encode"));
    match encoding.unwrap_or(UiTransactionEncoding::Json) {
        UiTransactionEncoding::Base64 => Ok(json!([BASE64_STANDARD.encode(bytes()?), "base64"])),
        UiTransactionEncoding::Base58 => Ok(json!([bs58::encode(bytes()?).into_string(), "base58"])),
        UiTransactionEncoding::Binary => Ok(json!(bs58::encode(bytes()?).into_string())),
        UiTransactionEncoding::Json | UiTransactionEncoding::JsonParsed => Ok(as_json(&transaction)),
    }
}

fn as_json(transaction: &Transaction) -> Value {
    let message = &transaction.message;
    let instructions = message.instructions.iter().map(|instruction| {
        json!({
            "programIdIndex": instruction.program_id_index,
            "accounts": instruction.accounts,
            "data": bs58::encode(&instruction.data).into_string(),
            "stackHeight": null,
        })
    });
    json!({
        "signatures": transaction.signatures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "message": {
            "header": {
                "numRequiredSignatures": message.header.num_required_signatures,
                "numReadonlySignedAccounts": message.header.num_readonly_signed_accounts,
                "numReadonlyUnsignedAccounts": message.header.num_readonly_unsigned_accounts,
            },
            "accountKeys": message.account_keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "recentBlockhash": message.recent_blockhash.to_string(),
            "instructions": instructions.collect::<Vec<_>>(),
        },
    })
}
