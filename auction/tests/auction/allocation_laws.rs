//! How fills become lease rows.

use obscura_auction::allocate::{Row, allocate};
use obscura_auction::book::Book;
use obscura_auction::check::{Violation, check_rows};
use obscura_auction::clear::{Clearing, clear};
use obscura_auction::order::Side;
use obscura_auction::units::Gpus;
use proptest::prelude::*;

use crate::books::{BookBuilder, any_book, book, laws};

fn rows_of(builder: BookBuilder) -> Vec<(u32, u32, u16)> {
    let book = builder.build();
    let clearing = clear(&book);
    let rows = allocate(&book, &clearing);
    assert_eq!(check_rows(&book, &clearing, &rows), Ok(()));
    rows.iter().map(|row| (row.bid, row.ask, row.qty.get())).collect()
}

fn filled_orders(book: &Book, clearing: &Clearing, side: Side) -> Vec<u16> {
    let of_side = clearing.fills.iter().filter(|fill| book.get(fill.index).unwrap().side == side);
    of_side.map(|fill| fill.qty.get()).collect()
}

/// The fewest asks whose fills together reach `qty`.
fn fewest_asks(mut asks: Vec<u16>, qty: u16) -> usize {
    asks.sort_unstable_by(|a, b| b.cmp(a));
    let mut reached = 0;
    1 + asks
        .into_iter()
        .take_while(|ask| {
            reached += u32::from(*ask);
            reached < u32::from(qty)
        })
        .count()
}

#[test]
fn a_bid_takes_the_ask_that_fits_it_most_closely() {
    assert_eq!(rows_of(book().bid(9, 2).bid(9, 4).ask(3, 4).ask(4, 2)), [(0, 3, 2), (1, 2, 4)]);
    // Put on the larger ask, the bid over 3 would leave two single GPUs for the last bid over 2.
    let rows = rows_of(book().bid(9, 3).bid(9, 2).bid(9, 2).ask(3, 4).ask(3, 3));
    assert_eq!(rows, [(0, 4, 3), (1, 3, 2), (2, 3, 2)]);
}

#[test]
fn bids_that_fit_beside_each_other_share_an_ask() {
    assert_eq!(rows_of(book().bid(9, 2).bid(9, 3).ask(3, 5)), [(0, 2, 2), (1, 2, 3)]);
}

#[test]
fn a_bid_larger_than_every_ask_is_split_over_the_largest() {
    let rows = rows_of(book().bid(9, 7).ask(3, 1).ask(3, 4).ask(3, 3).bid(8, 1));
    assert_eq!(rows, [(0, 2, 4), (0, 3, 3), (4, 1, 1)]);
}

#[test]
fn without_volume_there_are_no_rows() {
    assert_eq!(rows_of(book().bid(5, 1).ask(6, 1)), []);
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn rows_share_out_every_fill_exactly(book in any_book()) {
        let clearing = clear(&book);
        prop_assert_eq!(check_rows(&book, &clearing, &allocate(&book, &clearing)), Ok(()));
    }

    #[test]
    fn there_are_fewer_rows_than_filled_orders(book in any_book()) {
        let clearing = clear(&book);
        let rows = allocate(&book, &clearing);
        prop_assert!(rows.len() <= clearing.fills.len().saturating_sub(1));
    }

    #[test]
    fn the_largest_bid_is_on_as_few_asks_as_can_hold_it(book in any_book()) {
        let clearing = clear(&book);
        let largest = filled_orders(&book, &clearing, Side::Bid).into_iter().max();
        let Some(largest) = largest else { return Ok(()) };
        let first = clearing.fills.iter().find(|fill| {
            fill.qty.get() == largest && book.get(fill.index).unwrap().side == Side::Bid
        });
        let index = first.unwrap().index;
        let rows = allocate(&book, &clearing).iter().filter(|row| row.bid == index).count();
        prop_assert_eq!(rows, fewest_asks(filled_orders(&book, &clearing, Side::Ask), largest));
    }

    #[test]
    fn any_single_mutation_of_the_rows_is_refused(book in any_book()) {
        let clearing = clear(&book);
        let rows = allocate(&book, &clearing);
        for mutant in mutants(&rows) {
            prop_assert!(check_rows(&book, &clearing, &mutant).is_err(), "accepted {:?}", mutant);
        }
    }
}

fn mutants(rows: &[Row]) -> Vec<Vec<Row>> {
    let mut mutants = Vec::new();
    let mut mutate = |change: &dyn Fn(&mut Vec<Row>)| {
        let mut mutant = rows.to_vec();
        change(&mut mutant);
        mutants.push(mutant);
    };
    for (at, row) in rows.iter().copied().enumerate() {
        mutate(&|rows| {
            rows.remove(at);
        });
        mutate(&|rows| rows.insert(at, row));
        mutate(&|rows| rows[at].bid = row.ask);
        mutate(&|rows| rows[at].ask = row.bid);
        mutate(&|rows| rows[at].bid += 1);
        mutate(&|rows| rows[at].ask += 1);
        mutate(&|rows| rows[at].ask = u32::MAX);
        for qty in [row.qty.get() - 1, row.qty.get() + 1] {
            if let Ok(qty) = Gpus::new(qty) {
                mutate(&|rows| rows[at].qty = qty);
            }
        }
        if at > 0 {
            mutate(&|rows| rows.swap(at - 1, at));
        }
    }
    mutants
}

#[test]
fn each_broken_row_is_named() {
    let book = book().bid(9, 2).ask(3, 2).build();
    let clearing = clear(&book);
    let row = |bid, ask, qty| Row { bid, ask, qty: Gpus::new(qty).unwrap() };
    let refusal = |rows: &[Row]| check_rows(&book, &clearing, rows).unwrap_err();
    assert_eq!(refusal(&[]), Violation::RowSum { index: 0, expected: 2, got: 0 });
    assert_eq!(refusal(&[row(0, 1, 3)]), Violation::RowSum { index: 0, expected: 2, got: 3 });
    assert_eq!(refusal(&[row(1, 0, 2)]), Violation::RowSides { bid: 1, ask: 0 });
    assert_eq!(refusal(&[row(0, 7, 2)]), Violation::UnknownOrder { index: 7 });
    assert_eq!(refusal(&[row(0, 1, 1), row(0, 1, 1)]), Violation::RowsNotAscending { bid: 0, ask: 1 });
}
