//! A node's address may hold an API key: it stays out of errors, out of debug output and out of the log.

use std::fmt::{Debug, Display, Write as _};
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use obscura_client::ledger::rpc::{Commitment, RpcLedger, RpcOptions};
use obscura_client::ledger::{Ledger, LedgerError};
use serde_json::json;
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::behaviour::signed_payment;
use crate::scripted_node::{Answer, ScriptedNode, at_a_slot};

const KEY: &str = "api-key-4f1d0c";
/// Nobody listens there, and no test is given this port.
const DEAD_NODE: &str = "http://127.0.0.1:1";

fn with_a_key(node: &str) -> RpcOptions {
    RpcOptions::new(format!("{node}/v2/{KEY}?token={KEY}"))
}

fn shown(error: &(impl Display + Debug)) -> String {
    format!("{error} {error:?}")
}

#[test]
fn options_are_shown_without_the_address() {
    let shown = format!("{:?} {:#?}", with_a_key("https://node"), with_a_key("https://node"));
    assert!(!shown.contains(KEY) && !shown.contains("node"), "{shown}");
    assert!(shown.contains(&format!("{:?}", Commitment::Confirmed)), "{shown}");
}

#[tokio::test]
async fn a_node_that_cannot_be_reached_is_reported_without_its_address() {
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(log.clone());
    let ledger = RpcLedger::new(with_a_key(DEAD_NODE));
    let transaction = signed_payment(&Keypair::new(), &Pubkey::new_unique(), Hash::default());
    let (clock, check, sent) = tokio::join!(ledger.clock(), ledger.check(), ledger.send(&transaction));
    for error in [clock.unwrap_err(), check.unwrap_err(), sent.unwrap_err()] {
        let shown = shown(&error);
        assert!(shown.contains("cannot be reached"), "{shown}");
        assert!(!shown.contains(KEY), "{shown}");
    }
    log.tells_without_the_key(&["asking again", "cannot be reached"]);
}

#[tokio::test]
async fn a_cluster_without_our_program_is_reported_without_the_nodes_address() {
    let node = ScriptedNode::start(|method, _| match method {
        "getHealth" => Answer::Result(json!("ok")),
        "getMultipleAccounts" => at_a_slot(json!([null])),
        other => panic!("{other}"),
    })
    .await;
    let error = RpcLedger::new(with_a_key(&node.url)).check().await.unwrap_err();
    let shown = shown(&error);
    assert!(shown.contains("is not deployed"), "{shown}");
    assert!(!shown.contains(KEY), "{shown}");
}

/// Lands a transaction whose every sending fails, and of which the node never shows what it has logged.
#[tokio::test]
async fn a_node_that_fails_while_a_transaction_lands_is_logged_without_its_address() {
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(log.clone());
    let node = ScriptedNode::start(|method, asked| match method {
        "getSignatureStatuses" if asked.times("sendTransaction") < 2 => at_a_slot(json!([null])),
        "getSignatureStatuses" => at_a_slot(json!([{
            "slot": 1, "confirmations": null, "err": null, "status": { "Ok": null },
            "confirmationStatus": "finalized",
        }])),
        "isBlockhashValid" => at_a_slot(json!(true)),
        "sendTransaction" | "getTransaction" => Answer::Status(StatusCode::BAD_GATEWAY),
        other => panic!("{other}"),
    })
    .await;
    let transaction = signed_payment(&Keypair::new(), &Pubkey::new_unique(), Hash::default());
    let landed = RpcLedger::new(with_a_key(&node.url)).send(&transaction).await.unwrap();
    assert_eq!((landed.compute_units, landed.logs.len()), (0, 0));
    log.tells_without_the_key(&["did not confirm", "sent again, not taken", "does not show", "502"]);
}

#[tokio::test]
async fn a_refusal_by_the_node_is_reported_without_its_address() {
    let node = ScriptedNode::start(|_, _| Answer::Status(StatusCode::UNAUTHORIZED)).await;
    let error = RpcLedger::new(with_a_key(&node.url)).latest_blockhash().await.unwrap_err();
    let shown = shown(&error);
    assert!(matches!(error, LedgerError::Unavailable { .. }) && shown.contains("401"), "{shown}");
    assert!(!shown.contains(KEY), "{shown}");
}

/// What the SDK logs on this thread, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn tells_without_the_key(&self, parts: &[&str]) {
        let log = self.0.lock().unwrap();
        for part in parts {
            assert!(log.contains(part), "no {part:?} in: {log}");
        }
        assert!(!log.contains(KEY), "{log}");
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("obscura")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&mut self.0.lock().unwrap()));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}: {value:?}").unwrap();
    }
}
