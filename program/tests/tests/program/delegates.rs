//! The delegate: caps, expiry, permissions, revocation.

use obscura_program_tests::actor::keypair;
use obscura_program_tests::types::SetDelegateArgs;
use obscura_program_tests::verbs::owner::delegate_args;
use obscura_program_tests::world::GENESIS;
use obscura_program_tests::{Actor, Clearing, Refusal, Sealed, World, assert_refused};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::scenes::{CLEARS, DEPOSIT, ORDER_FEE, REVEALS, VOID, delegated, leased, offered, spent};

const TRADE: u8 = 1;
const LEASE: u8 = 2;

fn bid(number: u8, actor: &Actor) -> Sealed {
    Sealed::bid(number, actor, 2_000_000, 1)
}

/// What `bid` takes out of available.
const BID_COST: u64 = 2_000_000 + ORDER_FEE + DEPOSIT;

/// Wide caps that end at `seconds`.
fn expiring(delegate: &Keypair, seconds: i64) -> SetDelegateArgs {
    SetDelegateArgs { expires_at: seconds, ..delegate_args(delegate.pubkey()) }
}

#[test]
fn a_delegate_commits_and_reveals_for_its_owner() {
    let (mut world, actor, delegate) = delegated(|_| ());
    let bid = bid(1, &actor);
    world.commit(&delegate, &bid).unwrap();
    assert_eq!(world.order(&bid).owner, actor.owner());
    assert_eq!(world.order(&bid).delegate_epoch, 1);
    assert_eq!(spent(&world, &actor), BID_COST);
    world.at(REVEALS).reveal(&delegate, &bid).unwrap();
}

#[test]
fn the_owners_own_orders_spend_no_cap() {
    let (mut world, actor, _) = delegated(|args| args.spend_cap = 0);
    let bid = bid(1, &actor);
    world.commit(&actor.key, &bid).unwrap();
    assert_eq!(world.order(&bid).delegate_epoch, 0);
    assert_eq!(spent(&world, &actor), 0);
}

#[test]
fn the_spend_cap_counts_lock_fee_and_deposit_to_the_last_unit() {
    let (mut world, actor, delegate) = delegated(|args| args.spend_cap = 2 * BID_COST - 1);
    world.commit(&delegate, &bid(1, &actor)).unwrap();
    assert_refused(world.commit(&delegate, &bid(2, &actor)), Refusal::DelegateSpendCap);
    let (mut world, actor, delegate) = delegated(|args| args.spend_cap = 2 * BID_COST);
    world.commit(&delegate, &bid(1, &actor)).unwrap();
    world.commit(&delegate, &bid(2, &actor)).unwrap();
}

#[test]
fn an_ask_spends_its_fee_and_deposit_from_the_cap() {
    let (mut world, actor, delegate) = delegated(|args| args.spend_cap = ORDER_FEE + DEPOSIT);
    world.commit(&delegate, &Sealed::ask(1, &actor, 1_000_000, 1)).unwrap();
    let another = Sealed::ask(2, &actor, 1_000_000, 1);
    assert_refused(world.commit(&delegate, &another), Refusal::DelegateSpendCap);
}

#[test]
fn one_order_stays_within_the_caps_for_one_order() {
    let (mut world, actor, delegate) = delegated(|args| {
        args.max_order_micro = 1_999_999;
        args.max_order_gpus = 3;
    });
    assert_refused(world.commit(&delegate, &bid(1, &actor)), Refusal::DelegateOrderCap);
    world.commit(&delegate, &bid(1, &actor).locking(1_999_999)).unwrap();
    let ask = Sealed::ask(2, &actor, 1_000_000, 1);
    assert_refused(world.commit(&delegate, &ask.clone().locking(4)), Refusal::DelegateOrderCap);
    world.commit(&delegate, &ask.locking(3)).unwrap();
}

