//! The rule said differently, and tried out: every combination of fills, every price.
//!
//! Of all fills that supply can serve, the clearing has the one that gives most to the best-ranked bid,
//! then to the next; likewise for the asks, cheapest first. Its price interval holds exactly the prices
//! that nobody who traded, and nobody who was left out, objects to.

use obscura_auction::book::{Book, BookOrder};
use obscura_auction::clear::{Clearing, clear};
use obscura_auction::order::Side;
use proptest::prelude::*;

use crate::books::{book, laws, tiny_book};

/// Every price of a tiny book is below it.
const PRICES: std::ops::RangeInclusive<u64> = 1..=6;

fn side(book: &Book, side: Side) -> Vec<BookOrder> {
    let mut orders: Vec<BookOrder> =
        book.orders().iter().filter(|order| order.side == side).copied().collect();
    orders.sort_by_key(|order| {
        let price = order.price.get() as i64;
        (if side == Side::Bid { -price } else { price }, order.index)
    });
    orders
}

/// Every way to fill the orders, each with nothing or with `min_qty ..= qty`.
fn all_fills(orders: &[BookOrder]) -> Vec<Vec<u64>> {
    orders.iter().fold(vec![Vec::new()], |fills, order| {
        let choices = std::iter::once(0).chain(order.min_qty.get()..=order.qty.get());
        let choices: Vec<u64> = choices.map(u64::from).collect();
        let extended = |fill: &Vec<u64>, got: u64| fill.iter().copied().chain([got]).collect();
        fills
            .iter()
            .flat_map(|fill| choices.iter().map(|got| extended(fill, *got)).collect::<Vec<_>>())
            .collect()
    })
}

/// What bids of this rank and better got is offered at this bid's price or below.
fn is_served(bids: &[BookOrder], fills: &[u64], asks: &[BookOrder]) -> bool {
    (0..bids.len()).filter(|at| fills[*at] > 0).all(|at| {
        let offered = asks.iter().filter(|ask| ask.price <= bids[at].price);
        let offered: u64 = offered.map(|ask| u64::from(ask.qty.get())).sum();
        fills[..=at].iter().sum::<u64>() <= offered
    })
}

fn best_bid_fills(bids: &[BookOrder], asks: &[BookOrder]) -> Vec<u64> {
    all_fills(bids).into_iter().filter(|fills| is_served(bids, fills, asks)).max().unwrap()
}

fn best_ask_fills(asks: &[BookOrder], volume: u64) -> Vec<u64> {
    all_fills(asks).into_iter().filter(|fills| fills.iter().sum::<u64>() == volume).max().unwrap()
}

fn wanted(order: &BookOrder) -> u64 {
    u64::from(order.qty.get())
}

/// Whether somebody objects to trading, or to being left out, at this price.
fn stands(
    price: u64,
    (bids, got): (&[BookOrder], &[u64]),
    (asks, gave): (&[BookOrder], &[u64]),
    refused: &[u32],
) -> bool {
    let bids_agree = bids.iter().zip(got).all(|(bid, got)| {
        let left_out = *got < wanted(bid) && !refused.contains(&bid.index);
        !(*got > 0 && bid.price.get() < price || left_out && bid.price.get() > price)
    });
    let asks_agree = asks.iter().zip(gave).all(|(ask, gave)| {
        !(*gave > 0 && ask.price.get() > price || *gave < wanted(ask) && ask.price.get() < price)
    });
    bids_agree && asks_agree
}

/// A bid that could have had something at its turn, but less than its minimum.
fn refused(bids: &[BookOrder], fills: &[u64], asks: &[BookOrder]) -> Vec<u32> {
    let could_have_one = |at: usize| {
        let mut with_one = fills[..=at].to_vec();
        with_one[at] = 1;
        is_served(&bids[..=at], &with_one, asks)
    };
    let mut refused: Vec<u32> = (0..bids.len())
        .filter(|at| fills[*at] == 0 && could_have_one(*at))
        .map(|at| bids[at].index)
        .collect();
    refused.sort_unstable();
    refused
}

fn fills_of(clearing: &Clearing, orders: &[BookOrder]) -> Vec<u64> {
    let fill = |order: &BookOrder| clearing.fills.iter().find(|fill| fill.index == order.index);
    orders.iter().map(|order| fill(order).map_or(0, |fill| u64::from(fill.qty.get()))).collect()
}

fn agrees_with_brute_force(book: &Book) {
    let clearing = clear(book);
    let (bids, asks) = (side(book, Side::Bid), side(book, Side::Ask));
    let got = best_bid_fills(&bids, &asks);
    assert_eq!(fills_of(&clearing, &bids), got, "bids of {book:?}");
    let gave = best_ask_fills(&asks, got.iter().sum());
    assert_eq!(fills_of(&clearing, &asks), gave, "asks of {book:?}");
    let refused = refused(&bids, &got, &asks);
    assert_eq!(clearing.refused_for_size, refused, "{book:?}");
    let standing: Vec<u64> = PRICES
        .filter(|_| clearing.volume > 0)
        .filter(|price| stands(*price, (&bids, &got), (&asks, &gave), &refused))
        .collect();
    let ends = (standing.first().copied(), standing.last().copied());
    assert_eq!((clearing.lo.map(|lo| lo.get()), clearing.hi.map(|hi| hi.get())), ends, "{book:?}");
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn of_all_fills_and_prices_the_clearing_has_the_ones_that_the_rule_wants(book in tiny_book()) {
        agrees_with_brute_force(&book);
    }
}

/// Two bids and two asks of every price up to 3 and every size and minimum up to 2: all 2,916 books.
#[test]
fn every_smallest_book_is_cleared_as_brute_force_would() {
    let bids: Vec<(u64, u16, u16)> =
        (1..=3).flat_map(|price| [(price, 1, 1), (price, 1, 2), (price, 2, 2)]).collect();
    let asks: Vec<(u64, u16)> = (1..=3).flat_map(|price| [(price, 1), (price, 2)]).collect();
    for (price, min, qty) in &bids {
        for (other_price, other_min, other_qty) in &bids {
            for (ask, offered) in &asks {
                for (other_ask, other_offered) in &asks {
                    let book = book()
                        .bid_from(*price, *min, *qty)
                        .ask(*ask, *offered)
                        .bid_from(*other_price, *other_min, *other_qty)
                        .ask(*other_ask, *other_offered);
                    agrees_with_brute_force(&book.build());
                }
            }
        }
    }
}
