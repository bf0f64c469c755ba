//! A local chain is made ready once, and found ready ever after.

use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::size::BatchSize;
use obscura_client::accounts::{self, Market, Matcher, Settings, VerifyingKey};
use obscura_client::address;
use obscura_client::bootstrap::{self, BootstrapError, GPU_TYPES, LOCAL_BOND, LocalKeys, LocalSetup};
use obscura_client::idl::types::SetDelegateArgs;
use obscura_client::ledger::Ledger;
use obscura_client::proofs::fingerprint;
use solana_sdk::signature::Signer;

use crate::world::{BATCH_SECONDS, FUNDING, MAX_ORDERS, NOW, World, setup};

#[tokio::test]
async fn a_new_chain_has_markets_frozen_keys_and_a_bonded_matcher() {
    let world = World::new().await;
    let markets = accounts::list::<Market>(&world.ledger, []).await.unwrap();
    let mut names: Vec<_> = markets.iter().map(|(_, market)| market.gpu_type.as_str()).collect();
    let mut expected = GPU_TYPES;
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected);
    for size in BatchSize::ALL {
        let key: VerifyingKey = world.get(&address::verifying_key(size.get())).await;
        assert!(key.frozen && key.fingerprint == VerifyingKeyBytes::development(size).fingerprint());
    }
    let matcher: Matcher = world.get(&address::matcher(&world.keys.matcher.pubkey())).await;
    assert_eq!(matcher.bond, LOCAL_BOND);
    let settings: Settings = world.get(&address::settings()).await;
    assert!(settings.allow_dev_keys && !settings.paused);
    world.assert_books_balance().await;
}

#[tokio::test]
async fn the_first_market_starts_now_and_the_others_are_staggered() {
    let world = World::new().await;
    let markets = accounts::list::<Market>(&world.ledger, []).await.unwrap();
    let mut ages: Vec<_> = markets.iter().map(|(_, market)| NOW - market.genesis).collect();
    ages.sort_unstable();
    assert_eq!(ages, [0, 11, 22, 33]);
}

#[tokio::test]
async fn preparing_again_after_a_restart_changes_nothing() {
    let world = World::new().await;
    let before = world.ledger.program_accounts(&[]).await.unwrap();
    world.clock.advance(1_000);
    let world = world.restart().await;
    world.prepare().await;
    bootstrap::fund_owner(&world.ledger, &world.keys, &world.owner, FUNDING).await.unwrap();
    assert_eq!(world.ledger.program_accounts(&[]).await.unwrap(), before);
}

#[tokio::test]
async fn another_batch_length_is_refused_with_both_numbers() {
    let world = World::new().await;
    let other = LocalSetup { batch_seconds: 20, ..setup() };
    let outcome = bootstrap::prepare(&world.ledger, &world.keys, &other).await;
    let Err(error @ BootstrapError::OtherBatchSeconds { .. }) = outcome else { panic!("{outcome:?}") };
    let text = error.to_string();
    assert!(text.contains(&BATCH_SECONDS.to_string()) && text.contains("20"), "{text}");
}

#[tokio::test]
async fn another_room_for_orders_is_refused_with_both_numbers() {
    let world = World::new().await;
    let other = LocalSetup { max_orders: 256, ..setup() };
    let outcome = bootstrap::prepare(&world.ledger, &world.keys, &other).await;
    let Err(error @ BootstrapError::OtherMaxOrders { .. }) = outcome else { panic!("{outcome:?}") };
    let text = error.to_string();
    assert!(text.contains(&MAX_ORDERS.to_string()) && text.contains("256"), "{text}");
}

#[tokio::test]
async fn keys_of_another_pool_are_refused() {
    let world = World::new().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let keys = LocalKeys::load_or_create(elsewhere.path()).unwrap();
    let outcome = bootstrap::prepare(&world.ledger, &keys, &setup()).await;
    assert!(matches!(outcome, Err(BootstrapError::OtherKeys { .. })), "{outcome:?}");
}

#[tokio::test]
async fn another_circuit_is_refused() {
    let world = World::new().await;
    let mut other = setup();
    other.circuits[2].1.alpha_g1[0] ^= 1;
    let outcome = bootstrap::prepare(&world.ledger, &world.keys, &other).await;
    assert!(matches!(outcome, Err(BootstrapError::OtherCircuit { size: 256, .. })), "{outcome:?}");
}

#[tokio::test]
async fn keys_of_the_other_origin_are_refused_on_either_chain() {
    let world = World::new().await;
    let outcome = bootstrap::prepare(&world.ledger, &world.keys, &imported()).await;
    assert!(matches!(outcome, Err(BootstrapError::DevelopmentKeysAllowed)), "{outcome:?}");

    let world = World::unprepared().await;
    bootstrap::prepare(&world.ledger, &world.keys, &imported()).await.unwrap();
    let outcome = bootstrap::prepare(&world.ledger, &world.keys, &setup()).await;
    assert!(matches!(outcome, Err(BootstrapError::DevelopmentKeysRefused)), "{outcome:?}");
}

#[tokio::test]
async fn imported_keys_are_frozen_where_development_keys_are_refused() {
    let world = World::unprepared().await;
    bootstrap::prepare(&world.ledger, &world.keys, &imported()).await.unwrap();
    let settings: Settings = world.get(&address::settings()).await;
    assert!(!settings.allow_dev_keys);
    for (size, points) in imported().circuits {
        let key: VerifyingKey = world.get(&address::verifying_key(size.get())).await;
        assert!(key.frozen && key.fingerprint == fingerprint(&points));
    }
    let beyond = address::verifying_key(BatchSize::S256.get());
    assert!(world.ledger.account(&beyond).await.unwrap().is_none());
    assert_eq!(accounts::list::<Market>(&world.ledger, []).await.unwrap().len(), GPU_TYPES.len());
}

#[tokio::test]
async fn a_development_key_among_imported_ones_is_refused_by_the_program() {
    let world = World::unprepared().await;
    let development = LocalSetup { allow_dev_keys: false, ..setup() };
    let outcome = bootstrap::prepare(&world.ledger, &world.keys, &development).await;
    let Err(BootstrapError::Ledger(error)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(error.program_error(), Some("DevelopmentKey"));
}

/// Keys of no development origin, for the markets' two sizes; nothing is proven under them here.
fn imported() -> LocalSetup {
    let mut setup = LocalSetup { allow_dev_keys: false, ..setup() };
    setup.circuits.retain(|(size, _)| size.get() <= MAX_ORDERS);
    for (_, points) in &mut setup.circuits {
        std::mem::swap(&mut points.beta_g2, &mut points.gamma_g2);
    }
    setup
}

#[tokio::test]
async fn a_delegate_is_named_once_and_keeps_what_it_has_spent() {
    let world = World::new().await;
    let delegate = SetDelegateArgs {
        delegate: world.keys.relayer.pubkey(),
        permissions: 3,
        expires_at: NOW + 1_000_000,
        spend_cap: 500,
        max_order_micro: 50,
        max_order_gpus: 5,
        gpu_cap: 50,
    };
    for _ in 0..2 {
        bootstrap::name_delegate(&world.ledger, &world.keys, &world.owner, delegate).await.unwrap();
    }
    assert_eq!(world.trader().await.delegate_epoch, 1);
}
