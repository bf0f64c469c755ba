//! Methods that take a transaction, and those that are needed to make one.

use obscura_client::ledger::local::{DryRun, Rejection};
use obscura_client::ledger::{Ledger, LedgerError};
use serde_json::{Value, json};
use solana_account_decoder::UiAccountEncoding;
use solana_rpc_client_api::config::{
    RpcAccountInfoConfig, RpcSendTransactionConfig, RpcSimulateTransactionConfig,
};
use solana_rpc_client_api::custom_error::JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE;
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::transaction::TransactionError;

use super::account_queries::shown;
use super::failure::Failure;
use super::node::context;
use super::parameters::{Parameters, parse};
use super::{Chain, wire};

/// Slots in the 150 seconds for which this chain takes a blockhash.
const BLOCKHASH_SLOTS: u64 = 375;
/// What a signature costs.
const LAMPORTS_PER_SIGNATURE: u64 = 5_000;
/// A million SOL: enough for anybody, and a hundred thousand such requests stay countable.
const MAX_AIRDROP_LAMPORTS: u64 = 1_000_000_000_000_000;
/// As Solana's nodes have it.
const MAX_SIMULATED_ACCOUNTS: usize = 64;

pub async fn get_latest_blockhash(chain: &Chain) -> Result<Value, Failure> {
    let blockhash = chain.latest_blockhash().await?.to_string();
    let last = chain.clock().await?.slot + BLOCKHASH_SLOTS;
    let value = json!({ "blockhash": blockhash, "lastValidBlockHeight": last });
    Ok(json!({ "context": context(chain).await?, "value": value }))
}

pub async fn is_blockhash_valid(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let blockhash: Hash = parameters.base58("the blockhash")?;
    let valid = chain.is_blockhash_valid(&blockhash).await?;
    Ok(json!({ "context": context(chain).await?, "value": valid }))
}

/// Null where the message's blockhash is no longer taken.
pub async fn get_fee_for_message(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let text: String = parameters.required("the message")?;
    let message = wire::message(&text)?;
    let valid = chain.is_blockhash_valid(&message.recent_blockhash).await?;
    let signatures = u64::from(message.header.num_required_signatures);
    let fee = valid.then_some(signatures * LAMPORTS_PER_SIGNATURE);
    Ok(json!({ "context": context(chain).await?, "value": fee }))
}

/// Run before it is taken, whatever the configuration says: what fails leaves no trace on this chain, and
/// costs nothing.
pub async fn send_transaction(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let text: String = parameters.required("the transaction")?;
    let config: RpcSendTransactionConfig = parameters.optional("the configuration")?;
    let transaction = wire::transaction(&text, config.encoding)?;
    match chain.submit(&transaction).await {
        Ok(landed) => Ok(json!(landed.signature.to_string())),
        // Nothing was signed at all.
        Err(Rejection::Ledger(LedgerError::BadSignature)) => {
            Err(preflight_failure(TransactionError::SignatureFailure, 0, &[]))
        }
        Err(Rejection::Ledger(error)) => Err(error.into()),
        Err(Rejection::Transaction { error, compute_units, logs }) => {
            Err(preflight_failure(error, compute_units, &logs))
        }
    }
}

pub async fn simulate_transaction(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let text: String = parameters.required("the transaction")?;
    let config: RpcSimulateTransactionConfig = parameters.optional("the configuration")?;
    if config.sig_verify && config.replace_recent_blockhash {
        let reason =
            "sigVerify and replaceRecentBlockhash exclude each other: a signature covers the blockhash";
        return Err(Failure::invalid_params(reason));
    }
    let mut transaction = wire::transaction(&text, config.encoding)?;
    let replacement = if config.replace_recent_blockhash {
        let blockhash = chain.latest_blockhash().await?;
        transaction.message.recent_blockhash = blockhash;
        let last = chain.clock().await?.slot + BLOCKHASH_SLOTS;
        Some(json!({ "blockhash": blockhash.to_string(), "lastValidBlockHeight": last }))
    } else {
        None
    };
    let mut simulated = chain.dry_run(&transaction, config.sig_verify).await?;
    if !chain.is_blockhash_valid(&transaction.message.recent_blockhash).await? {
        simulated.error = Some(TransactionError::BlockhashNotFound);
    }
    let accounts = match config.accounts {
        None => Value::Null,
        Some(asked) => {
            let encoding = asked.encoding.unwrap_or(UiAccountEncoding::Base64);
            asked_accounts(chain, &simulated, &asked.addresses, encoding).await?
        }
    };
    let DryRun { slot: _, error, compute_units, logs, accounts: _ } = simulated;
    let value = json!({
        "err": error,
        "logs": logs,
        "accounts": accounts,
        "unitsConsumed": compute_units,
        "returnData": null,
        "innerInstructions": null,
        "replacementBlockhash": replacement,
    });
    Ok(json!({ "context": context(chain).await?, "value": value }))
}

/// As they would be afterwards; those that the transaction does not touch, as they are.
async fn asked_accounts(
    chain: &Chain,
    simulated: &DryRun,
    addresses: &[String],
    encoding: UiAccountEncoding,
) -> Result<Value, Failure> {
    if addresses.len() > MAX_SIMULATED_ACCOUNTS {
        return Err(Failure::invalid_params(format!("at most {MAX_SIMULATED_ACCOUNTS} accounts")));
    }
    let config = RpcAccountInfoConfig { encoding: Some(encoding), ..RpcAccountInfoConfig::default() };
    let mut values = Vec::with_capacity(addresses.len());
    for text in addresses {
        let address: Pubkey = parse(text, "an address")?;
        let after = simulated.accounts.iter().find(|(known, _)| *known == address);
        let account = match after {
            Some((_, account)) => Some(account.clone()),
            None => chain.account(&address).await?,
        };
        let account = account.filter(|account| account.lamports > 0);
        let value = account.map(|account| shown(&address, &account, &config, encoding)).transpose()?;
        values.push(value.unwrap_or(Value::Null));
    }
    Ok(Value::Array(values))
}

/// Play money, out of nothing.
pub async fn request_airdrop(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let address = parameters.address()?;
    let lamports: u64 = parameters.required("the number of lamports")?;
    if lamports == 0 || lamports > MAX_AIRDROP_LAMPORTS {
        return Err(Failure::invalid_params(format!("ask for 1 to {MAX_AIRDROP_LAMPORTS} lamports")));
    }
    Ok(json!(chain.airdrop(&address, lamports).await?.to_string()))
}

fn preflight_failure(error: TransactionError, compute_units: u64, logs: &[String]) -> Failure {
    let message = format!("Transaction simulation failed: {error}");
    Failure::new(JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE, message).with_data(json!({
        "err": error,
        "logs": logs,
        "accounts": null,
        "unitsConsumed": compute_units,
        "returnData": null,
        "innerInstructions": null,
        "replacementBlockhash": null,
    }))
}
