//! A split bid one of whose leases was not accepted: `minQty` counts GPUs, not machines.

use obscura_program_tests::types::{CloseReason, Ended, Fault};
use obscura_program_tests::world::DEPOSIT_USDC;
use obscura_program_tests::{Refusal, assert_refused};

use crate::scenes::{EXPIRED, ORDER_FEE, Split, split};

/// First second at which the buyer cancels no more, and at which terms start.
const CANCEL_OVER: i64 = EXPIRED + 120;

/// The first provider accepts, the second does not.
fn half_accepted() -> Split {
    let mut scene = split();
    scene.accept(0);
    scene.world.at(EXPIRED).expire_lease(&scene.clearing, 1).unwrap();
    scene
}

#[test]
fn the_buyer_cancels_the_others_free_and_in_full() {
    let mut scene = half_accepted();
    scene.world.at(CANCEL_OVER - 1).cancel_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!((lease.reason, lease.fault), (CloseReason::Cancelled, Fault::Nobody)));
    assert_eq!(lease.amount, 0);
    scene.world.refund(&scene.bid).unwrap();
    assert!(matches!(scene.world.order(&scene.bid).ended, Ended::OfferExpired));
    assert_eq!(scene.world.trader_of(&scene.buyer).usdc.available, DEPOSIT_USDC - ORDER_FEE);
}

#[test]
fn the_time_to_cancel_ends_and_only_then_the_term_starts() {
    let mut scene = half_accepted();
    let late = scene.world.at(CANCEL_OVER).cancel_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(late, Refusal::CancelOver);
    scene.world.at(CANCEL_OVER + 3_599);
    let early = scene.world.claim_lease(&scene.providers[0].key, &scene.clearing, 0);
    assert_refused(early, Refusal::TermNotOver);
    scene.world.at(CANCEL_OVER + 3_600);
    scene.world.claim_lease(&scene.providers[0].key, &scene.clearing, 0).unwrap();
}

#[test]
fn nobody_cancels_where_every_lease_was_accepted() {
    let mut scene = split();
    for row in 0..2 {
        scene.accept(row);
    }
    let outcome = scene.world.at(EXPIRED).cancel_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NoneRefused);
}

#[test]
fn only_the_buyer_cancels_and_not_a_closed_lease() {
    let mut scene = half_accepted();
    let outcome = scene.world.cancel_lease(&scene.providers[0].key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NotOwnerOrDelegate);
    let outcome = scene.world.cancel_lease(&scene.buyer.key, &scene.clearing, 1);
    assert_refused(outcome, Refusal::NotActive);
}

#[test]
fn terms_shown_to_one_provider_put_off_the_term_of_the_other() {
    let mut scene = split();
    scene.accept(0);
    scene.world.at(EXPIRED - 1).show_terms(&scene.buyer.key, &scene.clearing, 1).unwrap();
    scene.world.at(EXPIRED + 60).expire_lease(&scene.clearing, 1).unwrap();
    scene.world.at(CANCEL_OVER + 59).cancel_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
}
