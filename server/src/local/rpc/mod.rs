//! The local chain as a Solana node: JSON-RPC 2.0 over HTTP at `/rpc`, so that the command line, the SDK's
//! ledger over JSON-RPC and any Solana tool have one code path everywhere.
//!
//! What has landed here is final at once, so every commitment gets the same answer. Loopback only and without
//! an API key, as a test validator: must never be mounted where others can reach it, nor over a chain on which
//! money is worth anything.

mod account_queries;
mod envelope;
mod failure;
mod guard;
mod history;
mod node;
mod parameters;
mod program_accounts;
mod transactions;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use obscura_client::ledger::local::LocalLedger;
use serde_json::Value;

use crate::http::bound_body;
use failure::Failure;
use parameters::Parameters;

/// The node's answers come from here.
type Chain = Arc<LocalLedger>;

/// A router that answers `/rpc`.
pub fn router(chain: Chain) -> Router {
    Router::new()
        .route("/rpc", post(answer))
        .layer(middleware::from_fn(bound_body))
        .layer(middleware::from_fn(guard::require_this_machine))
        .with_state(chain)
}

/// 200 whatever comes of it, as JSON-RPC has it; nothing for what wants no answer.
async fn answer(State(chain): State<Chain>, body: Bytes) -> Response {
    match envelope::answer(&chain, &body).await {
        Some(answer) => ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Every method that this node knows.
async fn call(chain: &Chain, method: &str, parameters: Parameters) -> Result<Value, Failure> {
    match method {
        "getHealth" => node::get_health(chain).await,
        "getVersion" => node::get_version(),
        "getGenesisHash" => node::get_genesis_hash(chain).await,
        "getSlot" | "getBlockHeight" => node::get_slot(chain).await,
        "getBlockTime" => node::get_block_time(chain, parameters).await,
        "getEpochInfo" => node::get_epoch_info(chain).await,
        "getMinimumBalanceForRentExemption" => node::get_minimum_balance(parameters),
        "getRecentPrioritizationFees" => Ok(Value::Array(Vec::new())),
        "getAccountInfo" => account_queries::get_account_info(chain, parameters).await,
        "getMultipleAccounts" => account_queries::get_multiple_accounts(chain, parameters).await,
        "getBalance" => account_queries::get_balance(chain, parameters).await,
        "getTokenAccountBalance" => account_queries::get_token_account_balance(chain, parameters).await,
        "getProgramAccounts" => program_accounts::get_program_accounts(chain, parameters).await,
        "getLatestBlockhash" => transactions::get_latest_blockhash(chain).await,
        "isBlockhashValid" => transactions::is_blockhash_valid(chain, parameters).await,
        "getFeeForMessage" => transactions::get_fee_for_message(chain, parameters).await,
        "sendTransaction" => transactions::send_transaction(chain, parameters).await,
        "simulateTransaction" => transactions::simulate_transaction(chain, parameters).await,
        "requestAirdrop" => transactions::request_airdrop(chain, parameters).await,
        "getSignatureStatuses" => history::get_signature_statuses(chain, parameters).await,
        "getTransaction" => history::get_transaction(chain, parameters).await,
        unknown => Err(Failure::method_not_found(unknown)),
    }
}
