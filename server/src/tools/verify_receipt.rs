//! `verify-receipt`: checks what the clearing made of an order, where this tool runs.
//!
//! Over a remote pool with a local vault that is the caller's own machine, and nobody's word is taken.
//! Run by the pool itself it explains; whoever doubts the pool checks the receipt with `obscura verify`.

use std::sync::LazyLock;

use obscura_client::receipt::{Receipt, Verified};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::arguments::InputContract;
use super::{Annotations, Audience, Desk, ToolDefinition, schema};
use crate::service::{Caller, NextAction, ReceiptInput, ServiceError, VerifiedView, VerifyInput};

pub const NAME: &str = "verify-receipt";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<VerifyInput>(NAME, "GET /v1/receipts/{orderId}"));

/// Checks at once.
static TURNS: Semaphore = Semaphore::const_new(2);

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "Check an order's receipt",
        description: "Checks the zero-knowledge proof, the Merkle paths and the arithmetic of an order's receipt, \
                      and says in a sentence what was proven. There once the batch is cleared.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<VerifiedView>(),
        annotations: Annotations::LOOK,
        audience: Audience::Everyone,
    }
}

pub async fn run(desk: Desk<'_>, caller: &Caller, arguments: Value) -> Result<VerifiedView, ServiceError> {
    let VerifyInput { order_id, key_fingerprint } = INPUT.read(arguments)?;
    let asked = ReceiptInput { order_id: desk.pool_order_id(caller, order_id.clone()).await? };
    let receipt = desk.pool.receipt(caller, asked).await?;
    // A full batch takes thousands of hashes: no work for a thread that answers requests, and no more at once
    // than leaves the machine to others.
    let _turn = TURNS.acquire().await.map_err(|_| ServiceError::Internal)?;
    let checked = tokio::task::spawn_blocking(move || check(&receipt, key_fingerprint.as_deref()));
    let outcome = checked.await.map_err(|_| ServiceError::Internal)?;
    Ok(match outcome {
        Ok(verified) => valid(order_id, &verified),
        Err(reason) => invalid(order_id, reason),
    })
}

fn check(receipt: &Receipt, trusted: Option<&str>) -> Result<Verified, String> {
    let verified = receipt.verify().map_err(|error| error.to_string())?;
    let fingerprint = hex::encode(verified.fingerprint);
    match trusted.filter(|trusted| *trusted != fingerprint) {
        Some(trusted) => Err(format!("it is proven under the key {fingerprint}, not under {trusted}")),
        None => Ok(verified),
    }
}

fn valid(order_id: String, verified: &Verified) -> VerifiedView {
    VerifiedView {
        valid: true,
        statement: verified.to_string(),
        clearing_price_micro: verified.price_micro,
        leases: u32::try_from(verified.leases).unwrap_or(u32::MAX),
        amount_micro: verified.amount_micro,
        key_fingerprint: Some(hex::encode(verified.fingerprint)),
        development_key: verified.development_key,
        next_actions: vec![NextAction::privacy_report(&order_id, "see what the order has told to whom")],
        order_id,
    }
}

fn invalid(order_id: String, reason: String) -> VerifiedView {
    VerifiedView {
        valid: false,
        statement: format!("The receipt does not hold: {reason}"),
        clearing_price_micro: None,
        leases: 0,
        amount_micro: None,
        key_fingerprint: None,
        development_key: false,
        next_actions: vec![NextAction::wait(&order_id, 0, "see what the pool says became of the order")],
        order_id,
    }
}
