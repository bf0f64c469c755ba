//! What the circuit refuses about a clearing: ranking, fills, price and lease rows.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use common::forge::{Forge, switches};
use common::{Batch, broken_groups, busy_batch, fr};
use obscura_auction::encoding::slot;
use obscura_auction::hashing;
use obscura_circuits::batch::ClearedLease;
use obscura_circuits::clearing::ClearingWitness;
use obscura_circuits::field::{bytes, element};
use obscura_circuits::lease_tree::{LeaseRow, LeaseTree};
use obscura_circuits::poseidon::NativePoseidon;

/// Two bids of one price, and supply for one of them.
fn tied() -> Forge {
    Forge(Batch::new().bid(10, 2).bid(10, 2).ask(5, 2).witness())
}

/// Two bids and two asks, both bids split over both asks: rows (0,2) (0,3) (1,2) (1,3).
fn split() -> Forge {
    Forge(Batch::new().bid(10, 5).bid(9, 5).ask(4, 5).ask(3, 5).witness()).leases(&square([2, 3, 3, 2]))
}

fn square([a, b, c, d]: [i64; 4]) -> [(usize, usize, Fr); 4] {
    [(0, 2, Fr::from(a)), (0, 3, Fr::from(b)), (1, 2, Fr::from(c)), (1, 3, Fr::from(d))]
}

#[test]
fn other_rows_with_the_right_sums_are_accepted() {
    split().holds();
    split().leases(&square([1, 4, 4, 1])).holds();
}

#[test]
fn the_later_of_two_equal_bids_cannot_go_first() {
    tied()
        .slot(0, |bid| bid.fill = Fr::ZERO)
        .slot(1, |bid| bid.fill = fr(2))
        .ranked(&[1, 0, 2])
        .leases(&[(1, 2, fr(2))])
        .breaks(&["keys strictly descend"]);
}

#[test]
fn a_ranking_switch_that_is_no_bit_is_refused() {
    for switch in [0, 20, 55] {
        let crooked = tied().with(|w| w.ranking_switches[switch] = fr(2));
        crooked.breaks_at_least("ranking is a permutation");
    }
}

#[test]
fn any_other_ranking_is_refused() {
    for switch in 0..56 {
        let flipped = Forge(busy_batch().witness())
            .with(|w| w.ranking_switches[switch] = Fr::ONE - w.ranking_switches[switch]);
        flipped.breaks_at_least("keys strictly descend");
    }
}

#[test]
fn a_fill_that_differs_from_the_rule_is_refused() {
    let rule = &["fills are the rule's"];
    // A bid ahead gives way to one behind.
    tied()
        .slot(0, |bid| bid.fill = Fr::ZERO)
        .slot(1, |bid| bid.fill = fr(2))
        .leases(&[(1, 2, fr(2))])
        .breaks(rule);
    // Nobody trades although they could.
    tied().slot(0, |bid| bid.fill = Fr::ZERO).slot(2, |ask| ask.fill = Fr::ZERO).leases(&[]).breaks(rule);
    // Less than the bid asks for, all or none.
    tied()
        .slot(0, |bid| bid.fill = fr(1))
        .slot(2, |ask| ask.fill = fr(1))
        .leases(&[(0, 2, fr(1))])
        .breaks(rule);
    // More than is offered.
    tied()
        .slot(1, |bid| bid.fill = fr(2))
        .slot(2, |ask| ask.fill = fr(4))
        .leases(&[(0, 2, fr(2)), (1, 2, fr(2))])
        .breaks(rule);
}

#[test]
fn the_dearer_ask_cannot_be_used_first() {
    let batch = Batch::new().bid(10, 2).ask(4, 2).ask(3, 2);
    Forge(batch.witness())
        .slot(1, |dear| dear.fill = fr(2))
        .slot(2, |cheap| cheap.fill = Fr::ZERO)
        .leases(&[(0, 1, fr(2))])
        .breaks(&["fills are the rule's"]);
}

#[test]
fn an_order_without_an_opening_cannot_be_filled() {
    let batch = Batch::new().bid(10, 2).hidden().ask(4, 2);
    Forge(batch.witness())
        .slot(0, |hidden| hidden.fill = fr(2))
        .slot(1, |ask| ask.fill = fr(2))
        .breaks_at_least("filled bits");
}

#[test]
fn rows_that_miss_a_bids_fill_are_refused() {
    split().leases(&square([2, 2, 3, 3])).breaks(&["rows of a bid sum to its fill"]);
    split()
        .leases(&square([2, 3, 3, 2])[..2])
        .breaks(&["rows of a bid sum to its fill", "rows of an ask sum to its fill"]);
}

#[test]
fn rows_that_miss_an_asks_fill_are_refused() {
    split().leases(&square([3, 2, 3, 2])).breaks(&["rows of an ask sum to its fill"]);
}

#[test]
fn a_row_of_a_negative_quantity_is_refused_though_the_sums_are_right() {
    split().leases(&square([6, -1, -1, 6])).breaks(&["a used row has a quantity"]);
}

#[test]
fn a_used_row_of_no_gpus_is_refused() {
    split().leases(&square([0, 5, 5, 0])).breaks(&["a used row has a quantity"]);
}

#[test]
fn one_pair_in_two_rows_is_refused() {
    let leases = [(0, 2, fr(2)), (0, 3, fr(2)), (0, 3, fr(1)), (1, 2, fr(3)), (1, 3, fr(2))];
    split().leases(&leases).breaks(&["rows strictly ascend"]);
}

