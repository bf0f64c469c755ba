//! `obscura verify`: checks a receipt without a network, and says what was proven.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use obscura_client::receipt::{OrderSide, Outcome, Receipt, Verified};
use serde_json::{Value, json};

use crate::output;

const EXAMPLES: &str = "Examples:
  Get the receipt of an order whose batch is cleared, and check it:
    curl -sS \"$POOL/v1/receipts/$ORDER_ID\" -H \"Authorization: Bearer $API_KEY\" > receipt.json
    obscura verify receipt.json
  The same in one go, for a program:
    curl -sS \"$POOL/v1/receipts/$ORDER_ID\" -H \"Authorization: Bearer $API_KEY\" | obscura verify - --json
  Only if it was proven under the key that you trust (its fingerprint is on chain):
    obscura verify receipt.json --key 0a1b…

Exits with 0 if everything in the receipt follows from the proof, with 1 if anything does not.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The receipt, as GET /v1/receipts/{orderId} gives it; `-` is standard input.
    receipt: PathBuf,

    /// Fingerprint of the verifying key that it has to be proven under, 64 hex digits.
    #[arg(long, value_name = "HEX")]
    key: Option<String>,

    /// Print one JSON document: valid, and what was proven or what is wrong.
    #[arg(long)]
    json: bool,
}

/// The receipt does not hold.
const INVALID: u8 = 1;

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { receipt, key, json } = arguments;
    let trusted = key.map(|text| fingerprint(&text)).transpose()?;
    let text = text_of(&receipt)?;
    let receipt =
        Receipt::from_json(&text).with_context(|| format!("{} is no receipt", receipt.display()))?;
    let outcome = receipt.verify().map_err(|error| error.to_string()).and_then(|verified| match trusted {
        Some(trusted) if trusted != verified.fingerprint => Err(format!(
            "verifyingKey: it is proven under the key {}, not under {}",
            hex::encode(verified.fingerprint),
            hex::encode(trusted)
        )),
        _ => Ok(verified),
    });
    let (text, code) = match &outcome {
        Ok(verified) if json => (document(verified).to_string(), ExitCode::SUCCESS),
        Ok(verified) => (format!("valid: {verified}"), ExitCode::SUCCESS),
        Err(reason) if json => {
            (json!({ "valid": false, "message": reason }).to_string(), ExitCode::from(INVALID))
        }
        Err(reason) => (format!("invalid: {reason}"), ExitCode::from(INVALID)),
    };
    output::line(&text)?;
    Ok(code)
}

fn fingerprint(text: &str) -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex::decode_to_slice(text, &mut bytes).is_err() {
        bail!("--key: a fingerprint is 64 hex digits");
    }
    Ok(bytes)
}

fn text_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).context("cannot read standard input")?;
        return Ok(text);
    }
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn document(verified: &Verified) -> Value {
    let Verified {
        gpu_type,
        batch_index,
        batch,
        orders,
        order_index,
        commit_hash,
        side,
        outcome,
        price_micro,
        leases,
        gpus,
        amount_micro,
        fingerprint,
        size,
        development_key,
    } = verified;
    let side = match side {
        OrderSide::Bid => "bid",
        OrderSide::Ask => "ask",
    };
    let outcome = match outcome {
        Outcome::NotIncluded => "notIncluded",
        Outcome::Unfilled => "unfilled",
        Outcome::Filled => "filled",
    };
    json!({
        "valid": true,
        "message": verified.to_string(),
        "gpuType": gpu_type,
        "batchIndex": batch_index,
        "batch": batch.to_string(),
        "orders": orders,
        "orderIndex": order_index,
        "commitHash": hex::encode(commit_hash),
        "side": side,
        "outcome": outcome,
        "priceMicro": price_micro,
        "leases": leases,
        "gpus": gpus,
        "amountMicro": amount_micro,
        "key": hex::encode(fingerprint),
        "size": size,
        "developmentKey": development_key,
    })
}
