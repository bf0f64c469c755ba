//! The local chain as a Solana node: what the SDK's ledger, Solana's own client and a script get of it.

use obscura_client::instructions::authority::set_paused;
use obscura_client::ledger::rpc::{RpcLedger, RpcOptions};
use obscura_client::ledger::{Ledger, LedgerError};
use obscura_client::transactions::Submission;
use obscura_client::{address, idl};
use reqwest::StatusCode;
use serde_json::{Value, json};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};

use crate::harness::TestPool;

#[path = "../../../client/tests/ledger/behaviour.rs"]
mod behaviour;

use behaviour::{PAYMENT, balance, payment, signed_payment};

const FUNDS: u64 = 5_000_000_000;

fn over_json_rpc(pool: &TestPool) -> RpcLedger {
    RpcLedger::new(RpcOptions::new(pool.rpc_url()))
}

async fn funded(ledger: &RpcLedger) -> Keypair {
    let payer = Keypair::new();
    ledger.airdrop(&payer.pubkey(), FUNDS).await.unwrap();
    payer
}

async fn ask(pool: &TestPool, body: &Value) -> Value {
    let answer = reqwest::Client::new().post(pool.rpc_url()).body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

/// The result of a method, or its error.
async fn call(pool: &TestPool, method: &str, params: Value) -> Result<Value, Value> {
    let answer = ask(pool, &json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params })).await;
    assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(7)));
    match answer.get("error") {
        Some(error) => Err(error.clone()),
        None => Ok(answer["result"].clone()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_node_face_the_chain_behaves_as_every_ledger_does() {
    let pool = TestPool::start().await;
    let ledger = over_json_rpc(&pool);
    ledger.check().await.unwrap();
    let payer = funded(&ledger).await;
    behaviour::all(&ledger, &payer).await;
    assert_eq!(ledger.clock().await, pool.ledger().clock().await);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_programs_refusals_and_accounts_are_the_same_on_both_ways_to_the_chain() {
    let pool = TestPool::start().await;
    let ledger = over_json_rpc(&pool);
    let stranger = funded(&ledger).await;
    let step = || Submission::new(&stranger, [set_paused(stranger.pubkey(), true)]);
    let (near, far) = (step().send(pool.ledger()).await, step().send(&ledger).await);
    assert!(matches!(near, Err(LedgerError::Program { .. })), "{near:?}");
    assert_eq!(near, far);
    for filters in [vec![], vec![obscura_client::ledger::MemcmpFilter::new(8, [1u8])]] {
        let near = pool.ledger().program_accounts(&filters).await.unwrap();
        assert_eq!(near, ledger.program_accounts(&filters).await.unwrap());
    }
    assert!(pool.ledger().program_accounts(&[]).await.unwrap().len() > 10);
    assert_eq!(ledger.account(&Pubkey::new_unique()).await, Ok(None));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_landed_is_known_after_a_restart_too() {
    let mut pool = TestPool::start().await;
    let ledger = over_json_rpc(&pool);
    let payer = funded(&ledger).await;
    let to = Pubkey::new_unique();
    let signed = signed_payment(&payer, &to, ledger.latest_blockhash().await.unwrap());
    let landed = ledger.send(&signed).await.unwrap();
    pool = pool.restart().await;
    let again = over_json_rpc(&pool).send(&signed).await;
    assert_eq!(again, Err(LedgerError::AlreadyProcessed { signature: landed.signature }));
    let shown = call(&pool, "getTransaction", json!([landed.signature.to_string(), "json"])).await.unwrap();
    assert_eq!(shown["meta"]["logMessages"], json!(landed.logs));
    assert_eq!(shown["transaction"]["message"]["accountKeys"][0], payer.pubkey().to_string());
    assert_eq!(balance(pool.ledger(), &to).await, PAYMENT);
    pool.stop().await;
}

/// What the `solana` command and other tools ask through the library that they share.
#[tokio::test(flavor = "multi_thread")]
async fn solanas_own_client_finds_what_it_asks_for() {
    let pool = TestPool::start().await;
    let client = RpcClient::new(pool.rpc_url());
    client.get_health().await.unwrap();
    assert_eq!(client.get_version().await.unwrap().solana_core, "3.1.14");
    assert_eq!(client.get_genesis_hash().await.unwrap(), pool.ledger().genesis_hash().await.unwrap());
    let slot = client.get_slot().await.unwrap();
    assert_eq!(client.get_block_height().await.unwrap(), slot);
    assert_eq!(client.get_epoch_info().await.unwrap().absolute_slot, slot);
    let seconds = pool.ledger().clock().await.unwrap().unix_seconds;
    assert!((seconds - client.get_block_time(slot).await.unwrap()).abs() <= 1);

    let payer = Keypair::new();
    let airdrop = client.request_airdrop(&payer.pubkey(), FUNDS).await.unwrap();
    assert!(client.confirm_transaction(&airdrop).await.unwrap());
    assert_eq!(client.get_balance(&payer.pubkey()).await.unwrap(), FUNDS);

    let to = Pubkey::new_unique();
    let blockhash = client.get_latest_blockhash().await.unwrap();
    let signed = signed_payment(&payer, &to, blockhash);
    assert_eq!(client.get_fee_for_message(&signed.message).await.unwrap(), 5_000);
    let simulated = client.simulate_transaction(&signed).await.unwrap().value;
    assert_eq!((simulated.err, simulated.units_consumed > Some(0)), (None, true));
    assert_eq!(client.get_balance(&to).await.unwrap(), 0, "a simulation moves nothing");
    client.send_and_confirm_transaction(&signed).await.unwrap();
    assert_eq!(client.get_account(&to).await.unwrap().lamports, PAYMENT);
    let program = client.get_account(&idl::ID).await.unwrap();
    assert!(program.executable);
    let rent = client.get_minimum_balance_for_rent_exemption(0).await.unwrap();
    assert_eq!(rent, 890_880);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsigned_transaction_is_simulated_and_never_sent() {
    use base64::Engine as _;
    let pool = TestPool::start().await;
    let payer = funded(&over_json_rpc(&pool)).await;
    let mut unsigned = signed_payment(&payer, &Pubkey::new_unique(), solana_sdk::hash::Hash::default());
    unsigned.signatures[0] = solana_sdk::signature::Signature::default();
    let text = base64::engine::general_purpose::STANDARD.encode(bincode::serialize(&unsigned).unwrap());
    let asked = json!([text, { "encoding": "base64", "replaceRecentBlockhash": true,
        "accounts": { "addresses": [payer.pubkey().to_string()] } }]);
    let simulated = call(&pool, "simulateTransaction", asked).await.unwrap();
    assert_eq!(simulated["value"]["err"], Value::Null, "{simulated}");
    assert!(simulated["value"]["accounts"][0]["lamports"].as_u64().unwrap() < FUNDS - PAYMENT);
    let sent = call(&pool, "sendTransaction", json!([text, { "encoding": "base64" }])).await.unwrap_err();
    assert_eq!(sent["code"], -32002, "{sent}");
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_programs_accounts_are_found_by_what_stands_in_them() {
    let pool = TestPool::start().await;
    let settings: obscura_client::accounts::Settings = pool.on_chain(&address::settings()).await;
    let vault = address::vault(&settings.usdc_mint).to_string();
    let held = call(&pool, "getTokenAccountBalance", json!([vault])).await.unwrap();
    // Two demo accounts with 1,000 USDC each.
    assert_eq!(held["value"]["uiAmountString"], "2000");
    let of_mint = json!({ "encoding": "base64", "filters": [
        { "dataSize": 165 }, { "memcmp": { "offset": 0, "bytes": settings.usdc_mint.to_string() } }] });
    let program = spl_token_interface::ID.to_string();
    let found = call(&pool, "getProgramAccounts", json!([program, of_mint])).await.unwrap();
    assert!(found.as_array().unwrap().iter().any(|account| account["pubkey"] == vault), "{found}");
    let none = json!({ "encoding": "base64", "filters": [{ "dataSize": 164 }] });
    assert_eq!(call(&pool, "getProgramAccounts", json!([program, none])).await, Ok(json!([])));
    let parsed = call(&pool, "getAccountInfo", json!([vault, { "encoding": "jsonParsed" }])).await.unwrap();
    assert_eq!(parsed["value"]["owner"], program);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_answered_as_json_rpc_has_it() {
    let pool = TestPool::start().await;
    let code = |answer: &Value| answer["error"]["code"].as_i64();
    let several = json!([
        { "jsonrpc": "2.0", "id": "a", "method": "getHealth" },
        { "jsonrpc": "2.0", "method": "getHealth" },
        { "jsonrpc": "2.0", "id": null, "method": "getHealths" },
        7,
    ]);
    let answers = ask(&pool, &several).await;
    assert_eq!(answers[0], json!({ "jsonrpc": "2.0", "id": "a", "result": "ok" }));
    assert_eq!((code(&answers[1]), code(&answers[2])), (Some(-32601), Some(-32600)));
    assert_eq!(answers.as_array().unwrap().len(), 3, "what has no id gets no answer");
    assert_eq!(code(&ask(&pool, &json!([])).await), Some(-32600));
    assert_eq!(code(&ask(&pool, &json!({ "id": 1, "method": "getHealth" })).await), Some(-32600));
    for (method, params) in [
        ("getBalance", json!([])),
        ("getBalance", json!(["no address"])),
        ("getBalance", json!({ "address": 1 })),
        ("sendTransaction", json!(["AAAA", { "encoding": "base64" }])),
        ("sendTransaction", json!(["A".repeat(5_000)])),
        ("getMultipleAccounts", json!([vec![Pubkey::default().to_string(); 101]])),
        ("requestAirdrop", json!([Pubkey::default().to_string(), u64::MAX])),
        ("getProgramAccounts", json!([idl::ID.to_string(), { "filters": [{ "memcmp": {} }] }])),
        ("getSignatureStatuses", json!([["1"]])),
        ("getBlockTime", json!([-1])),
        ("getMinimumBalanceForRentExemption", json!([u64::MAX])),
    ] {
        let error = call(&pool, method, params.clone()).await.unwrap_err();
        assert_eq!(error["code"], -32602, "{method} {params}: {error}");
    }
    assert_eq!(call(&pool, "getBlockTime", json!([u64::MAX])).await, Ok(Value::Null));
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_and_bodies_without_end_are_refused() {
    let pool = TestPool::start().await;
    let post = || reqwest::Client::new().post(pool.rpc_url());
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "getHealth" }).to_string();
    for (header, value) in [("Origin", "https://evil.example"), ("Host", "evil.example")] {
        let refused = post().header(header, value).body(request.clone()).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{header}");
    }
    let large = post().body(" ".repeat(100_000)).send().await.unwrap();
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let broken = post().body("{").send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(broken["error"]["code"], -32700);
    let payer = funded(&over_json_rpc(&pool)).await;
    let paid = Submission::new(&payer, [payment(&payer, &Pubkey::new_unique())]);
    assert!(paid.send(&over_json_rpc(&pool)).await.is_ok());
    pool.stop().await;
}
