//! What a node refuses: final at once, or only after a look at whether the transaction landed all the same.

use obscura_client::ledger::rpc::{RpcLedger, RpcOptions};
use obscura_client::ledger::{Landed, Ledger, LedgerError};
use serde_json::{Value, json};
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;

use crate::behaviour::signed_payment;
use crate::scripted_node::{Answer, ScriptedNode, at_a_slot};

/// JSON-RPC code of a transaction that fails where the node tries it out.
const PREFLIGHT_FAILURE: i64 = -32002;

fn preflight_failure(error: &Value) -> Value {
    let data = json!({ "err": error, "logs": ["Program log: no"] });
    json!({ "code": PREFLIGHT_FAILURE, "message": "Transaction simulation failed", "data": data })
}

/// Sends to a node that refuses, and that knows of the transaction from the `seen`th look on. Gives the
/// outcome, and how often the node was looked at.
async fn sent(refusal: Value, seen: usize) -> (Result<Landed, LedgerError>, usize) {
    let node = ScriptedNode::start(move |method, asked| match method {
        "sendTransaction" => Answer::Refusal(refusal.clone()),
        "getSignatureStatuses" if asked.times("getSignatureStatuses") < seen => at_a_slot(json!([null])),
        "getSignatureStatuses" => at_a_slot(json!([{
            "slot": 7, "confirmations": null, "err": null, "status": { "Ok": null },
            "confirmationStatus": "finalized",
        }])),
        "isBlockhashValid" => at_a_slot(json!(true)),
        "getTransaction" => Answer::Result(json!({
            "slot": 7, "blockTime": null, "version": "legacy", "transaction": ["", "base64"], "meta": null,
        })),
        other => panic!("{other}"),
    })
    .await;
    let transaction = signed_payment(&Keypair::new(), &Pubkey::new_unique(), Hash::default());
    let outcome = RpcLedger::new(RpcOptions::new(&node.url)).send(&transaction).await;
    (outcome, node.asked.times("getSignatureStatuses"))
}

/// One look before it is sent, and none after.
#[tokio::test]
async fn a_refusal_that_settles_the_matter_is_reported_at_once() {
    for error in [
        json!({ "InstructionError": [0, { "Custom": 1 }] }),
        json!({ "InstructionError": [0, "InvalidArgument"] }),
        json!("SignatureFailure"),
        json!("AccountNotFound"),
        json!("AccountInUse"),
    ] {
        let (outcome, looks) = sent(preflight_failure(&error), usize::MAX).await;
        assert!(outcome.is_err() && looks == 1, "{error}: {outcome:?} after {looks} looks");
    }
}

#[tokio::test]
async fn a_refusal_that_leaves_it_open_is_reported_after_some_looks() {
    let garbled = json!({ "code": -32603, "message": "internal error" });
    for refusal in [
        preflight_failure(&json!("AlreadyProcessed")),
        preflight_failure(&json!("BlockhashNotFound")),
        garbled,
    ] {
        let (outcome, looks) = sent(refusal.clone(), usize::MAX).await;
        assert!(outcome.is_err() && looks > 2, "{refusal}: {outcome:?} after {looks} looks");
    }
}

#[tokio::test]
async fn a_transaction_that_is_refused_as_known_or_expired_and_then_seen_has_landed() {
    for error in ["AlreadyProcessed", "BlockhashNotFound"] {
        let (outcome, _) = sent(preflight_failure(&json!(error)), 3).await;
        assert_eq!(outcome.map(|landed| landed.slot), Ok(7), "{error}");
    }
}
