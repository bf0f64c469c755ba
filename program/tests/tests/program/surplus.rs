//! What an order's lock holds beyond the shown terms of its leases comes back before they end.

use obscura_program_tests::Sealed;
use obscura_program_tests::world::DEPOSIT_OBSC;
use obscura_program_tests::{Clearing, Refusal, assert_refused};

use crate::scenes::{AMOUNT, BID_LOCK, CLEARS, PRICE, SETTLED, Scene, committed_of, leased};

/// A bid that locked a hundred USDC, and an ask of ten GPUs that sold four.
fn generous() -> Scene {
    let mut scene = committed_of(16);
    let bid = Sealed::bid(3, &scene.buyer, 2_000_000, 4).locking(100_000_000);
    let ask = Sealed::ask(4, &scene.provider, 1_500_000, 10).locking(10);
    scene.world.commit(&scene.buyer.key, &bid).unwrap();
    scene.world.commit(&scene.provider.key, &ask).unwrap();
    let orders = [&scene.bid, &scene.ask, &bid, &ask];
    let clearing = Clearing::of(&orders).at_price(PRICE).row(2, 3, 4);
    scene.world.at(CLEARS).clear(&clearing).unwrap();
    scene.world.open_lease(&clearing, 0).unwrap();
    scene.world.accept_lease(&scene.provider.key, &clearing, 0).unwrap();
    for loser in [&scene.bid, &scene.ask] {
        scene.world.refund(loser).unwrap();
    }
    Scene { bid, ask, clearing, ..scene }
}

#[test]
fn a_bid_keeps_what_its_shown_leases_cost_and_the_rest_is_available() {
    let mut scene = generous();
    scene.world.show_terms(&scene.buyer.key, &scene.clearing, 0).unwrap();
    let (available, locked) = scene.usdc()[0];
    scene.world.at(SETTLED).free_surplus(&scene.bid.address()).unwrap();
    assert_eq!(scene.usdc()[0], (available + 100_000_000 - AMOUNT, locked - 100_000_000 + AMOUNT));
    let again = scene.world.free_surplus(&scene.bid.address());
    assert_refused(again, Refusal::NothingToFree);
    scene.world.at(CLEARS + 3_600).claim_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
    scene.world.refund(&scene.bid).unwrap();
    assert_eq!(scene.usdc()[0].1, 0);
}

#[test]
fn an_ask_keeps_the_stake_of_its_fills_and_the_rest_is_available() {
    let mut scene = generous();
    scene.world.show_terms(&scene.provider.key, &scene.clearing, 0).unwrap();
    assert_eq!(scene.stake().1, 1_000_000_000);
    scene.world.at(SETTLED).free_surplus(&scene.ask.address()).unwrap();
    assert_eq!(scene.stake(), (DEPOSIT_OBSC - 400_000_000, 400_000_000));
    scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.stake(), (DEPOSIT_OBSC, 0));
}

#[test]
fn nothing_is_freed_while_a_lease_may_open_or_hides_its_terms() {
    let mut scene = generous();
    let early = scene.world.free_surplus(&scene.bid.address());
    assert_refused(early, Refusal::LeasesMayOpen);
    let hidden = scene.world.at(SETTLED).free_surplus(&scene.bid.address());
    assert_refused(hidden, Refusal::TermsHidden);
}

#[test]
fn a_lock_that_fits_has_no_surplus_beyond_the_rounding() {
    let mut scene = leased();
    scene.world.show_terms(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene.world.at(SETTLED).free_surplus(&scene.bid.address()).unwrap();
    assert_eq!(scene.world.order(&scene.bid).freed, BID_LOCK - AMOUNT);
    let outcome = scene.world.free_surplus(&scene.ask.address());
    assert_refused(outcome, Refusal::NothingToFree);
}
