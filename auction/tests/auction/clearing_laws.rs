//! What holds of every clearing, whatever the book.

use obscura_auction::book::{Book, BookOrder};
use obscura_auction::check::check;
use obscura_auction::clear::{Clearing, clear};
use obscura_auction::order::Side;
use obscura_auction::units::{Gpus, PriceMicro};
use proptest::prelude::*;

use crate::books::{any_book, crowded_book, divisible_book, laws};

fn filled(clearing: &Clearing, index: u32) -> u64 {
    let fill = clearing.fills.iter().find(|fill| fill.index == index);
    fill.map_or(0, |fill| u64::from(fill.qty.get()))
}

fn qty_of(book: &Book, side: Side, wanted: impl Fn(&BookOrder) -> u64) -> u64 {
    book.orders().iter().filter(|order| order.side == side).map(wanted).sum()
}

fn quantity(order: &BookOrder) -> u64 {
    u64::from(order.qty.get())
}

/// The most that any single price can trade: tried at every price of a crowded book.
fn most_at_any_one_price(book: &Book) -> u64 {
    (1..=9)
        .map(|price| {
            let demand =
                qty_of(book, Side::Bid, |bid| if bid.price.get() >= price { quantity(bid) } else { 0 });
            let supply =
                qty_of(book, Side::Ask, |ask| if ask.price.get() <= price { quantity(ask) } else { 0 });
            demand.min(supply)
        })
        .max()
        .unwrap_or(0)
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn a_clearing_passes_its_check(book in any_book()) {
        prop_assert_eq!(check(&book, &clear(&book)), Ok(()));
    }

    #[test]
    fn as_many_gpus_are_bought_as_are_sold(book in any_book()) {
        let clearing = clear(&book);
        let bought = qty_of(&book, Side::Bid, |bid| filled(&clearing, bid.index));
        let sold = qty_of(&book, Side::Ask, |ask| filled(&clearing, ask.index));
        prop_assert_eq!((bought, sold), (clearing.volume, clearing.volume));
    }

    #[test]
    fn a_fill_is_between_minimum_and_quantity(book in any_book()) {
        let clearing = clear(&book);
        prop_assert!(clearing.fills.is_sorted_by(|a, b| a.index < b.index));
        for fill in &clearing.fills {
            let order = book.get(fill.index).unwrap();
            prop_assert!((order.min_qty..=order.qty).contains(&fill.qty), "{:?} of {:?}", fill, order);
        }
    }

    #[test]
    fn there_is_one_price_inside_its_interval_if_and_only_if_there_is_volume(book in any_book()) {
        let clearing = clear(&book);
        match (clearing.lo, clearing.price, clearing.hi) {
            (Some(lo), Some(price), Some(hi)) => {
                prop_assert!(clearing.volume > 0 && lo <= hi);
                prop_assert_eq!(price.get(), (lo.get() + hi.get()) / 2);
            }
            absent => {
                prop_assert_eq!(absent, (None, None, None));
                prop_assert!(clearing.volume == 0 && clearing.fills.is_empty());
            }
        }
    }

    #[test]
    fn nobody_trades_at_a_price_worse_than_its_own(book in any_book()) {
        let clearing = clear(&book);
        for fill in &clearing.fills {
            let (order, price) = (book.get(fill.index).unwrap(), clearing.price.unwrap());
            match order.side {
                Side::Bid => prop_assert!(order.price >= price),
                Side::Ask => prop_assert!(order.price <= price),
            }
        }
    }

    #[test]
    fn nobody_strictly_better_than_the_price_is_left_out_unless_refused_for_size(book in any_book()) {
        let clearing = clear(&book);
        let Some(price) = clearing.price else { return Ok(()) };
        for order in book.orders() {
            let better = match order.side {
                Side::Bid => order.price > price,
                Side::Ask => order.price < price,
            };
            if better && !clearing.refused_for_size.contains(&order.index) {
                prop_assert_eq!(filled(&clearing, order.index), quantity(order), "{:?}", order);
            }
        }
    }

    #[test]
    fn a_refused_bid_gets_nothing_and_asked_for_more_than_one_gpu(book in any_book()) {
        let clearing = clear(&book);
        for &index in &clearing.refused_for_size {
            let bid = book.get(index).unwrap();
            prop_assert!(bid.side == Side::Bid && bid.min_qty > Gpus::ONE);
            prop_assert_eq!(filled(&clearing, index), 0);
        }
    }

    #[test]
    fn the_sequence_of_the_input_changes_nothing(
        (book, shuffled) in any_book().prop_flat_map(|book| {
            let orders = book.orders().to_vec();
            (Just(book), Just(orders).prop_shuffle())
        })
    ) {
        prop_assert_eq!(clear(&book), clear(&Book::new(shuffled).unwrap()));
    }

    #[test]
    fn removing_a_bid_refused_for_size_changes_nothing_else(book in any_book()) {
        let clearing = clear(&book);
        for &gone in &clearing.refused_for_size {
            let rest = book.orders().iter().filter(|order| order.index != gone).copied().collect();
            let mut expected = clearing.clone();
            expected.refused_for_size.retain(|&index| index != gone);
            prop_assert_eq!(clear(&Book::new(rest).unwrap()), expected);
        }
    }

    #[test]
    fn with_divisible_bids_no_single_price_trades_more(book in divisible_book()) {
        prop_assert_eq!(clear(&book).volume, most_at_any_one_price(&book));
    }

    #[test]
    fn with_minimum_sizes_the_volume_is_never_above_what_one_price_can_trade(book in crowded_book()) {
        prop_assert!(clear(&book).volume <= most_at_any_one_price(&book));
    }
}

/// Run by hand: `cargo test -p obscura-auction ten_million -- --ignored --nocapture`.
#[test]
#[ignore = "takes seconds and a gigabyte"]
fn ten_million_orders_clear_and_pass_their_check() {
    const ORDERS: u32 = 10_000_000;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let orders = (0..ORDERS).map(|index| {
        let qty = Gpus::try_from(1 + draw(64)).unwrap();
        BookOrder {
            index,
            side: if draw(2) == 0 { Side::Bid } else { Side::Ask },
            price: PriceMicro::new(1 + draw(5_000_000)).unwrap(),
            qty,
            min_qty: Gpus::ONE,
            duration: obscura_auction::order::DEFAULT_BID_DURATION,
        }
    });
    let book = Book::new(orders.collect()).unwrap();
    let started = std::time::Instant::now();
    let clearing = clear(&book);
    let cleared = started.elapsed();
    assert_eq!(check(&book, &clearing), Ok(()));
    println!("clear {cleared:?}, check {:?}, volume {}", started.elapsed() - cleared, clearing.volume);
}
