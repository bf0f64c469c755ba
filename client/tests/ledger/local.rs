//! The in-process chain: the common behaviour, then clock, disk and lock.

use std::path::Path;

use obscura_client::ledger::local::{ClockSource, LocalLedger, LockError, ManualClock, OpenError};
use obscura_client::ledger::{ChainClock, Ledger, LedgerError};
use obscura_client::transactions::Submission;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};
use sqlx::Connection;
use tempfile::TempDir;

use super::behaviour::{self, PAYMENT, balance, payment, signed_payment};

const NOW: i64 = 1_800_000_000;
const SOL: u64 = 1_000_000_000;

struct Setup {
    directory: TempDir,
    clock: ManualClock,
    payer: Keypair,
    ledger: LocalLedger,
}

async fn open(directory: &Path, clock: &ManualClock) -> LocalLedger {
    LocalLedger::open(directory, ClockSource::Manual(clock.clone())).await.unwrap()
}

async fn setup() -> Setup {
    let directory = tempfile::tempdir().unwrap();
    let clock = ManualClock::starting_at(NOW);
    let ledger = open(directory.path(), &clock).await;
    let payer = Keypair::new();
    ledger.airdrop(&payer.pubkey(), 10 * SOL).await.unwrap();
    Setup { directory, clock, payer, ledger }
}

impl Setup {
    async fn restart(self) -> Self {
        let Self { directory, clock, payer, ledger } = self;
        drop(ledger);
        let ledger = open(directory.path(), &clock).await;
        Self { directory, clock, payer, ledger }
    }
}

#[tokio::test]
async fn the_local_ledger_behaves_as_every_ledger_does() {
    let Setup { directory: _directory, payer, ledger, .. } = setup().await;
    behaviour::all(&ledger, &payer).await;
}

#[tokio::test]
async fn a_restart_keeps_every_balance() {
    let before = setup().await;
    let to = Pubkey::new_unique();
    Submission::new(&before.payer, [payment(&before.payer, &to)]).send(&before.ledger).await.unwrap();
    let payer_had = balance(&before.ledger, &before.payer.pubkey()).await;
    let after = before.restart().await;
    assert_eq!(balance(&after.ledger, &to).await, PAYMENT);
    assert_eq!(balance(&after.ledger, &after.payer.pubkey()).await, payer_had);
}

#[tokio::test]
async fn a_payment_of_before_a_restart_is_not_taken_twice() {
    let before = setup().await;
    let to = Pubkey::new_unique();
    let blockhash = before.ledger.latest_blockhash().await.unwrap();
    let transaction = signed_payment(&before.payer, &to, blockhash);
    let landed = before.ledger.send(&transaction).await.unwrap();
    let after = before.restart().await;
    let again = after.ledger.send(&transaction).await;
    assert_eq!(again, Err(LedgerError::AlreadyProcessed { signature: landed.signature }));
    assert_eq!(balance(&after.ledger, &to).await, PAYMENT);
}

#[tokio::test]
async fn a_payment_is_not_taken_again_after_forty_others() {
    let Setup { directory: _directory, payer, ledger, .. } = setup().await;
    let to = Pubkey::new_unique();
    let first = signed_payment(&payer, &to, ledger.latest_blockhash().await.unwrap());
    ledger.send(&first).await.unwrap();
    for _ in 0..40 {
        Submission::new(&payer, [payment(&payer, &Pubkey::new_unique())]).send(&ledger).await.unwrap();
    }
    assert!(matches!(ledger.send(&first).await, Err(LedgerError::AlreadyProcessed { .. })));
    assert_eq!(balance(&ledger, &to).await, PAYMENT);
}

#[tokio::test]
async fn a_blockhash_expires_with_time() {
    let Setup { directory: _directory, clock, payer, ledger } = setup().await;
    let blockhash = ledger.latest_blockhash().await.unwrap();
    clock.advance(150);
    let late = ledger.send(&signed_payment(&payer, &Pubkey::new_unique(), blockhash)).await;
    assert_eq!(late, Err(LedgerError::BlockhashExpired));
}

#[tokio::test]
async fn slots_advance_with_the_seconds() {
    let Setup { directory: _directory, clock, ledger, .. } = setup().await;
    assert_eq!(ledger.clock().await.unwrap(), ChainClock { slot: 1, unix_seconds: NOW });
    clock.advance(10);
    assert_eq!(ledger.clock().await.unwrap(), ChainClock { slot: 26, unix_seconds: NOW + 10 });
}

#[tokio::test]
async fn the_chains_clock_never_runs_backwards() {
    let before = setup().await;
    before.clock.advance(10);
    Submission::new(&before.payer, [payment(&before.payer, &Pubkey::new_unique())])
        .send(&before.ledger)
        .await
        .unwrap();
    before.clock.set(NOW - 100);
    let shown = ChainClock { slot: 26, unix_seconds: NOW + 10 };
    assert_eq!(before.ledger.clock().await.unwrap(), shown);
    let after = before.restart().await;
    assert_eq!(after.ledger.clock().await.unwrap(), shown, "nor across a restart");
}

#[tokio::test]
async fn a_second_process_is_refused_with_the_directory_named() {
    let Setup { directory, clock, .. } = &setup().await;
    let second = LocalLedger::open(directory.path(), ClockSource::Manual(clock.clone())).await;
    let Err(OpenError::Lock(LockError::InUse { path })) = second else {
        panic!("two ledgers share one directory: {second:?}")
    };
    assert_eq!(path, directory.path());
}

#[tokio::test]
async fn a_failed_write_changes_nothing_and_stops_the_ledger() {
    let Setup { directory, payer, ledger, .. } = setup().await;
    let to = Pubkey::new_unique();
    let file = format!("sqlite://{}/ledger.sqlite", directory.path().display());
    let mut saboteur = sqlx::SqliteConnection::connect(&file).await.unwrap();
    sqlx::query("DROP TABLE signatures").execute(&mut saboteur).await.unwrap();
    for _ in 0..2 {
        let outcome = Submission::new(&payer, [payment(&payer, &to)]).send(&ledger).await;
        assert!(matches!(outcome, Err(LedgerError::Halted { .. })), "{outcome:?}");
    }
    assert_eq!(balance(&ledger, &to).await, 0);
}

#[tokio::test]
async fn an_abandoned_send_still_ends_in_one_state() {
    let before = setup().await;
    let to = Pubkey::new_unique();
    let blockhash = before.ledger.latest_blockhash().await.unwrap();
    let transaction = signed_payment(&before.payer, &to, blockhash);
    let _ = tokio::time::timeout(std::time::Duration::ZERO, before.ledger.send(&transaction)).await;
    let shown = balance(&before.ledger, &to).await;
    let after = before.restart().await;
    assert_eq!(balance(&after.ledger, &to).await, shown);
}
