//! The public reveal: who, when, what.

use obscura_program_tests::types::MarketParams;
use obscura_program_tests::world::{default_params, stored};
use obscura_program_tests::{Refusal, Sealed, World, assert_refused};

use crate::scenes::{CLEARS, REVEALS, committed};

#[test]
fn a_public_reveal_forces_the_order() {
    let mut scene = committed();
    scene.world.at(REVEALS).reveal(&scene.provider.key, &scene.ask).unwrap();
    assert_eq!(scene.world.batch(0).forced[0], 0b10);
    scene.world.reveal(&scene.buyer.key, &scene.bid).unwrap();
    assert_eq!(scene.world.batch(0).forced[0], 0b11);
}

#[test]
fn a_public_reveal_leaves_the_opening_for_any_matcher_to_read() {
    let mut scene = committed();
    assert!(scene.world.order(&scene.bid).public_opening.is_none());
    scene.world.at(REVEALS).reveal(&scene.buyer.key, &scene.bid).unwrap();
    let opening = scene.world.order(&scene.bid).public_opening.unwrap();
    assert_eq!(stored(&opening), stored(&scene.bid.opening()));
}

#[test]
fn an_order_is_revealed_once() {
    let mut scene = committed();
    scene.world.at(REVEALS).reveal(&scene.buyer.key, &scene.bid).unwrap();
    let again = scene.world.reveal(&scene.buyer.key, &scene.bid);
    assert_refused(again, Refusal::AlreadyRevealed);
}

#[test]
fn reveals_are_taken_from_the_first_second_to_the_last_of_the_window() {
    let mut scene = committed();
    scene.world.at(REVEALS - 1);
    assert_refused(scene.world.reveal(&scene.buyer.key, &scene.bid), Refusal::NotRevealPhase);
    scene.world.at(CLEARS);
    assert_refused(scene.world.reveal(&scene.buyer.key, &scene.bid), Refusal::NotRevealPhase);
    scene.world.at(CLEARS - 1).reveal(&scene.buyer.key, &scene.bid).unwrap();
}

#[test]
fn nobody_reveals_for_another_trader() {
    let mut scene = committed();
    scene.world.at(REVEALS);
    let outcome = scene.world.reveal(&scene.provider.key, &scene.bid);
    assert_refused(outcome, Refusal::NotOwnerOrDelegate);
    let mut reveal = scene.world.reveal_instruction(&scene.provider.key, &scene.bid);
    reveal.accounts[1].pubkey = scene.provider.trader;
    assert_refused(scene.world.send(reveal, &[&scene.provider.key]), Refusal::WrongTrader);
}

#[test]
fn a_reveal_into_another_batch_is_refused() {
    let mut scene = committed();
    let late = Sealed::bid(3, &scene.buyer, 2_000_000, 1);
    scene.world.at(CLEARS).commit_in(&scene.buyer.key, &late, 1).unwrap();
    let other = scene.world.order(&late).batch;
    scene.world.at(CLEARS + 30);
    let mut reveal = scene.world.reveal_instruction(&scene.buyer.key, &scene.bid);
    reveal.accounts[3].pubkey = other;
    assert_refused(scene.world.send(reveal, &[&scene.buyer.key]), Refusal::WrongBatch);
}

#[test]
fn every_changed_field_of_an_opening_misses_the_commitment() {
    let mut scene = committed();
    scene.world.at(REVEALS);
    let honest = scene.bid.clone();
    let changes: [fn(&mut Sealed); 4] = [
        |order| order.terms.price = obscura_auction::units::PriceMicro::new(1_999_999).unwrap(),
        |order| *order = order.clone().duration(3_601),
        |order| *order = order.clone().min_qty(3),
        |order| order.secret[31] ^= 1,
    ];
    for change in changes {
        let mut other = honest.clone();
        change(&mut other);
        assert_refused(scene.world.reveal(&scene.buyer.key, &other), Refusal::HashMismatch);
    }
    scene.world.reveal(&scene.buyer.key, &honest).unwrap();
}

#[test]
fn a_secret_counts_modulo_the_field() {
    let mut world = World::new();
    let actor = world.trader(1);
    let mut bid = Sealed::bid(1, &actor, 2_000_000, 1);
    bid.secret = [0xff; 32];
    world.commit(&actor.key, &bid).unwrap();
    world.at(REVEALS).reveal(&actor.key, &bid).unwrap();
}

#[test]
fn an_opening_that_is_not_admissible_is_refused_for_its_reason() {
    let params = MarketParams { min_duration: 3_600, max_duration: 7_200, ..default_params() };
    let mut world = World::with_params(params);
    let actor = world.trader(1);
    let bid = |number| Sealed::bid(number, &actor, 2_000_000, 4);
    let ask = |number| Sealed::ask(number, &actor, 1_000_000, 4);
    let table = [
        (bid(1).min_qty(5), Refusal::MinQtyAboveQty),
        (bid(2).duration(3_599), Refusal::BidTooShort),
        (bid(3).duration(7_201), Refusal::BidTooLong),
        (bid(4).locking(8_000_002), Refusal::CollateralTooSmall),
        (ask(5).min_qty(2), Refusal::AskNotDivisible),
        (ask(6).duration(7_199), Refusal::AskTooShort),
        (ask(7).locking(3), Refusal::CapacityTooSmall),
    ];
    let edge = [bid(8).locking(8_000_003), ask(9).duration(7_200), ask(10).locking(4)];
    for order in table.iter().map(|(order, _)| order).chain(&edge) {
        world.commit(&actor.key, order).unwrap();
    }
    world.at(REVEALS);
    for (order, reason) in table {
        assert_refused(world.reveal(&actor.key, &order), reason);
    }
    for order in edge {
        world.reveal(&actor.key, &order).unwrap();
    }
}

#[test]
fn reveals_work_while_paused() {
    let mut scene = committed();
    scene.world.set_paused(true).unwrap();
    scene.world.at(REVEALS).reveal(&scene.buyer.key, &scene.bid).unwrap();
}
