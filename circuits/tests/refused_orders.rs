//! What the circuit refuses about single orders: the forger keeps everything else consistent.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use common::forge::{Forge, Terms};
use common::{Batch, busy_batch, fr};
use obscura_circuits::clearing::OrderWitness;

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
fn recommitted(index: usize, change: impl FnOnce(&mut Terms)) -> Forge {
    forge().terms(index, change)
}

#[test]
fn a_forger_who_changes_nothing_is_not_refused() {
    forge().rerank().leases(&[]).holds();
    forge().order(0, |bid| bid.secret = fr(5)).recommit(0).holds();
    recommitted(0, |bid| bid.price = fr(101)).holds();
    recommitted(0, |bid| (bid.qty, bid.min_qty) = (fr(4096), fr(1))).holds();
    Forge(busy_batch().witness()).rerank().holds();
}

#[test]
fn market_parameters_wider_than_their_bits_are_refused() {
    let wide = |bits: u64| fr(2).pow([bits]);
    forge().with(|w| w.fee_bps = wide(16)).breaks(&["market parameters"]);
    forge().with(|w| w.batch_index = wide(64)).breaks(&["market parameters"]);
    let empty = || Forge(Batch::new().bid(5, 1).hidden().witness());
    empty().with(|w| w.market_tag = wide(64)).breaks(&["market parameters"]);
    empty().with(|w| (w.min_duration, w.max_duration) = (wide(22), fr(1))).breaks(&["market parameters"]);
    empty().with(|w| (w.min_duration, w.max_duration) = (fr(1), wide(22))).breaks(&["market parameters"]);
}

#[test]
fn an_order_after_an_empty_slot_is_refused() {
    let gap = forge().order(3, |slot| slot.active = Fr::ONE).order(2, |slot| slot.active = Fr::ZERO);
    gap.breaks(&["active orders come first"]);
}

#[test]
fn flags_that_are_no_bits_are_refused() {
    forge().order(2, |order| order.active = fr(2)).breaks_at_least("active orders come first");
    forge().order(0, |order| order.included = fr(2)).breaks_at_least("order flags");
    forge().order(0, |order| order.filled = fr(2)).breaks_at_least("order flags");
    forge().order(0, |order| order.filled_bid = -Fr::ONE).breaks_at_least("order flags");
    forge().rank(0, |order| order.included = fr(2)).breaks_at_least("words have one reading");
    forge().rank(1, |order| order.is_ask = fr(2)).breaks_at_least("words have one reading");
}

#[test]
fn an_order_in_an_empty_slot_is_not_included() {
    let last = Forge(Batch::new().bid(100, 2).witness()).order(0, |bid| bid.active = Fr::ZERO);
    last.breaks(&["order flags"]);
}

#[test]
fn an_order_that_is_not_included_is_not_filled() {
    // A secret that goes with the flag, so that only their number is wrong.
    let quarter = fr(4).inverse().unwrap();
    for index in [2, 9] {
        let filled = forge().order(index, |slot| (slot.filled, slot.secret) = (Fr::ONE, -quarter));
        filled.breaks(&["no flag without a fill"]);
        let bid = forge().order(index, |slot| (slot.filled_bid, slot.secret) = (Fr::ONE, -quarter));
        bid.breaks(&["no flag without a fill", "rows of a bid have its secret"]);
    }
}

/// Nothing binds it, and whoever knows the challenge could choose one whose key is the challenge.
#[test]
fn an_order_that_is_not_included_has_no_secret() {
    for index in [2, 9] {
        forge().order(index, |slot| slot.secret = fr(7)).breaks(&["openings hash to their commitments"]);
    }
}

#[test]
fn an_order_is_not_included_without_its_opening() {
    let opened = OrderWitness { included: Fr::ONE, ..forge().0.orders[2] };
    forge().order(2, |hidden| *hidden = opened).breaks_at_least("openings hash to their commitments");
}

#[test]
fn a_word_that_is_not_read_is_missed() {
    // The bid counts as included, but its rank takes it for nothing.
    let ignored = forge().order(0, |bid| bid.packed = Fr::ZERO).recommit(0).rank(0, |rank| {
        let place = rank.place;
        *rank = obscura_circuits::clearing::RankWitness { place, ..Default::default() };
    });
    ignored.rerank().breaks(&["as many words as included orders"]);
}

#[test]
fn a_word_cannot_be_read_where_there_is_none() {
    forge().rank(2, |hidden| hidden.included = Fr::ONE).breaks_at_least("duration range");
    forge().rank(0, |bid| bid.included = Fr::ZERO).breaks_at_least("words have one reading");
}

