//! What the circuit refuses about lease rows: their order, their sums, and what their terms hide.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use common::forge::Forge;
use common::{Batch, broken_groups, fr};
use obscura_auction::hashing;
use obscura_circuits::batch::ClearedLease;
use obscura_circuits::clearing::{ClearingWitness, RowWitness};
use obscura_circuits::field::element;
use obscura_circuits::lease_tree::{LeaseRow, LeaseTree};
use obscura_circuits::poseidon::{NativePoseidon, hash_elements};

const ASK_SUMS: &str = "rows of an ask sum to its fill";
const BID_SUMS: &str = "rows of a bid sum to its fill and have its duration";
const SECRETS: &str = "rows of a bid have its secret";

/// Two bids and two asks, both bids split over both asks: rows (0,2) (0,3) (1,2) (1,3).
fn split() -> Forge {
    Forge(Batch::new().bid(10, 5).bid(9, 5).ask(4, 5).ask(3, 5).witness()).leases(&square([2, 3, 3, 2]))
}

fn square([a, b, c, d]: [i64; 4]) -> [(usize, usize, Fr); 4] {
    [(0, 2, Fr::from(a)), (0, 3, Fr::from(b)), (1, 2, Fr::from(c)), (1, 3, Fr::from(d))]
}

fn row(at: usize, change: impl FnOnce(&mut RowWitness)) -> Forge {
    split().with(|witness| change(&mut witness.rows[at]))
}

#[test]
fn other_rows_with_the_right_sums_are_accepted() {
    split().holds();
    split().leases(&square([1, 4, 4, 1])).holds();
}

#[test]
fn rows_that_miss_a_bids_fill_are_refused() {
    split().leases(&square([2, 2, 3, 3])).breaks(&[BID_SUMS]);
    split().leases(&square([2, 3, 3, 2])[..2]).breaks(&[BID_SUMS, SECRETS, ASK_SUMS].sorted());
}

#[test]
fn rows_that_miss_an_asks_fill_are_refused() {
    split().leases(&square([3, 2, 3, 2])).breaks(&[ASK_SUMS]);
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
fn a_bid_cannot_start_twice() {
    let [a, b, c, d] = square([2, 3, 3, 2]);
    split().leases(&[a, c, d, b]).breaks(&[SECRETS, "rows strictly ascend"]);
    row(1, |row| row.starts = Fr::ONE).breaks_at_least(SECRETS);
}

#[test]
fn a_bid_cannot_go_on_as_another() {
    row(2, |row| row.starts = Fr::ZERO).breaks_at_least("rows of one bid share its secret");
}

#[test]
fn a_gap_between_used_rows_is_refused() {
    let one_row = || Forge(Batch::new().bid(10, 2).ask(4, 2).witness()).leases(&[(0, 1, fr(2))]);
    one_row().holds();
    one_row().with(|w| w.rows.swap(0, 3)).breaks_at_least("used rows come first");
}

#[test]
fn an_unused_row_that_says_something_is_refused() {
    let rule = "an unused row is zero";
    row(9, |row| row.ask = fr(3)).breaks(&[rule]);
    row(9, |row| row.bid = fr(3)).breaks(&[rule]);
    row(9, |row| row.qty = fr(1)).breaks(&[rule, BID_SUMS, ASK_SUMS].sorted());
}

#[test]
fn a_row_names_a_filled_ask_and_a_filled_bid() {
    for other in [1, 3, 7, 16] {
        row(0, |row| row.ask = fr(other)).breaks_at_least(ASK_SUMS);
    }
    row(3, |row| row.ask = fr(7)).breaks(&[ASK_SUMS]);
    row(3, |row| row.bid = fr(2)).breaks_at_least(BID_SUMS);
}

#[test]
fn a_row_has_its_bids_duration_and_secret() {
    row(0, |row| row.duration += Fr::ONE).breaks(&[BID_SUMS]);
    row(0, |row| row.secret += Fr::ONE).breaks(&[SECRETS, "rows of one bid share its secret"]);
    let both = split().with(|w| {
        w.rows[0].secret += Fr::ONE;
        w.rows[1].secret += Fr::ONE;
    });
    both.breaks(&[SECRETS]);
    row(1, |row| row.secret += Fr::ONE).breaks(&["rows of one bid share its secret"]);
}

/// The equations alone would let a prover choose once it knows the challenge; what it could choose is
/// bound before.
#[test]
fn packed_terms_cannot_be_read_in_another_way() {
    // One GPU more, 2^22 seconds less: the same packed terms.
    let shifted = row(0, |row| {
        row.qty += Fr::ONE;
        row.duration -= fr(1 << 22);
    });
    shifted.breaks(&[BID_SUMS, "row durations are in range", ASK_SUMS].sorted());
}

#[test]
fn flags_of_rows_are_bits() {
    row(0, |row| row.used = fr(2)).breaks_at_least("used rows come first");
    row(3, |row| row.used = fr(2)).breaks_at_least("used rows come first");
    row(2, |row| row.starts = fr(2)).breaks_at_least("only a used row starts a bid");
    row(0, |row| row.starts = Fr::ZERO).breaks_at_least("used rows come first");
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

trait Sorted {
    fn sorted(self) -> Self;
}

impl<const N: usize> Sorted for [&str; N] {
    fn sorted(mut self) -> Self {
        self.sort_unstable();
        self
    }
}

/// What `row_sums` hashes out of the public input.
fn challenges(witness: &ClearingWitness) -> [Fr; 2] {
    let role = fr(4) * fr(2).pow([64u64]);
    [role, role + Fr::ONE].map(|role| hash_elements(&[role, witness.statement_hash]).unwrap())
}

#[test]
fn an_unused_row_cannot_make_up_for_a_wrong_secret() {
    let wrong = split().with(|w| {
        w.rows[0].secret += Fr::ONE;
        w.rows[1].secret += Fr::ONE;
    });
    let mut witness = wrong.restated();
    let [x, y] = challenges(&witness);
    let fraction = |secret: Fr| (x - secret * y).inverse().unwrap();
    let missing = fraction(witness.orders[0].secret) - fraction(witness.rows[0].secret);
    // A row of bid 0 that is not used, starts the bid again and has just the secret that balances.
    let balancing = (x - missing.inverse().unwrap()) * y.inverse().unwrap();
    (witness.rows[8].secret, witness.rows[9].secret) = (balancing, balancing);
    witness.rows[9].starts = Fr::ONE;
    let rules = ["only a used row starts a bid", "rows of one bid share its secret"];
    assert_eq!(broken_groups(&witness), rules);
}

/// Whoever knows `x` could have a key that is `x`: its quotient would be free.
#[test]
fn an_unused_row_has_no_key_of_its_own() {
    let late = fr(123_456_789).square();
    let rule = "an unused row is zero";
    let hidden_ask = row(9, |row| (row.ask, row.bid) = (late, -late * fr(1 << 16).inverse().unwrap()));
    hidden_ask.breaks(&[rule]);
    row(9, |row| row.secret = late).breaks(&["rows of one bid share its secret"]);
    let no_rows = || Forge(Batch::new().bid(3, 2).ask(4, 2).witness());
    no_rows().holds();
    no_rows().with(|w| w.rows.iter_mut().for_each(|row| row.secret = late)).breaks(&["used rows come first"]);
    // A quantity that its ask cancels is in the leases root, at the index of no order.
    let cancelled = row(9, |row| (row.ask, row.qty) = (-fr(8192).inverse().unwrap(), Fr::ONE));
    cancelled.breaks(&[BID_SUMS, ASK_SUMS]);
}
