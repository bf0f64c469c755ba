//! A pool under keys of its own instead of development keys: what is on chain, what it proves, and which
//! folders it refuses.

use std::fs::{self, File};
use std::io::{BufWriter, Cursor, Write};
use std::path::Path;
use std::sync::OnceLock;

use obscura_circuits::circom::rehearsal::write_zkey;
use obscura_circuits::circom::zkey::Zkey;
use obscura_circuits::keys::{ClearingKeys, KeyFileError};
use obscura_circuits::progress::Progress;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::Constraints;
use obscura_client::accounts::{Settings, VerifyingKey};
use obscura_client::address;
use obscura_client::bootstrap::BootstrapError;
use obscura_client::ledger::local::{ClockSource, ManualClock};
use obscura_client::receipt::{Outcome, Receipt};
use obscura_server::local::{DataDir, LocalOptions, LocalPool};
use obscura_server::proving_keys::{ImportedKeyError, ImportedKeys, ProvingKeyError, ProvingKeys};
use rand::rngs::OsRng;
use tempfile::TempDir;

use crate::harness::{TestOrder, TestPool, circuit_cache};

/// A key of 16 slots with secrets of its own, as the ceremony's tool would leave it.
fn keys() -> ClearingKeys {
    let constraints = Constraints::of(BatchSize::S16).unwrap();
    let (mut file, progress) = (Vec::new(), Progress::default());
    write_zkey(&constraints, &mut OsRng, &mut file, &progress).unwrap();
    Zkey::read(Cursor::new(file), &constraints, &progress).unwrap().into_keys().unwrap()
}

/// The keys that most tests share.
fn shared() -> &'static ClearingKeys {
    static KEYS: OnceLock<ClearingKeys> = OnceLock::new();
    KEYS.get_or_init(keys)
}

fn folder_with(keys: &ClearingKeys) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(keys, folder.path());
    folder
}

fn put(keys: &ClearingKeys, folder: &Path) {
    let mut out = BufWriter::new(File::create(folder.join("16.key")).unwrap());
    keys.write(&mut out).unwrap();
    out.flush().unwrap();
}

/// Starts a pool and stops it again.
async fn start(data_dir: &Path, max_orders: u16, keys: Option<&Path>) -> anyhow::Result<()> {
    let pool = LocalPool::start(LocalOptions {
        data_dir: DataDir::new(data_dir),
        batch_seconds: None,
        max_orders: Some(max_orders),
        clock: ClockSource::Manual(ManualClock::starting_at(1_800_000_000)),
        more_accounts: Vec::new(),
        providers_act: false,
        circuit_cache: None,
        proving_keys: keys.map(Path::to_owned),
    })
    .await?;
    pool.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_clears_under_an_imported_key_where_development_keys_are_refused() {
    let folder = folder_with(shared());
    let fingerprint = shared().verifying_key().fingerprint();
    let pool = TestPool::start_under(folder.path()).await;
    let settings: Settings = pool.on_chain(&address::settings()).await;
    assert!(!settings.allow_dev_keys);
    let key: VerifyingKey = pool.on_chain(&address::verifying_key(16)).await;
    assert!(key.frozen && key.fingerprint == fingerprint);

    // Also after a restart on the same folder.
    let pool = pool.restart().await;
    let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
    let (bid, ask) = (TestOrder::bid(&buyer, 2_000_000, 4), TestOrder::ask(&provider, 1_500_000, 4));
    let (bid_id, _) = pool.meet(&bid, &ask).await;
    pool.until(&buyer, &bid_id, &["leased"]).await;

    let (status, receipt) = pool.get(&buyer, &format!("/v1/receipts/{bid_id}")).await;
    assert_eq!(status, 200, "{receipt}");
    let verified = Receipt::from_json(receipt.to_string().as_bytes()).unwrap().verify().unwrap();
    assert_eq!((verified.outcome, verified.fingerprint), (Outcome::Filled, fingerprint));
    assert!(!verified.development_key);
    assert!(pool.books_balance().await);
    pool.stop().await;
}

#[tokio::test]
async fn a_folder_without_a_key_that_the_batches_need_is_refused() {
    let (folder, data_dir) = (folder_with(shared()), tempfile::tempdir().unwrap());
    let error = start(data_dir.path(), 64, Some(folder.path())).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error.downcast_ref(), Some(ImportedKeyError::Missing { size: 64, .. })), "{text}");
    for part in ["64.key", "obscura zkey import --size 64", "--max-orders"] {
        assert!(text.contains(part), "no {part} in: {text}");
    }
    // Nothing was set up that a second try would have to fit.
    start(data_dir.path(), 16, Some(folder.path())).await.unwrap();
}

#[tokio::test]
async fn a_key_file_that_is_none_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("16.key"), "no key").unwrap();
    let data_dir = tempfile::tempdir().unwrap();
    let error = start(data_dir.path(), 16, Some(folder.path())).await.unwrap_err();
    let text = error.to_string();
    let cause = error.downcast_ref();
    assert!(matches!(cause, Some(ImportedKeyError::Refused { source: KeyFileError::Magic, .. })), "{text}");
    assert!(text.contains("16.key"), "{text}");
}

#[tokio::test]
async fn a_development_key_is_refused_before_the_chain_is_set_up() {
    let folder = tempfile::tempdir().unwrap();
    let development = ClearingKeys::dev(BatchSize::S16, &circuit_cache(), &Progress::default()).unwrap();
    put(&development, folder.path());
    let data_dir = tempfile::tempdir().unwrap();
    let error = start(data_dir.path(), 16, Some(folder.path())).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(ImportedKeyError::Development { .. })), "{error}");
    start(data_dir.path(), 16, None).await.unwrap();
}

#[tokio::test]
async fn a_data_directory_keeps_the_keys_that_it_was_set_up_with() {
    let (folder, data_dir) = (folder_with(shared()), tempfile::tempdir().unwrap());
    start(data_dir.path(), 16, Some(folder.path())).await.unwrap();
    let error = start(data_dir.path(), 16, None).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(BootstrapError::DevelopmentKeysRefused)), "{error}");
    let other = folder_with(&keys());
    let error = start(data_dir.path(), 16, Some(other.path())).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(BootstrapError::OtherCircuit { size: 16, .. })), "{error}");

    let data_dir = tempfile::tempdir().unwrap();
    start(data_dir.path(), 16, None).await.unwrap();
    let error = start(data_dir.path(), 16, Some(folder.path())).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(BootstrapError::DevelopmentKeysAllowed)), "{error}");
}

#[tokio::test]
async fn a_key_that_was_replaced_or_removed_since_the_start_is_not_proven_with() {
    let folder = folder_with(shared());
    let imported = ImportedKeys::open(folder.path().to_owned(), 16).await.unwrap();
    let imported = ProvingKeys::Imported(imported);
    let load = |size| match imported.load(size, &Progress::default()) {
        Err(ProvingKeyError::Imported(error)) => Some(error),
        _ => None,
    };
    assert!(imported.load(BatchSize::S16, &Progress::default()).is_ok());
    put(&keys(), folder.path());
    assert!(matches!(load(BatchSize::S16), Some(ImportedKeyError::Replaced { .. })));
    fs::remove_file(folder.path().join("16.key")).unwrap();
    let refused = load(BatchSize::S16);
    assert!(matches!(refused, Some(ImportedKeyError::Refused { source: KeyFileError::Io(_), .. })));
    assert!(matches!(load(BatchSize::S64), Some(ImportedKeyError::NotImported(BatchSize::S64))));
}