#[test]
fn a_word_cannot_be_read_in_another_way() {
    // One GPU more, and 2^13 micro-USDC less.
    let shifted = |rank: &mut obscura_circuits::clearing::RankWitness| {
        rank.qty += fr(1 << 13);
        rank.price -= Fr::ONE;
    };
    forge().rank(0, shifted).breaks_at_least("quantity range");
    // A fraction of a price, made good by the quantity.
    let halved = |rank: &mut obscura_circuits::clearing::RankWitness| {
        rank.price += fr(4096).inverse().unwrap();
        rank.qty -= fr(2);
    };
    forge().rank(0, halved).breaks_at_least("keys strictly descend");
    // A second taken from the minimum.
    let longer = |rank: &mut obscura_circuits::clearing::RankWitness| rank.min_qty -= Fr::ONE;
    forge().rank(0, longer).breaks_at_least("duration range");
}

#[test]
fn a_price_outside_its_range_is_refused() {
    // It would rank among those that are no orders.
    recommitted(0, |bid| bid.price = Fr::ZERO).breaks_at_least("keys strictly descend");
    Forge(Batch::new().ask(5, 1).witness())
        .terms(0, |ask| ask.price = Fr::ZERO)
        .breaks_at_least("keys strictly descend");
    recommitted(1, |ask| ask.price = fr(1 << 40)).breaks_at_least("price range");
    recommitted(1, |ask| ask.price = fr((1 << 40) - 1)).holds();
}

#[test]
fn a_quantity_outside_its_range_is_refused() {
    recommitted(0, |bid| (bid.qty, bid.min_qty) = (fr(4097), fr(4096))).breaks(&["quantity range"]);
    recommitted(0, |bid| (bid.qty, bid.min_qty) = (fr(0), fr(0))).breaks_at_least("quantity range");
    recommitted(0, |bid| bid.min_qty = fr(0)).breaks_at_least("quantity range");
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
fn an_index_past_the_batch_is_refused() {
    // The lock makes the tag good: 2^80 for each index.
    let step = fr(2).pow([80]);
    let moved = forge().rank(1, |ask| ask.place = fr(17)).order(1, |ask| ask.side_lock += step * fr(16));
    moved.breaks_at_least("an index is below the size");
}

#[test]
fn a_lock_of_the_other_side_is_refused() {
    forge().order(0, |bid| bid.side_lock = -bid.side_lock).breaks(&["locks suffice"]);
    forge().order(1, |ask| ask.side_lock = -ask.side_lock).breaks(&["locks suffice"]);
}

#[test]
fn a_lock_one_unit_too_small_is_refused() {
    exact().order(0, |bid| bid.side_lock -= Fr::ONE).breaks(&["locks suffice"]);
    exact().order(1, |ask| ask.side_lock += Fr::ONE).breaks(&["locks suffice"]);
    exact().order(0, |bid| bid.side_lock += Fr::ONE).holds();
    exact().order(1, |ask| ask.side_lock -= Fr::ONE).holds();
}

#[test]
fn a_lock_below_the_quantity_does_not_wrap_around() {
    exact().order(0, |bid| bid.side_lock = Fr::ZERO).breaks(&["locks suffice"]);
    exact().order(1, |ask| ask.side_lock = Fr::ZERO).breaks(&["locks suffice"]);
}

#[test]
fn an_order_keeps_its_own_index_and_flags_on_its_way_to_its_rank() {
    // Whatever is read of the tag, what is left of it is a lock, and must be one.
    forge().rank(0, |bid| bid.place = fr(5)).breaks_at_least("locks suffice");
    let flagged = |change: fn(&mut OrderWitness)| forge().order(0, change).breaks_at_least("locks suffice");
    flagged(|bid| bid.filled = Fr::ONE);
    flagged(|bid| bid.filled_bid = Fr::ONE);
    flagged(|bid| (bid.filled, bid.filled_bid) = (Fr::ONE, Fr::ONE));
}

#[test]
fn an_opening_that_differs_from_the_commitment_is_refused() {
    let rule = &["openings hash to their commitments"];
    forge().order(0, |bid| bid.secret += Fr::ONE).breaks(rule);
    forge().order(0, |bid| bid.owner += Fr::ONE).breaks(rule);
    forge().order(0, |bid| bid.commit_hash += Fr::ONE).breaks(rule);
    let cheaper = forge().terms(0, |bid| bid.price -= Fr::ONE);
    let committed = forge().0.orders[0].commit_hash;
    cheaper.order(0, |bid| bid.commit_hash = committed).breaks(rule);
}

#[test]
fn an_order_of_another_market_or_version_is_refused() {
    // The word's head does not match, so its last field cannot.
    forge().with(|w| w.market_tag += Fr::ONE).breaks_at_least("duration range");
    let version = fr(2).pow([153]);
    forge().order(0, |bid| bid.packed += version).recommit(0).breaks_at_least("duration range");
}