#[test]
fn asks_of_a_delegate_lock_no_more_gpus_together_than_its_cap_until_they_end() {
    let (mut world, actor, delegate) = delegated(|args| args.gpu_cap = 5);
    let first = Sealed::ask(1, &actor, 1_000_000, 3);
    world.commit(&delegate, &first).unwrap();
    let second = Sealed::ask(2, &actor, 1_000_000, 3);
    assert_refused(world.commit(&delegate, &second), Refusal::DelegateGpuCap);
    world.at(CLEARS).clear(&Clearing::of(&[&first])).unwrap();
    world.refund(&first).unwrap();
    let delegate = world.trader_of(&actor).delegate.unwrap();
    assert_eq!((delegate.gpus_locked, delegate.gpu_cap), (0, 5));
}

#[test]
fn what_comes_back_restores_the_cap() {
    let (mut world, actor, delegate) = delegated(|args| args.spend_cap = BID_COST);
    let order = bid(1, &actor);
    world.commit(&delegate, &order).unwrap();
    world.at(CLEARS).clear(&Clearing::of(&[&order])).unwrap();
    world.refund(&order).unwrap();
    assert_eq!(spent(&world, &actor), ORDER_FEE);
}

#[test]
fn a_void_batch_restores_the_cap_in_full() {
    let (mut world, actor, delegate) = delegated(|args| args.spend_cap = BID_COST);
    let order = bid(1, &actor);
    world.commit(&delegate, &order).unwrap();
    world.at(VOID).refund(&order).unwrap();
    assert_eq!(spent(&world, &actor), 0);
}

#[test]
fn orders_of_the_owner_or_of_an_earlier_delegate_restore_no_cap() {
    let (mut world, actor, delegate) = delegated(|_| ());
    let (owners, earlier, own) = (bid(1, &actor), bid(2, &actor), bid(3, &actor));
    world.commit(&actor.key, &owners).unwrap();
    world.commit(&delegate, &earlier).unwrap();
    world.set_delegate(&actor, delegate_args(delegate.pubkey())).unwrap();
    assert_eq!(spent(&world, &actor), 0);
    world.commit(&delegate, &own).unwrap();
    world.at(VOID).refund(&owners).unwrap();
    world.refund(&earlier).unwrap();
    assert_eq!(spent(&world, &actor), BID_COST);
    world.refund(&own).unwrap();
    assert_eq!(spent(&world, &actor), 0);
}

#[test]
fn a_delegate_commits_until_the_second_before_its_expiry() {
    let (mut world, actor, delegate) = delegated(|args| args.expires_at = GENESIS + 20);
    world.at(GENESIS + 19).commit(&delegate, &bid(1, &actor)).unwrap();
    world.at(GENESIS + 20);
    assert_refused(world.commit(&delegate, &bid(2, &actor)), Refusal::DelegateExpired);
}

#[test]
fn a_delegate_reveals_until_the_second_before_its_expiry() {
    let (mut world, actor, delegate) = delegated(|args| args.expires_at = REVEALS + 5);
    let order = bid(1, &actor);
    world.commit(&delegate, &order).unwrap();
    world.at(REVEALS + 5);
    assert_refused(world.reveal(&delegate, &order), Refusal::DelegateExpired);
    world.at(REVEALS + 4).reveal(&delegate, &order).unwrap();
}

#[test]
fn a_delegate_accepts_until_the_second_before_its_expiry() {
    let (mut scene, host) = (offered(), keypair(50));
    scene.world.set_delegate(&scene.provider, expiring(&host, CLEARS + 5)).unwrap();
    scene.world.at(CLEARS + 5);
    assert_refused(scene.world.accept_lease(&host, &scene.clearing, 0), Refusal::DelegateExpired);
    scene.world.at(CLEARS + 4).accept_lease(&host, &scene.clearing, 0).unwrap();
}

#[test]
fn a_delegate_releases_until_the_second_before_its_expiry() {
    let (mut scene, agent) = (leased(), keypair(50));
    scene.world.set_delegate(&scene.buyer, expiring(&agent, CLEARS + 5)).unwrap();
    scene.world.at(CLEARS + 5);
    assert_refused(scene.world.release_lease(&agent, &scene.clearing, 0), Refusal::DelegateExpired);
    scene.world.at(CLEARS + 4).release_lease(&agent, &scene.clearing, 0).unwrap();
}

