//! A matcher that acknowledged an order and left it out: dishonest match reporting.

use obscura_program_tests::accounts::Order;
use obscura_program_tests::types::MarketParams;
use obscura_program_tests::verbs::matcher::ed25519_check;
use obscura_program_tests::world::{DEPOSIT_OBSC, MATCHER_BOND, default_params};
use obscura_program_tests::{Clearing, Refusal, World, assert_refused};

use crate::scenes::{CLEARS, Scene, VOID, committed};

/// The bid locked 8 USDC, which is less than the fixed sum. Half of it is the order's.
const PENALTY: u64 = 100_000_000;

/// Cleared without the bid.
fn omitted() -> Scene {
    let mut scene = committed();
    let clearing = Clearing::of(&[&scene.bid, &scene.ask]).without(0);
    scene.world.at(CLEARS).clear(&clearing).unwrap();
    scene
}

#[test]
fn an_acknowledged_order_that_was_left_out_is_paid_for_out_of_the_bond() {
    let mut scene = omitted();
    let (matcher, message) =
        (scene.world.matcher.key.insecure_clone(), scene.world.acknowledgement(&scene.bid));
    scene.world.slash_matcher(&matcher, &message, &scene.bid).unwrap();
    assert_eq!(scene.world.bond_of(scene.world.matcher.owner()).bond, MATCHER_BOND - PENALTY);
    assert_eq!(scene.world.trader_of(&scene.buyer).obsc.available, DEPOSIT_OBSC + PENALTY / 2);
    let again = scene.world.slash_matcher(&matcher, &message, &scene.bid);
    assert_refused(again, Refusal::AlreadySlashed);
}

#[test]
fn it_can_be_shown_after_the_refund_too_but_not_once_the_batch_is_discharged() {
    let mut scene = omitted();
    let (matcher, message) =
        (scene.world.matcher.key.insecure_clone(), scene.world.acknowledgement(&scene.bid));
    scene.world.refund(&scene.bid).unwrap();
    let before: Order = scene.world.order(&scene.bid);
    assert!(!before.omission_paid);
    let mut late = Scene { ..omitted() };
    scene.world.slash_matcher(&matcher, &message, &scene.bid).unwrap();

    late.world.at(CLEARS + 180 + 600).discharge_batch(0).unwrap();
    let outcome = late.world.slash_matcher(&matcher, &message, &late.bid);
    assert_refused(outcome, Refusal::BatchDischarged);
}

#[test]
fn a_large_lock_costs_what_it_is_worth_up_to_the_bond() {
    let params = MarketParams { bond_per_usdc: 100_000_000, bond_cover_bps: 0, ..default_params() };
    let mut world = World::with_params(params);
    let buyer = world.trader(1);
    let bid = obscura_program_tests::Sealed::bid(1, &buyer, 2_000_000, 4).locking(8_100_000);
    world.commit(&buyer.key, &bid).unwrap();
    world.at(CLEARS).clear(&Clearing::of(&[&bid]).without(0)).unwrap();
    let (matcher, message) = (world.matcher.key.insecure_clone(), world.acknowledgement(&bid));
    world.slash_matcher(&matcher, &message, &bid).unwrap();
    assert_eq!(world.trader_of(&buyer).obsc.available, DEPOSIT_OBSC + 405_000_000);
}

#[test]
fn an_included_order_and_a_void_batch_cost_nothing() {
    let mut scene = committed();
    let (matcher, message) =
        (scene.world.matcher.key.insecure_clone(), scene.world.acknowledgement(&scene.bid));
    scene.world.at(VOID);
    let outcome = scene.world.slash_matcher(&matcher, &message, &scene.bid);
    assert_refused(outcome, Refusal::NotCleared);
    scene.world.at(CLEARS).clear(&scene.clearing).unwrap();
    let outcome = scene.world.slash_matcher(&matcher, &message, &scene.bid);
    assert_refused(outcome, Refusal::NotOmitted);
}

#[test]
fn somebody_elses_signature_and_another_orders_acknowledgement_cost_nothing() {
    let mut scene = omitted();
    let (matcher, message) =
        (scene.world.matcher.key.insecure_clone(), scene.world.acknowledgement(&scene.bid));
    let outcome = scene.world.slash_matcher(&scene.buyer.key, &message, &scene.bid);
    assert_refused(outcome, Refusal::WrongAcknowledgement);
    let other = scene.world.acknowledgement(&scene.ask);
    let outcome = scene.world.slash_matcher(&matcher, &other, &scene.bid);
    assert_refused(outcome, Refusal::WrongAcknowledgement);
    let slash = scene.world.slash_matcher_instruction(&scene.bid);
    assert_refused(scene.world.send(slash.clone(), &[]), Refusal::MissingAcknowledgement);
    // Behind it is not before it.
    let check = ed25519_check(&matcher, &message);
    let outcome = scene.world.send_all(&[slash, check], &[]);
    assert_refused(outcome, Refusal::MissingAcknowledgement);
}
