//! Whatever is changed about a clearing, `check` refuses it: one mutation at a time, all of them.

use obscura_auction::book::{Book, BookError, BookOrder};
use obscura_auction::check::{Violation, check};
use obscura_auction::clear::{Clearing, Fill, clear};
use obscura_auction::units::{Gpus, PriceMicro};
use proptest::prelude::*;

use crate::books::{any_book, book, laws};

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn any_single_mutation_of_a_clearing_is_refused(book in any_book()) {
        let clearing = clear(&book);
        for mutant in mutants(&book, &clearing) {
            prop_assert!(check(&book, &mutant).is_err(), "accepted {:?} for {:?}", mutant, clearing);
        }
    }
}

fn mutants(book: &Book, clearing: &Clearing) -> Vec<Clearing> {
    let mut mutants = of_numbers(clearing);
    mutants.extend(of_fills(book, clearing));
    mutants.extend(of_refusals(book, clearing));
    mutants
}

fn of_numbers(clearing: &Clearing) -> Vec<Clearing> {
    let mut mutants: Vec<Clearing> = [clearing.volume.wrapping_sub(1), clearing.volume + 1, u64::MAX]
        .into_iter()
        .map(|volume| Clearing { volume, ..clearing.clone() })
        .collect();
    for other in others(clearing.lo) {
        mutants.push(Clearing { lo: other, ..clearing.clone() });
    }
    for other in others(clearing.hi) {
        mutants.push(Clearing { hi: other, ..clearing.clone() });
    }
    for other in others(clearing.price) {
        mutants.push(Clearing { price: other, ..clearing.clone() });
    }
    mutants
}

fn others(price: Option<PriceMicro>) -> Vec<Option<PriceMicro>> {
    let Some(price) = price else { return vec![Some(PriceMicro::MIN), Some(PriceMicro::MAX)] };
    let near = [price.get() - 1, price.get() + 1].map(|price| PriceMicro::new(price).ok());
    [None, near[0], near[1]].into_iter().collect()
}

fn of_fills(book: &Book, clearing: &Clearing) -> Vec<Clearing> {
    let mut mutants = Vec::new();
    let mut mutate = |change: &dyn Fn(&mut Vec<Fill>)| {
        let mut mutant = clearing.clone();
        change(&mut mutant.fills);
        mutants.push(mutant);
    };
    for (at, fill) in clearing.fills.iter().copied().enumerate() {
        mutate(&|fills| {
            fills.remove(at);
        });
        mutate(&|fills| fills.insert(at, fill));
        mutate(&|fills| fills[at].index = u32::MAX);
        for qty in [fill.qty.get() - 1, fill.qty.get() + 1] {
            if let Ok(qty) = Gpus::new(qty) {
                mutate(&|fills| fills[at].qty = qty);
            }
        }
        if at > 0 {
            mutate(&|fills| fills.swap(at - 1, at));
        }
    }
    for order in book.orders() {
        if let Err(at) = clearing.fills.binary_search_by_key(&order.index, |fill| fill.index) {
            mutate(&|fills| fills.insert(at, Fill { index: order.index, qty: order.qty }));
            mutate(&|fills| fills.insert(at, Fill { index: order.index, qty: order.min_qty }));
        }
    }
    mutants
}

fn of_refusals(book: &Book, clearing: &Clearing) -> Vec<Clearing> {
    let refused = &clearing.refused_for_size;
    let mutate = |change: &dyn Fn(&mut Vec<u32>)| {
        let mut mutant = clearing.clone();
        change(&mut mutant.refused_for_size);
        mutant
    };
    let mut mutants = vec![mutate(&|refused| refused.push(u32::MAX))];
    for order in book.orders() {
        match refused.binary_search(&order.index) {
            Ok(at) => {
                mutants.push(mutate(&|refused| {
                    refused.remove(at);
                }));
                mutants.push(mutate(&|refused| refused.insert(at, order.index)));
            }
            Err(at) => mutants.push(mutate(&|refused| refused.insert(at, order.index))),
        }
    }
    mutants
}

#[test]
fn each_broken_rule_is_named() {
    let book = book().bid(10, 4).bid(8, 2).ask(5, 2).build();
    let honest = clear(&book);
    let refusal = |change: &dyn Fn(&mut Clearing)| {
        let mut mutant = honest.clone();
        change(&mut mutant);
        check(&book, &mutant).unwrap_err()
    };
    let price = |price| PriceMicro::new(price).ok();
    assert_eq!(
        refusal(&|clearing| clearing.price = price(7)),
        Violation::Price { expected: price(6), got: price(7) }
    );
    assert_eq!(refusal(&|clearing| clearing.lo = None), Violation::Lo { expected: price(5), got: None });
    assert_eq!(
        refusal(&|clearing| clearing.hi = price(9)),
        Violation::Hi { expected: price(8), got: price(9) }
    );
    assert_eq!(
        refusal(&|clearing| clearing.refused_for_size.clear()),
        Violation::RefusedForSize { index: 0, expected: true }
    );
    assert_eq!(
        refusal(&|clearing| {
            clearing.fills.remove(0);
        }),
        Violation::BidFill { index: 1, expected: 2, got: 0 }
    );
    assert_eq!(
        refusal(&|clearing| {
            clearing.fills.remove(1);
        }),
        Violation::AskFill { index: 2, expected: 2, got: 0 }
    );
    assert_eq!(refusal(&|clearing| clearing.volume = 3), Violation::Volume { bids: 2, asks: 2, got: 3 });
    assert_eq!(refusal(&|clearing| clearing.fills.swap(0, 1)), Violation::FillsNotAscending { index: 1 });
}

#[test]
fn a_book_refuses_orders_that_the_rule_does_not_know() {
    let honest = book().bid(10, 4).ask(5, 2).build();
    let [bid, ask] = [honest.orders()[0], honest.orders()[1]];
    let two = Gpus::new(2).unwrap();
    assert_eq!(
        Book::new(vec![ask, bid, BookOrder { index: 0, ..ask }]),
        Err(BookError::DuplicateIndex { index: 0 })
    );
    assert_eq!(
        Book::new(vec![BookOrder { qty: two, ..bid }]),
        Err(BookError::MinQtyAboveQty { index: 0, qty: two, got: bid.min_qty })
    );
    assert_eq!(
        Book::new(vec![BookOrder { min_qty: two, ..ask }]),
        Err(BookError::AskNotDivisible { index: 1, got: two })
    );
}
