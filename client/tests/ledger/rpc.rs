//! The ledger over JSON-RPC, against a real node, and through faults between the two.

use std::sync::atomic::Ordering;
use std::time::Duration;

use obscura_client::ledger::rpc::{RpcLedger, RpcOptions};
use obscura_client::ledger::{Ledger, LedgerError};
use obscura_client::transactions::Submission;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};

use crate::behaviour::{self, PAYMENT, balance, payment, signed_payment};
use crate::fault_proxy::{Fault, FaultProxy};
use crate::localnet::Localnet;

const FUNDS: u64 = 5_000_000_000;

async fn funded(ledger: &RpcLedger) -> Keypair {
    let payer = Keypair::new();
    ledger.airdrop(&payer.pubkey(), FUNDS).await.unwrap();
    payer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_behaves_as_every_ledger_does() {
    let Some(node) = Localnet::start("a_node_behaves_as_every_ledger_does") else { return };
    let ledger = RpcLedger::new(RpcOptions::new(node.url()));
    let payer = funded(&ledger).await;
    behaviour::all(&ledger, &payer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nodes_clock_moves_and_its_missing_program_is_named() {
    let Some(node) = Localnet::start("the_nodes_clock_moves_and_its_missing_program_is_named") else {
        return;
    };
    let ledger = RpcLedger::new(RpcOptions::new(node.url()));
    let first = ledger.clock().await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let second = ledger.clock().await.unwrap();
    assert!(second.slot > first.slot, "{first:?} {second:?}");
    let Err(LedgerError::Unavailable { reason }) = ledger.check().await else {
        panic!("no program is there")
    };
    assert!(reason.contains("is not deployed"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_priority_fee_is_paid_on_top() {
    let Some(node) = Localnet::start("a_priority_fee_is_paid_on_top") else { return };
    let plain = RpcLedger::new(RpcOptions::new(node.url()));
    let payer = funded(&plain).await;
    let urgent = RpcLedger::new(RpcOptions { compute_unit_price: 1_000_000, ..RpcOptions::new(node.url()) });
    let mut paid = Vec::new();
    for ledger in [&plain, &urgent] {
        let before = balance(ledger, &payer.pubkey()).await;
        Submission::new(&payer, [payment(&payer, &Pubkey::new_unique())]).send(ledger).await.unwrap();
        paid.push(before - balance(ledger, &payer.pubkey()).await - PAYMENT);
    }
    assert!(paid[1] > paid[0], "{paid:?}");
}

/// Whatever is lost or repeated on the way, the payment lands, once.
#[tokio::test(flavor = "multi_thread")]
async fn through_every_fault_a_payment_lands_once() {
    let Some(node) = Localnet::start("through_every_fault_a_payment_lands_once") else { return };
    let payer = funded(&RpcLedger::new(RpcOptions::new(node.url()))).await;
    let faults = [Fault::Swallowed(2), Fault::Unanswered(1), Fault::Repeated, Fault::Away(3)];
    for fault in faults {
        let proxy = FaultProxy::start(&node.url(), fault).await;
        let ledger = RpcLedger::new(RpcOptions::new(proxy.url.clone()));
        let to = Pubkey::new_unique();
        let landed = Submission::new(&payer, [payment(&payer, &to)]).send(&ledger).await;
        assert!(landed.is_ok(), "{fault:?}: {landed:?}");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(balance(&ledger, &to).await, PAYMENT, "{fault:?}");
        let sent = proxy.sent.load(Ordering::SeqCst);
        assert!(sent >= if matches!(fault, Fault::Swallowed(_)) { 3 } else { 1 }, "{fault:?}: {sent}");
    }
}

/// A sender that dies with its connection leaves a payment that was made or was not, and never half of one.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_at_a_payment_leaves_it_whole_or_not_there() {
    let test = "a_connection_cut_at_a_payment_leaves_it_whole_or_not_there";
    let Some(node) = Localnet::start(test) else { return };
    let direct = RpcLedger::new(RpcOptions::new(node.url()));
    let payer = funded(&direct).await;
    for (fault, paid) in [(Fault::CutBefore(0), 0), (Fault::CutAfter(0), PAYMENT)] {
        let proxy = FaultProxy::start(&node.url(), fault).await;
        let ledger = RpcLedger::new(RpcOptions::new(proxy.url.clone()));
        let to = Pubkey::new_unique();
        let payments = [payment(&payer, &to)];
        let sending = Submission::new(&payer, payments);
        let outcome = tokio::time::timeout(Duration::from_secs(4), sending.send(&ledger)).await;
        assert!(!matches!(outcome, Ok(Ok(_))) && proxy.cut.load(Ordering::SeqCst), "{fault:?}: {outcome:?}");
        assert_eq!(balance(&direct, &to).await, paid, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_away_is_named_and_used_again_when_it_is_back() {
    let test = "a_node_that_is_away_is_named_and_used_again_when_it_is_back";
    let Some(mut node) = Localnet::start(test) else { return };
    let ledger = RpcLedger::new(RpcOptions::new(node.url()));
    let payer = funded(&ledger).await;
    let signed = signed_payment(&payer, &Pubkey::new_unique(), ledger.latest_blockhash().await.unwrap());
    node.kill();
    let Err(LedgerError::Unavailable { reason }) = ledger.clock().await else { panic!("the node is away") };
    assert!(reason.contains("cannot be reached"), "{reason}");
    assert!(matches!(ledger.send(&signed).await, Err(LedgerError::Unavailable { .. })));
    node.start_again();
    let payer = funded(&ledger).await;
    behaviour::a_payment_moves_money_and_reports_what_it_used(&ledger, &payer).await;
    // The other chain knows neither the old blockhash nor the old payer.
    let old = ledger.send(&signed).await;
    assert!(matches!(old, Err(LedgerError::BlockhashExpired | LedgerError::FeePayerEmpty)), "{old:?}");
}
