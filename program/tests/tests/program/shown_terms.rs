//! Terms opened on chain before the close: a second deadline for the provider, and what it costs to let it
//! pass too.

use obscura_program_tests::types::{CloseReason, Fault, LeaseState, LeaseTerms};
use obscura_program_tests::world::DEPOSIT_OBSC;
use obscura_program_tests::{Refusal, assert_refused};

use crate::scenes::{CLEARS, EXPIRED, Scene, leased, offered};

/// A tenth of the stake behind four GPUs.
const NO_SHOW_SLASH: u64 = 40_000_000;

/// The buyer shows the terms in the last second before the offer expires.
fn shown_late() -> Scene {
    let mut scene = offered();
    scene.world.at(EXPIRED - 1).show_terms(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene
}

#[test]
fn an_offer_that_expires_unshown_is_nobodys_fault() {
    let mut scene = offered();
    scene.world.at(EXPIRED).expire_lease(&scene.clearing, 0).unwrap();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!((lease.reason, lease.fault), (CloseReason::NotAccepted, Fault::Nobody)));
    assert_eq!(lease.slashed, 0);
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.stake(), (DEPOSIT_OBSC, 0));
}

#[test]
fn shown_terms_are_kept_and_put_the_deadline_off_by_a_whole_one() {
    let scene = shown_late();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert_eq!((lease.qty, lease.duration, lease.amount), (4, 3_600, 0));
    assert_eq!(lease.accept_by.seconds, EXPIRED + 60);
    assert_eq!(scene.world.order(&scene.bid).accepts_until.seconds, EXPIRED + 60);
}

#[test]
fn a_provider_that_was_shown_the_terms_accepts_until_the_second_deadline() {
    let mut scene = shown_late();
    assert_refused(scene.world.at(EXPIRED).expire_lease(&scene.clearing, 0), Refusal::AcceptNotOver);
    scene.world.at(EXPIRED + 59).accept_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
    assert!(matches!(scene.world.lease(&scene.clearing, 0).state, LeaseState::Active));
}

#[test]
fn a_no_show_is_slashed_into_the_treasury_and_the_buyer_pays_nothing() {
    let mut scene = shown_late();
    scene.world.at(EXPIRED + 60).expire_lease(&scene.clearing, 0).unwrap();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!((lease.reason, lease.fault), (CloseReason::NoShow, Fault::Provider)));
    assert_eq!((lease.slashed, lease.amount), (NO_SHOW_SLASH, 0));
    assert_eq!(scene.world.books().obsc.treasury, NO_SHOW_SLASH);
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.stake(), (DEPOSIT_OBSC - NO_SHOW_SLASH, 0));
}

#[test]
fn a_halted_cluster_slashes_nobody() {
    let mut scene = shown_late();
    scene.world.halted_until(EXPIRED + 60);
    assert_refused(scene.world.expire_lease(&scene.clearing, 0), Refusal::AcceptNotOver);
    scene.world.accept_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
}

#[test]
fn the_matcher_shows_terms_too_and_the_provider_only_once_it_accepted() {
    let mut scene = offered();
    let outcome = scene.world.show_terms(&scene.provider.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NotAParty);
    let matcher = scene.world.matcher.key.insecure_clone();
    scene.world.show_terms(&matcher, &scene.clearing, 0).unwrap();

    let mut scene = leased();
    scene.world.show_terms(&scene.provider.key, &scene.clearing, 0).unwrap();
    // The term is as it was.
    assert_eq!(scene.world.lease(&scene.clearing, 0).accept_by.seconds, EXPIRED);
    let again = scene.world.show_terms(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(again, Refusal::TermsAlreadyShown);
}

#[test]
fn an_offer_that_is_over_is_not_brought_back_to_life() {
    let mut scene = offered();
    let outcome = scene.world.at(EXPIRED).show_terms(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::AcceptOver);
}

#[test]
fn a_stranger_and_other_terms_show_nothing() {
    let mut scene = offered();
    let stranger = scene.world.trader(9);
    let outcome = scene.world.show_terms(&stranger.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NotAParty);
    let terms = scene.clearing.terms(0);
    for other in [LeaseTerms { qty: 5, ..terms }, LeaseTerms { duration: 3_601, ..terms }] {
        let outcome = scene.world.show_terms_with(&scene.buyer.key, &scene.clearing, 0, other);
        assert_refused(outcome, Refusal::TermsMismatch);
    }
}

#[test]
fn a_shown_lease_is_released_and_paid_as_any_other() {
    let mut scene = leased();
    scene.world.show_terms(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene.world.at(CLEARS + 5).release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    let order = scene.world.order(&scene.bid);
    assert_eq!((order.shown_leases, order.shown, order.open_leases), (0, 0, 0));
    let late = scene.world.show_terms(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(late, Refusal::NotActive);
}
