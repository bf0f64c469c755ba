//! Methods about the node and its clock.

use obscura_client::ledger::Ledger;
use serde_json::{Value, json};
use solana_sdk::rent::Rent;

use super::Chain;
use super::failure::Failure;
use super::parameters::Parameters;

/// The generation of Solana's runtime that this chain runs.
const RUNTIME_VERSION: &str = "3.1.14";
/// As on the clusters.
const SLOTS_PER_EPOCH: u64 = 432_000;
/// The largest account there can be.
const MAX_ACCOUNT_BYTES: usize = 10 * 1024 * 1024;

/// What every answer about state says it was read at.
pub async fn context(chain: &Chain) -> Result<Value, Failure> {
    Ok(json!({ "slot": chain.clock().await?.slot, "apiVersion": RUNTIME_VERSION }))
}

/// A chain that has stopped says why.
pub async fn get_health(chain: &Chain) -> Result<Value, Failure> {
    chain.clock().await?;
    Ok(json!("ok"))
}

pub fn get_version() -> Result<Value, Failure> {
    Ok(json!({ "solana-core": RUNTIME_VERSION, "feature-set": null }))
}

pub async fn get_genesis_hash(chain: &Chain) -> Result<Value, Failure> {
    Ok(json!(chain.genesis_hash().await?.to_string()))
}

/// No slot is skipped here, so it is the block's height too.
pub async fn get_slot(chain: &Chain) -> Result<Value, Failure> {
    Ok(json!(chain.clock().await?.slot))
}

pub async fn get_block_time(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let slot: u64 = parameters.required("the slot")?;
    if slot > chain.clock().await?.slot {
        return Ok(Value::Null);
    }
    Ok(json!(chain.time_of_slot(slot).await?))
}

pub async fn get_epoch_info(chain: &Chain) -> Result<Value, Failure> {
    let slot = chain.clock().await?.slot;
    Ok(json!({
        "absoluteSlot": slot,
        "blockHeight": slot,
        "epoch": slot / SLOTS_PER_EPOCH,
        "slotIndex": slot % SLOTS_PER_EPOCH,
        "slotsInEpoch": SLOTS_PER_EPOCH,
        "transactionCount": null,
    }))
}

pub fn get_minimum_balance(mut parameters: Parameters) -> Result<Value, Failure> {
    let bytes: usize = parameters.required("the number of bytes")?;
    if bytes > MAX_ACCOUNT_BYTES {
        return Err(Failure::invalid_params(format!("an account has at most {MAX_ACCOUNT_BYTES} bytes")));
    }
    Ok(json!(Rent::default().minimum_balance(bytes)))
}
