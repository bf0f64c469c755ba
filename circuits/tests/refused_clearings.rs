//! What the circuit refuses about a clearing: ranking, fills and price.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use common::forge::Forge;
use common::{Batch, broken_groups, busy_batch, fr};
use obscura_auction::encoding::slot;
use obscura_auction::hashing;
use obscura_circuits::clearing::{ClearingWitness, RankWitness};
use obscura_circuits::field::{bytes, element};
use obscura_circuits::poseidon::NativePoseidon;

const OUTCOME: &str = "a bid's outcome is the one that what is left allows";
const RUNS_OUT: &str = "left runs out once";
const ASKS_RUN_OUT: &str = "asks run out once";
const MARGINAL: &str = "the marginal ask gives the rest";

/// Two bids of one price, and supply for one of them.
fn tied() -> Forge {
    Forge(Batch::new().bid(10, 2).bid(10, 2).ask(5, 2).witness())
}

#[test]
fn the_later_of_two_equal_bids_cannot_go_first() {
    tied().ranked(&[1, 0, 2]).leases(&[(1, 2, fr(2))]).breaks(&["keys strictly descend"]);
}

#[test]
fn the_dearer_ask_cannot_be_used_first() {
    let batch = Batch::new().bid(10, 2).ask(4, 2).ask(3, 2);
    Forge(batch.witness()).ranked(&[0, 2, 1]).leases(&[(0, 1, fr(2))]).breaks(&["keys strictly descend"]);
}

#[test]
fn an_ask_cannot_go_before_a_bid_of_its_price() {
    let batch = Batch::new().bid(5, 2).ask(5, 2);
    Forge(batch.witness()).ranked(&[1, 0]).leases(&[]).breaks(&["keys strictly descend"]);
}

#[test]
fn a_ranking_switch_that_is_no_bit_is_refused() {
    for switch in [0, 20, 55] {
        let crooked = tied().with(|w| w.ranking_switches[switch] = fr(2));
        crooked.breaks_at_least("ranking is a permutation");
    }
}

/// Of included orders; where those that are not included rank among themselves makes no difference.
#[test]
fn any_other_ranking_is_refused() {
    let full = (0..8).fold(Batch::new(), |batch, step| batch.bid(9 + step, 2).ask(3 + step, 3));
    for switch in 0..56 {
        let flipped =
            Forge(full.witness()).with(|w| w.ranking_switches[switch] = Fr::ONE - w.ranking_switches[switch]);
        assert!(!broken_groups(&flipped.restated()).is_empty(), "switch {switch}");
    }
}

#[test]
fn two_prices_are_the_same_or_fall() {
    // Called the same although they fall: then the ties must fall as well, and rise here.
    let batch = Forge(Batch::new().ask(9, 1).ask(7, 1).bid(8, 1).witness());
    batch.rank(0, |ask| ask.same_price = Fr::ONE).breaks(&["keys strictly descend"]);
    tied().rank(0, |bid| bid.same_price = Fr::ZERO).breaks(&["keys strictly descend"]);
    tied().rank(0, |bid| bid.same_price = fr(2)).breaks_at_least("keys strictly descend");
}

fn fill(full: u64, partial: u64) -> impl Fn(&mut RankWitness) {
    move |rank| (rank.full, rank.partial) = (fr(full), fr(partial))
}

#[test]
fn a_bid_that_could_be_filled_is_not_passed_over() {
    // Refused for its size although there was enough for it; the one behind takes its place.
    let batch = Batch::new().bid(10, 2).bid(9, 2).ask(5, 2);
    Forge(batch.witness())
        .rank(0, fill(0, 0))
        .rank(1, fill(1, 0))
        .rank(1, |bid| bid.spent = Fr::ZERO)
        .order(0, |bid| (bid.filled, bid.filled_bid) = (Fr::ZERO, Fr::ZERO))
        .order(1, |bid| (bid.filled, bid.filled_bid) = (Fr::ONE, Fr::ONE))
        .leases(&[(1, 2, fr(2))])
        .breaks(&[OUTCOME]);
}

#[test]
fn a_bid_does_not_get_less_than_its_minimum() {
    let batch = Batch::new().bid(10, 4).ask(5, 2);
    Forge(batch.witness()).rank(0, fill(0, 1)).breaks_at_least(OUTCOME);
}

#[test]
fn a_bid_does_not_get_less_than_it_could() {
    let batch = Batch::new().partial_bid(10, 2, 1).ask(5, 4);
    // Partial means everything that is left, which is more than it wants.
    Forge(batch.witness()).rank(0, fill(0, 1)).breaks_at_least("a partial bid gets less than it wants");
}

#[test]
fn a_bid_does_not_get_what_is_not_there() {
    tied().rank(1, fill(1, 0)).breaks_at_least("a bid is full, partial, refused or too late");
    let too_much = tied().rank(1, fill(1, 0)).rank(1, |bid| bid.spent = Fr::ZERO);
    too_much.breaks_at_least(OUTCOME);
}

