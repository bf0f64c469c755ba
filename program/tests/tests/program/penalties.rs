//! What a matcher pays for a void batch and for leases that it let expire, and how much it may be trusted
//! with.

use obscura_program_tests::types::{Ended, MarketParams, MarketTerms};
use obscura_program_tests::world::{DEPOSIT_OBSC, MATCHER_BOND, default_params};
use obscura_program_tests::{Actor, Refusal, Sealed, World, address, assert_refused};
use solana_sdk::signer::Signer;

use crate::scenes::{CLEARS, SETTLED, VOID, committed, traded};

/// Of a void batch, for each of two orders; half of it is the order's.
const SHARE: u64 = 50_000_000;
const UNOPENED: u64 = 10_000_000;

#[test]
fn a_void_batch_costs_the_matcher_a_share_for_each_order() {
    let mut scene = committed();
    scene.world.at(VOID).refund(&scene.bid).unwrap();
    assert_eq!(scene.world.bond_of(scene.world.matcher.owner()).bond, MATCHER_BOND - SHARE);
    assert_eq!(scene.world.trader_of(&scene.buyer).obsc.available, DEPOSIT_OBSC + SHARE / 2);
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.world.bond_of(scene.world.matcher.owner()).bond, MATCHER_BOND - 2 * SHARE);
}

#[test]
fn a_batch_that_went_void_by_a_disabled_key_costs_nothing() {
    let mut scene = committed();
    scene.world.disable_key(16).unwrap();
    scene.world.at(VOID).refund(&scene.bid).unwrap();
    assert_eq!(scene.world.bond_of(scene.world.matcher.owner()).bond, MATCHER_BOND);
}

#[test]
fn a_refund_of_a_void_batch_needs_the_smallest_key_that_holds_it() {
    let mut scene = committed();
    scene.world.at(VOID);
    let refund = scene.world.refund_instruction(scene.world.payer.pubkey(), &scene.bid, None);
    let mut without = refund.clone();
    // The program's own id stands for an account left out.
    without.accounts[7].pubkey = obscura_program_tests::ID;
    assert_refused(scene.world.send(without, &[]), Refusal::MissingVerifyingKey);
    scene.world.send(refund, &[]).unwrap();
}

#[test]
fn a_bond_that_is_used_up_pays_what_is_left() {
    let params = MarketParams { void_penalty: MATCHER_BOND * 3, ..default_params() };
    let mut world = World::with_params(params);
    let buyer = world.trader(1);
    let bids = [1, 2].map(|number| Sealed::bid(number, &buyer, 2_000_000, 1));
    for bid in &bids {
        world.commit(&buyer.key, bid).unwrap();
    }
    world.at(VOID);
    for bid in &bids {
        world.refund(bid).unwrap();
        assert!(matches!(world.order(bid).ended, Ended::Void));
    }
    assert_eq!(world.bond_of(world.matcher.owner()).bond, 0);
    assert_eq!(world.trader_of(&buyer).obsc.available, DEPOSIT_OBSC + MATCHER_BOND / 2);
}

#[test]
fn a_filled_bid_that_was_never_opened_is_paid_for_once() {
    let mut scene = traded();
    scene.world.at(SETTLED).refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.world.bond_of(scene.world.matcher.owner()).bond, MATCHER_BOND - UNOPENED);
    assert_eq!(scene.world.trader_of(&scene.buyer).obsc.available, DEPOSIT_OBSC + UNOPENED / 2);
    assert_eq!(scene.stake(), (DEPOSIT_OBSC, 0));
}

#[test]
fn on_a_halted_cluster_a_batch_is_not_void_and_can_still_be_cleared() {
    let mut scene = committed();
    scene.world.halted_until(VOID);
    assert_refused(scene.world.refund(&scene.bid), Refusal::BatchNotFinal);
    scene.world.clear(&scene.clearing).unwrap();
    scene.world.halted_until(VOID + 1_000);
    scene.world.open_lease(&scene.clearing, 0).unwrap();
    assert_refused(scene.world.refund(&scene.bid), Refusal::LeasesMayOpen);
}