#[test]
fn a_delegate_claims_until_the_second_before_its_expiry() {
    let (mut scene, host) = (leased(), keypair(50));
    let term_over = CLEARS + 3_600;
    scene.world.set_delegate(&scene.provider, expiring(&host, term_over + 5)).unwrap();
    scene.world.at(term_over + 5);
    assert_refused(scene.world.claim_lease(&host, &scene.clearing, 0), Refusal::DelegateExpired);
    scene.world.at(term_over + 4).claim_lease(&host, &scene.clearing, 0).unwrap();
}

#[test]
fn a_revoked_delegate_may_do_nothing_any_more() {
    let (mut world, actor, delegate) = delegated(|_| ());
    let order = bid(1, &actor);
    world.commit(&delegate, &order).unwrap();
    world.set_paused(true).unwrap();
    world.revoke_delegate(&actor).unwrap();
    world.set_paused(false).unwrap();
    assert_refused(world.commit(&delegate, &bid(2, &actor)), Refusal::NotOwnerOrDelegate);
    world.at(REVEALS);
    assert_refused(world.reveal(&delegate, &order), Refusal::NotOwnerOrDelegate);
    assert_refused(world.revoke_delegate(&actor), Refusal::NoDelegate);
}

#[test]
fn a_new_delegate_ends_the_one_before() {
    let (mut world, actor, first) = delegated(|_| ());
    world.set_delegate(&actor, delegate_args(keypair(51).pubkey())).unwrap();
    assert_refused(world.commit(&first, &bid(1, &actor)), Refusal::NotOwnerOrDelegate);
}

#[test]
fn a_delegate_neither_withdraws_nor_names_a_delegate() {
    let (mut world, actor, delegate) = delegated(|_| ());
    let thief = Actor { key: delegate, trader: actor.trader };
    world.give_tokens(&thief, world.usdc, 0);
    assert_refused(world.withdraw(&thief, world.usdc, 1), Refusal::WrongTrader);
    let more = delegate_args(keypair(51).pubkey());
    assert_refused(world.set_delegate(&thief, more), Refusal::WrongTrader);
    assert_refused(world.revoke_delegate(&thief), Refusal::WrongTrader);
}

#[test]
fn a_delegate_needs_the_permission_for_what_it_does() {
    let (mut world, actor, delegate) = delegated(|args| args.permissions = LEASE);
    let outcome = world.commit(&delegate, &bid(1, &actor));
    assert_refused(outcome, Refusal::DelegateLacksPermission);

    let mut scene = offered();
    let host = keypair(50);
    let allow = |permissions| SetDelegateArgs { permissions, ..delegate_args(host.pubkey()) };
    scene.world.set_delegate(&scene.provider, allow(TRADE)).unwrap();
    let outcome = scene.world.accept_lease(&host, &scene.clearing, 0);
    assert_refused(outcome, Refusal::DelegateLacksPermission);
    scene.world.set_delegate(&scene.provider, allow(LEASE)).unwrap();
    scene.world.accept_lease(&host, &scene.clearing, 0).unwrap();
}

#[test]
fn a_delegate_with_lease_releases_for_the_buyer_and_claims_for_the_provider() {
    let mut scene = leased();
    let key = keypair(50);
    scene.world.set_delegate(&scene.buyer, delegate_args(key.pubkey())).unwrap();
    scene.world.release_lease(&key, &scene.clearing, 0).unwrap();

    let mut scene = leased();
    scene.world.set_delegate(&scene.provider, delegate_args(key.pubkey())).unwrap();
    scene.world.at(CLEARS + 3600).claim_lease(&key, &scene.clearing, 0).unwrap();
}

#[test]
fn a_malformed_delegate_is_refused() {
    let mut world = World::new();
    let actor = world.trader(1);
    let ok = delegate_args(keypair(50).pubkey());
    let table = [
        SetDelegateArgs { permissions: 0, ..ok },
        SetDelegateArgs { permissions: 4, ..ok },
        SetDelegateArgs { expires_at: GENESIS, ..ok },
        SetDelegateArgs { delegate: actor.owner(), ..ok },
        SetDelegateArgs { delegate: Default::default(), ..ok },
    ];
    for args in table {
        assert_refused(world.set_delegate(&actor, args), Refusal::MalformedDelegate);
    }
    world.set_delegate(&actor, SetDelegateArgs { expires_at: GENESIS + 1, ..ok }).unwrap();
}