#[test]
fn a_bid_has_one_outcome() {
    tied().rank(0, fill(1, 1)).breaks_at_least("a bid is full, partial, refused or too late");
    tied().rank(0, fill(2, 0)).breaks_at_least("a bid is full, partial, refused or too late");
    let an_ask_fills = tied().rank(2, fill(1, 0));
    an_ask_fills.breaks_at_least("a bid is full, partial, refused or too late");
}

#[test]
fn a_bid_that_came_too_late_is_not_refused_for_size() {
    // Refused, it would not count in the price; but nothing was left for it.
    let batch = Batch::new().bid(10, 2).bid(9, 2).ask(5, 2);
    let forged = Forge(batch.witness()).rank(1, |bid| bid.spent = Fr::ZERO);
    forged.breaks(&[RUNS_OUT]);
    // And the other way round.
    let batch = Batch::new().bid(10, 4).ask(5, 2);
    Forge(batch.witness())
        .with(|w| w.ranks.iter_mut().for_each(|rank| rank.spent = Fr::ONE))
        .breaks(&[RUNS_OUT]);
}

#[test]
fn what_is_left_runs_out_once_and_where_it_does() {
    tied().rank(0, |bid| bid.spent = Fr::ONE).breaks_at_least(RUNS_OUT);
    tied().rank(2, |ask| ask.spent = Fr::ZERO).breaks_at_least(RUNS_OUT);
    tied().rank(1, |bid| bid.spent = fr(2)).breaks_at_least(RUNS_OUT);
    tied().with(|w| w.ranks.iter_mut().for_each(|rank| rank.spent = Fr::ZERO)).breaks_at_least(RUNS_OUT);
}

#[test]
fn asks_run_out_once_and_where_they_do() {
    let forge = || Forge(Batch::new().bid(10, 3).ask(6, 2).ask(5, 2).witness());
    forge().holds();
    forge().rank(1, |dear| dear.used_up = Fr::ONE).breaks_at_least(MARGINAL);
    forge().rank(2, |cheap| cheap.used_up = Fr::ZERO).breaks_at_least(MARGINAL);
    forge().rank(0, |bid| bid.used_up = Fr::ONE).breaks_at_least(ASKS_RUN_OUT);
    forge().rank(2, |cheap| cheap.used_up = fr(2)).breaks_at_least(ASKS_RUN_OUT);
    let idle = Forge(Batch::new().bid(4, 1).ask(6, 2).witness());
    idle.rank(1, |ask| ask.used_up = Fr::ONE).breaks_at_least(ASKS_RUN_OUT);
}

#[test]
fn nobody_can_be_left_out_of_a_trade() {
    let nothing = |rank: &mut RankWitness| {
        (rank.full, rank.partial, rank.used_up) = (Fr::ZERO, Fr::ZERO, Fr::ZERO);
        rank.spent = Fr::ZERO;
    };
    let mut forge = Forge(Batch::new().bid(10, 2).ask(5, 2).witness()).leases(&[]);
    for index in 0..2 {
        forge = forge.rank(index, nothing).order(index, |order| {
            (order.filled, order.filled_bid) = (Fr::ZERO, Fr::ZERO);
        });
    }
    forge.breaks_at_least(OUTCOME);
}

#[test]
fn a_price_off_by_one_is_refused() {
    for (at, name) in [(10, "lo"), (20, "hi")] {
        let batch = Batch::new().bid(at, 2).ask(at, 2);
        let clearance = batch.clear();
        for change in [-1i64, 1] {
            let mut fields = clearance.statement.0;
            let price = fields.price.unwrap().get().checked_add_signed(change).unwrap();
            fields.price = obscura_auction::units::PriceMicro::new(price).ok();
            let mut witness = batch.witness();
            let hash = hashing::statement_hash::<NativePoseidon>(&fields.elements()).unwrap();
            witness.statement_hash = element(&hash).unwrap();
            assert!(broken_groups(&witness).contains(&"statement"), "{name} {change}");
        }
    }
}

#[test]
fn a_statement_that_differs_in_any_element_is_refused() {
    let clearance = busy_batch().clear();
    let honest = busy_batch().witness();
    for at in 0..slot::COUNT {
        let mut elements = clearance.statement.0.elements();
        elements[at] = bytes(element(&elements[at]).unwrap() + Fr::ONE);
        let hash = hashing::statement_hash::<NativePoseidon>(&elements).unwrap();
        let mut witness = honest.clone();
        witness.statement_hash = element(&hash).unwrap();
        assert_eq!(broken_groups(&witness), ["statement"], "element {at}");
    }
}

#[test]
fn a_witness_of_another_statement_is_refused() {
    let changes: [fn(&mut ClearingWitness); 4] = [
        |w| w.program += Fr::ONE,
        |w| w.market += Fr::ONE,
        |w| w.batch_index += Fr::ONE,
        |w| w.fee_bps += Fr::ONE,
    ];
    for change in changes {
        let mut witness = busy_batch().witness();
        change(&mut witness);
        assert_eq!(broken_groups(&witness), ["statement"]);
    }
}
