//! What would happen, on both ledgers: the same answer as the transaction itself, and no trace.

use obscura_client::ledger::rpc::{RpcLedger, RpcOptions};
use obscura_client::ledger::{Ledger, LedgerError};
use obscura_client::transactions::Submission;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};

use crate::behaviour::{PAYMENT, balance, payment};
use crate::localnet::Localnet;

const FUNDS: u64 = 5_000_000_000;

async fn it_shows_the_accounts_as_they_would_be_and_changes_none(ledger: &dyn Ledger, payer: &Keypair) {
    let to = Pubkey::new_unique();
    let before = balance(ledger, &payer.pubkey()).await;
    let submission = Submission::new(payer, [payment(payer, &to)]);
    assert!(submission.writable().contains(&to));
    let nobody = Pubkey::new_unique();
    let simulated = submission.simulate(ledger, &[to, payer.pubkey(), nobody]).await.unwrap();
    assert_eq!(simulated.refusal, None);
    assert!(simulated.compute_units > 0 && !simulated.logs.is_empty());
    let shown: Vec<Option<u64>> = simulated
        .accounts
        .iter()
        .map(|(_, account)| account.as_ref().map(|account| account.lamports))
        .collect();
    assert_eq!((shown[0], shown[2]), (Some(PAYMENT), None));
    assert!(shown[1].unwrap() < before - PAYMENT, "the payment and the fee are gone");
    assert_eq!(balance(ledger, &to).await, 0);
    assert_eq!(balance(ledger, &payer.pubkey()).await, before);
}

async fn it_says_why_a_transaction_would_be_refused(ledger: &dyn Ledger, payer: &Keypair) {
    let step = anchor_lang::solana_program::system_instruction::transfer(
        &payer.pubkey(),
        &Pubkey::new_unique(),
        u64::MAX / 2,
    );
    let simulated = Submission::new(payer, [step]).simulate(ledger, &[payer.pubkey()]).await.unwrap();
    assert!(matches!(simulated.refusal, Some(LedgerError::Program { instruction: 0, .. })), "{simulated:?}");
    assert!(simulated.accounts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_shows_what_would_happen() {
    let Some(node) = Localnet::start("a_node_shows_what_would_happen") else { return };
    let ledger = RpcLedger::new(RpcOptions::new(node.url()));
    let payer = Keypair::new();
    ledger.airdrop(&payer.pubkey(), FUNDS).await.unwrap();
    it_shows_the_accounts_as_they_would_be_and_changes_none(&ledger, &payer).await;
    it_says_why_a_transaction_would_be_refused(&ledger, &payer).await;
}

#[cfg(feature = "embedded")]
#[tokio::test]
async fn the_local_ledger_shows_what_would_happen() {
    use obscura_client::ledger::local::{ClockSource, LocalLedger, ManualClock};
    let directory = tempfile::tempdir().unwrap();
    let clock = ClockSource::Manual(ManualClock::starting_at(1_800_000_000));
    let ledger = LocalLedger::open(directory.path(), clock).await.unwrap();
    let payer = Keypair::new();
    ledger.airdrop(&payer.pubkey(), FUNDS).await.unwrap();
    it_shows_the_accounts_as_they_would_be_and_changes_none(&ledger, &payer).await;
    it_says_why_a_transaction_would_be_refused(&ledger, &payer).await;
}