#[test]
fn a_bond_covers_a_share_of_all_locks_that_the_matcher_answers_for() {
    let mut world = World::new();
    let buyer = world.trader(1);
    world.give_tokens(&buyer, world.usdc, 200_000_000_000);
    world.deposit(&buyer, world.usdc, 200_000_000_000).unwrap();
    // 10,000 OBSC cover a tenth of 100,000 USDC.
    let bid = |number, lock| Sealed::bid(number, &buyer, 2_000_000, 1).locking(lock);
    world.commit(&buyer.key, &bid(1, 60_000_000_000)).unwrap();
    let outcome = world.commit(&buyer.key, &bid(2, 40_000_000_020));
    assert_refused(outcome, Refusal::BondTooSmall);
    world.commit(&buyer.key, &bid(3, 40_000_000_000)).unwrap();
    assert_eq!(world.bond_of(world.matcher.owner()).exposure, 100_000_000_000);
    // What has ended is no longer counted, nor what is discharged.
    world.at(VOID).refund(&bid(3, 40_000_000_000)).unwrap();
    assert_eq!(world.bond_of(world.matcher.owner()).exposure, 60_000_000_000);
    world.at(VOID + 600).discharge_batch(0).unwrap();
    assert_eq!(world.bond_of(world.matcher.owner()).exposure, 0);
    world.refund(&bid(1, 60_000_000_000)).unwrap();
}

#[test]
fn a_matcher_that_left_is_free_once_its_batches_are_discharged() {
    let mut scene = committed();
    let next = scene.world.trader(5);
    scene.world.bond(&next, MATCHER_BOND).unwrap();
    let terms = MarketTerms { matcher: next.owner(), params: default_params() };
    scene.world.schedule_market(1, terms).unwrap();
    scene.world.at(CLEARS).clear(&scene.clearing).unwrap();

    let late = Sealed::bid(9, &scene.buyer, 2_000_000, 1);
    let by_old = scene.world.commit_in(&scene.buyer.key, &late, 1);
    assert_refused(by_old, Refusal::WrongMatcher);
    let mut commit = scene.world.commit_instruction(&scene.buyer.key, &late, 1);
    commit.accounts[4].pubkey = address::matcher(&next.owner());
    scene.world.send(commit, &[&scene.buyer.key]).unwrap();
    assert_eq!(scene.world.batch(1).matcher, next.owner());

    let old = Actor::numbered(100);
    assert_refused(scene.world.unbond(&old, MATCHER_BOND), Refusal::BondExposed);
    scene.world.at(SETTLED + 60 + 600).discharge_batch(0).unwrap();
    scene.world.unbond(&old, MATCHER_BOND).unwrap();
}

#[test]
fn a_matcher_that_retires_takes_no_more_commits_until_it_says_so() {
    let mut scene = committed();
    let matcher = Actor::numbered(100);
    scene.world.retire_matcher(&matcher, true).unwrap();
    let late = Sealed::bid(9, &scene.buyer, 2_000_000, 1);
    let outcome = scene.world.commit(&scene.buyer.key, &late);
    assert_refused(outcome, Refusal::MatcherRetired);
    // Its duties stay.
    scene.world.at(CLEARS).clear(&scene.clearing).unwrap();
    scene.world.retire_matcher(&matcher, false).unwrap();
    scene.world.commit_in(&scene.buyer.key, &late, 1).unwrap();
}

#[test]
fn an_order_that_was_left_out_counts_until_the_batch_is_discharged() {
    let mut scene = committed();
    let clearing = obscura_program_tests::Clearing::of(&[&scene.bid, &scene.ask]).without(0);
    scene.world.at(CLEARS).clear(&clearing).unwrap();
    let exposed = |scene: &crate::scenes::Scene| scene.world.bond_of(scene.world.matcher.owner()).exposure;
    scene.world.refund(&scene.ask).unwrap();
    let left = exposed(&scene);
    assert_eq!(left, scene.world.order(&scene.bid).lock);
    scene.world.refund(&scene.bid).unwrap();
    assert_eq!(exposed(&scene), left);
}