#[test]
fn rows_out_of_order_are_refused() {
    let [a, b, c, d] = square([2, 3, 3, 2]);
    split().leases(&[b, a, c, d]).breaks(&["rows strictly ascend"]);
    split().leases(&[c, d, a, b]).breaks(&["rows strictly ascend"]);
}

#[test]
fn a_bid_in_two_runs_of_rows_is_refused() {
    let [a, b, c, d] = square([2, 3, 3, 2]);
    split().leases(&[a, c, d, b]).breaks_at_least("rows of a bid sum to its fill");
}

#[test]
fn a_gap_between_used_rows_is_refused() {
    let one_row = || Forge(Batch::new().bid(10, 2).ask(4, 2).witness()).leases(&[(0, 1, fr(2))]);
    one_row().holds();
    let mut later = one_row().0;
    later.rows.swap(0, 3);
    // The bid and the row must be sent to where the row is now.
    let shifted = Forge(later).with(move_row_to_three);
    shifted.breaks(&["used rows come first"]);
}

fn move_row_to_three(witness: &mut ClearingWitness) {
    let to = |order: [usize; 4]| switches(&order.into_iter().chain(4..16).collect::<Vec<_>>());
    witness.bid_switches = to([1, 2, 3, 0]);
    witness.ask_row_switches = to([3, 0, 1, 2]);
}

#[test]
fn an_unused_row_that_says_something_is_refused() {
    let rule = &["an unused row is zero"];
    split().with(|w| w.rows[9].ask = fr(3)).breaks(rule);
    split().with(|w| w.rows[9].qty = fr(1)).breaks_at_least(rule[0]);
}

#[test]
fn a_row_cannot_name_an_order_that_is_not_its_ask() {
    let rule = "rows point to their asks";
    for other in [1, 3, 7, 16] {
        split().with(|w| w.rows[0].ask = fr(other)).breaks_at_least(rule);
    }
    split().with(|w| w.rows[3].ask = fr(7)).breaks(&[rule]);
}

#[test]
fn an_order_cannot_be_moved_off_the_rows_it_fills() {
    // The last column's first switch trades the first two places.
    const FIRST_PAIR: usize = 48;
    let flip = |switches: &mut Vec<Fr>| switches[FIRST_PAIR] = Fr::ONE - switches[FIRST_PAIR];
    split().with(|w| flip(&mut w.bid_switches)).breaks_at_least("rows of a bid sum to its fill");
    split().with(|w| flip(&mut w.ask_switches)).breaks_at_least("rows of an ask sum to its fill");
}

#[test]
fn rows_of_two_asks_cannot_share_a_run() {
    // Left in row order, the asks alternate.
    let in_row_order: Vec<usize> = (0..16).collect();
    split().with(|w| w.ask_row_switches = switches(&in_row_order)).breaks(&["rows point to their asks"]);
}

#[test]
fn switches_of_the_row_networks_are_bits() {
    split().with(|w| w.bid_switches[3] = fr(2)).breaks_at_least("rows point to their bids");
    split().with(|w| w.ask_switches[3] = fr(2)).breaks_at_least("rows point to their asks");
    split().with(|w| w.ask_row_switches[3] = fr(2)).breaks_at_least("rows point to their asks");
}

#[test]
fn a_place_cannot_start_and_continue_a_run_at_once() {
    split().with(|w| w.rows[0].continues = Fr::ONE).breaks_at_least("rows point to their bids");
    split().with(|w| w.rows[9].continues = fr(2)).breaks_at_least("rows point to their bids");
    split().with(|w| w.ask_list[0].continues = Fr::ONE).breaks_at_least("rows point to their asks");
    split().with(|w| w.ask_list[9].starts = fr(2)).breaks_at_least("rows point to their asks");
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
fn a_row_whose_blind_was_made_with_another_ask_index_is_refused() {
    let clearance = Batch::new().bid(10, 5).ask(4, 3).ask(3, 2).clear();
    let (ask, sibling) = (1, 2);
    assert_eq!(clearance.leases.iter().map(|lease| lease.ask).collect::<Vec<_>>(), [ask, sibling]);
    let hash_with = |row: usize, index: u16| {
        let mut rows: Vec<LeaseRow> = clearance.leases.iter().map(ClearedLease::row).collect();
        let secret = *clearance.inputs.orders[0].opening.as_ref().unwrap().secret.reduced();
        let blind = hashing::blind::<NativePoseidon>(secret, index).unwrap();
        let ClearedLease { qty, duration, ask, .. } = clearance.leases[row];
        rows[row].terms = hashing::terms::<NativePoseidon>(qty, duration, ask, blind).unwrap();
        let mut fields = clearance.statement.0;
        fields.leases_root = LeaseTree::build(clearance.inputs.size, &rows).unwrap().root();
        hashing::statement_hash::<NativePoseidon>(&fields.elements()).unwrap()
    };
    let broken = |hash: [u8; 32]| {
        let mut witness = ClearingWitness::of(&clearance);
        witness.statement_hash = element(&hash).unwrap();
        broken_groups(&witness)
    };
    for (row, own) in [(0, ask), (1, sibling)] {
        assert!(broken(hash_with(row, own)).is_empty());
        for other in [0, ask, sibling, u16::MAX].into_iter().filter(|other| *other != own) {
            assert_eq!(broken(hash_with(row, other)), ["statement"], "row {row} under ask {other}");
        }
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
