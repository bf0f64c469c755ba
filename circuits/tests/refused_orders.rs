//! What the circuit refuses about single orders: the forger keeps everything else consistent.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use common::forge::Forge;
use common::{Batch, busy_batch, fr};
use obscura_circuits::clearing::SlotWitness;

const TWO_TO_64: u128 = 1 << 64;

/// One bid, one ask too dear for it, one hidden order.
fn exact() -> Forge {
    Forge(Batch::new().bid(100, 2).ask(200, 3).bid(90, 1).hidden().witness())
}

/// The same with locks that suffice for anything.
fn forge() -> Forge {
    let mut batch = Batch::new().bid(100, 2).ask(200, 3).bid(90, 1).hidden();
    for order in &mut batch.0.orders {
        order.lock.amount = 1 << 63;
    }
    Forge(batch.witness())
}

/// Changes an order and commits to the change; nobody in the batch trades.
fn recommitted(index: usize, change: impl FnOnce(&mut SlotWitness)) -> Forge {
    forge().slot(index, change).recommit(index).rerank()
}

#[test]
fn a_forger_who_changes_nothing_is_not_refused() {
    forge().rerank().leases(&[]).holds();
    recommitted(0, |bid| bid.secret = fr(5)).holds();
    Forge(busy_batch().witness()).rerank().holds();
}

#[test]
fn market_parameters_wider_than_their_bits_are_refused() {
    let wide = |bits: u64| fr(2).pow([bits]);
    forge().with(|w| w.fee_bps = wide(16)).breaks(&["market parameters"]);
    forge().with(|w| w.batch_index = wide(64)).breaks(&["market parameters"]);
    let retagged = forge().with(|w| w.market_tag = wide(64)).recommit(0).recommit(1);
    retagged.breaks(&["market parameters"]);
    let bounds = |min, max| {
        let asks_only = Forge(Batch::new().ask(5, 1).hidden().witness());
        asks_only.with(|w| (w.min_duration, w.max_duration) = (min, max))
    };
    bounds(wide(22), fr(1)).breaks(&["market parameters"]);
    bounds(fr(1), wide(22)).breaks(&["market parameters"]);
}

#[test]
fn an_order_after_an_empty_slot_is_refused() {
    forge().slot(0, |slot| *slot = SlotWitness::default()).rerank().breaks(&["active slots come first"]);
}

#[test]
fn flags_that_are_no_bits_are_refused() {
    forge().slot(2, |slot| slot.active = fr(2)).breaks(&["an empty slot is all zero", "slot flags"]);
    forge().slot(2, |slot| slot.is_bid = fr(2)).breaks_at_least("slot flags");
    forge().slot(2, |slot| slot.is_ask = -Fr::ONE).breaks_at_least("slot flags");
}

#[test]
fn an_order_that_is_both_bid_and_ask_is_refused() {
    recommitted(1, |slot| slot.is_bid = Fr::ONE).breaks_at_least("slot flags");
}

#[test]
fn an_included_order_in_an_empty_slot_is_refused() {
    let order = forge().0.slots[0];
    forge()
        .slot(3, |slot| *slot = SlotWitness { active: fr(0), ..order })
        .rerank()
        .breaks(&["an empty slot is all zero", "included is a subset of active"]);
}

#[test]
fn an_empty_slot_that_absorbs_something_is_refused() {
    let changes: [fn(&mut SlotWitness); 3] =
        [|slot| slot.commit_hash = fr(7), |slot| slot.owner = fr(7), |slot| slot.side_lock = fr(7)];
    for change in changes {
        forge().slot(3, change).breaks(&["an empty slot is all zero"]);
        forge().slot(15, change).breaks(&["an empty slot is all zero"]);
    }
}

#[test]
fn a_price_outside_its_range_is_refused() {
    recommitted(0, |bid| bid.price = Fr::ZERO).breaks(&["price range"]);
    recommitted(1, |ask| ask.price = fr(1 << 40)).breaks(&["price range"]);
    recommitted(1, |ask| ask.price = -Fr::ONE).breaks_at_least("price range");
}

#[test]
fn a_quantity_outside_its_range_is_refused() {
    recommitted(0, |bid| (bid.qty, bid.min_qty) = (fr(4097), fr(4096))).breaks(&["quantity range"]);
    recommitted(0, |bid| (bid.qty, bid.min_qty) = (fr(0), fr(0))).breaks(&["quantity range"]);
    recommitted(0, |bid| bid.min_qty = fr(0)).breaks(&["quantity range"]);
}

#[test]
fn a_minimum_above_the_quantity_is_refused() {
    recommitted(0, |bid| bid.min_qty = fr(3)).breaks(&["minQty is at most qty"]);
}

#[test]
fn an_ask_with_a_minimum_is_refused() {
    recommitted(1, |ask| ask.min_qty = fr(2)).breaks(&["an ask's minQty is one"]);
}

#[test]
fn an_order_that_is_not_included_but_counts_is_refused() {
    let rule = &["not included means zero"];
    forge().slot(2, |hidden| hidden.qty = fr(1)).rerank().breaks(rule);
    forge().slot(2, |hidden| hidden.price = fr(1)).rerank().breaks_at_least(rule[0]);
    forge().slot(9, |empty| empty.min_qty = fr(1)).rerank().breaks_at_least(rule[0]);
}

#[test]
fn a_duration_outside_the_markets_bounds_is_refused() {
    for seconds in [0, 59, 604_801] {
        recommitted(0, |bid| bid.duration = fr(seconds)).breaks(&["duration range"]);
    }
    for seconds in [604_799, 2_592_001] {
        recommitted(1, |ask| ask.duration = fr(seconds)).breaks(&["duration range"]);
    }
    recommitted(0, |bid| bid.duration = fr(60)).holds();
    recommitted(1, |ask| ask.duration = fr(604_800)).holds();
}

#[test]
fn a_lock_of_the_other_side_is_refused() {
    let rule = "lock is of this side";
    forge().slot(0, |bid| bid.side_lock += Fr::from(TWO_TO_64)).breaks_at_least(rule);
    forge().slot(1, |ask| ask.side_lock -= Fr::from(TWO_TO_64)).breaks_at_least(rule);
}

#[test]
fn a_lock_one_unit_too_small_is_refused() {
    exact().slot(0, |bid| bid.side_lock -= Fr::ONE).breaks(&["lock suffices"]);
    exact().slot(1, |ask| ask.side_lock -= Fr::ONE).breaks(&["lock suffices"]);
    exact().slot(0, |bid| bid.side_lock += Fr::ONE).holds();
}

#[test]
fn a_lock_below_the_quantity_does_not_wrap_around() {
    exact().slot(0, |bid| bid.side_lock = Fr::ZERO).breaks(&["lock suffices"]);
    exact().slot(1, |ask| ask.side_lock = Fr::from(TWO_TO_64)).breaks(&["lock suffices"]);
}

#[test]
fn an_opening_that_differs_from_the_commitment_is_refused() {
    let rule = &["opening hashes to the commitment"];
    forge().slot(0, |bid| bid.secret += Fr::ONE).breaks(rule);
    forge().slot(0, |bid| bid.owner += Fr::ONE).breaks(rule);
    forge().slot(0, |bid| bid.commit_hash += Fr::ONE).breaks(rule);
    forge().slot(0, |bid| bid.price -= Fr::ONE).breaks(rule);
    forge().slot(1, |ask| ask.duration -= Fr::ONE).breaks(rule);
}

#[test]
fn an_order_of_another_market_is_refused() {
    forge().with(|w| w.market_tag += Fr::ONE).breaks(&["opening hashes to the commitment"]);
}
