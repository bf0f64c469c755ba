//! The clearing rule case by case.
//!
//! Impossible, and therefore not in the table: a bid filled below the price or an ask above it; a
//! bid filled in part above `hi` (what it missed would have made it the marginal one); two bids
//! filled in part (the first leaves nothing for a second); `lo` above `hi`; an ask refused for size
//! (asks are always divisible); a price without volume.

use obscura_auction::check::check;
use obscura_auction::clear::{Clearing, clear};
use obscura_auction::units::PriceMicro;

use crate::books::{BookBuilder, book};

struct Case {
    name: &'static str,
    book: BookBuilder,
    /// lo, hi, price; none where nothing trades.
    prices: Option<(u64, u64, u64)>,
    fills: &'static [(u32, u16)],
    refused: &'static [u32],
}

fn holds(cases: Vec<Case>) {
    for Case { name, book, prices, fills, refused } in cases {
        let book = book.build();
        let clearing = clear(&book);
        assert_eq!(prices_of(&clearing), prices, "prices: {name}");
        let got: Vec<(u32, u16)> = clearing.fills.iter().map(|fill| (fill.index, fill.qty.get())).collect();
        assert_eq!(got, fills, "fills: {name}");
        assert_eq!(clearing.refused_for_size, refused, "refused for size: {name}");
        assert_eq!(check(&book, &clearing), Ok(()), "check: {name}");
    }
}

fn prices_of(clearing: &Clearing) -> Option<(u64, u64, u64)> {
    let Clearing { lo, hi, price, .. } = clearing;
    Some((lo.map(PriceMicro::get)?, hi.map(PriceMicro::get)?, price.map(PriceMicro::get)?))
}

#[test]
fn one_bid_and_one_ask_meet_in_the_middle_rounded_down() {
    holds(vec![
        Case {
            name: "they share the difference",
            book: book().bid(10, 1).ask(6, 1),
            prices: Some((6, 10, 8)),
            fills: &[(0, 1), (1, 1)],
            refused: &[],
        },
        Case {
            name: "an odd sum is rounded down",
            book: book().ask(7, 2).bid(10, 2),
            prices: Some((7, 10, 8)),
            fills: &[(0, 2), (1, 2)],
            refused: &[],
        },
        Case {
            name: "equal prices trade",
            book: book().bid(7, 1).ask(7, 1),
            prices: Some((7, 7, 7)),
            fills: &[(0, 1), (1, 1)],
            refused: &[],
        },
        Case {
            name: "at the highest price there is",
            book: book().bid(PriceMicro::MAX.get(), 4096).ask(PriceMicro::MAX.get(), 4096),
            prices: Some((PriceMicro::MAX.get(), PriceMicro::MAX.get(), PriceMicro::MAX.get())),
            fills: &[(0, 4096), (1, 4096)],
            refused: &[],
        },
    ]);
}

#[test]
fn without_volume_there_is_no_price() {
    let nothing = |name, book| Case { name, book, prices: None, fills: &[], refused: &[] };
    holds(vec![
        nothing("an empty book", book()),
        nothing("only bids", book().bid(10, 1).bid(9, 2)),
        nothing("only asks", book().ask(5, 1).ask(4, 2)),
        nothing("no bid reaches an ask", book().bid(5, 1).ask(6, 1)),
        Case {
            name: "the only bid that reaches an ask is refused for size",
            book: book().bid(10, 4).ask(5, 2),
            prices: None,
            fills: &[],
            refused: &[0],
        },
    ]);
}

#[test]
fn at_one_price_the_earlier_order_trades_first() {
    holds(vec![
        Case {
            name: "bids",
            book: book().bid(10, 1).bid(10, 1).ask(5, 1),
            prices: Some((10, 10, 10)),
            fills: &[(0, 1), (2, 1)],
            refused: &[],
        },
        Case {
            name: "asks",
            book: book().bid(10, 1).ask(5, 1).ask(5, 1),
            prices: Some((5, 5, 5)),
            fills: &[(0, 1), (1, 1)],
            refused: &[],
        },
        Case {
            name: "bids and asks all at one price",
            book: book().ask(7, 1).bid(7, 1).ask(7, 1).bid(7, 2),
            prices: Some((7, 7, 7)),
            fills: &[(0, 1), (1, 1)],
            refused: &[3],
        },
    ]);
}

#[test]
fn a_bid_that_cannot_get_its_minimum_is_refused_for_size_and_blocks_nobody() {
    holds(vec![
        Case {
            name: "the specification's example",
            book: book().bid(10, 4).bid(8, 2).ask(5, 2),
            prices: Some((5, 8, 6)),
            fills: &[(1, 2), (2, 2)],
            refused: &[0],
        },
        Case {
            name: "in the middle of the walk",
            book: book().bid(10, 1).bid(9, 4).bid(8, 1).ask(4, 2),
            prices: Some((4, 8, 6)),
            fills: &[(0, 1), (2, 1), (3, 2)],
            refused: &[1],
        },
        Case {
            name: "one GPU below the minimum",
            book: book().bid_from(10, 3, 5).ask(5, 2),
            prices: None,
            fills: &[],
            refused: &[0],
        },
        Case {
            name: "one GPU more, and it trades in part and sets the price",
            book: book().bid_from(10, 3, 5).ask(5, 3),
            prices: Some((10, 10, 10)),
            fills: &[(0, 3), (1, 3)],
            refused: &[],
        },
    ]);
}

#[test]
fn an_unmet_bid_raises_lo() {
    holds(vec![
        Case {
            name: "one that found nothing left",
            book: book().bid(10, 2).bid(8, 1).ask(4, 2),
            prices: Some((8, 10, 9)),
            fills: &[(0, 2), (2, 2)],
            refused: &[],
        },
        Case {
            name: "one that found nothing left counts although it is all or none",
            book: book().bid(10, 2).bid(8, 4).ask(4, 2),
            prices: Some((8, 10, 9)),
            fills: &[(0, 2), (2, 2)],
            refused: &[],
        },
        Case {
            name: "one that got a part",
            book: book().bid_from(10, 1, 4).ask(5, 2),
            prices: Some((10, 10, 10)),
            fills: &[(0, 2), (1, 2)],
            refused: &[],
        },
        Case {
            name: "one whose asks went to dearer bids",
            book: book().bid(10, 5).ask(9, 4).ask(3, 2).bid(4, 1),
            prices: Some((9, 9, 9)),
            fills: &[(0, 5), (1, 3), (2, 2)],
            refused: &[],
        },
    ]);
}

#[test]
fn an_unused_offer_lowers_hi() {
    holds(vec![
        Case {
            name: "the rest of the ask that was used",
            book: book().bid(10, 1).ask(4, 3),
            prices: Some((4, 4, 4)),
            fills: &[(0, 1), (1, 1)],
            refused: &[],
        },
        Case {
            name: "a dearer ask that was not",
            book: book().bid(10, 1).ask(4, 1).ask(6, 1),
            prices: Some((4, 6, 5)),
            fills: &[(0, 1), (1, 1)],
            refused: &[],
        },
        Case {
            name: "between an unmet bid and an unused ask",
            book: book().bid(10, 2).bid(5, 1).ask(4, 2).ask(7, 5),
            prices: Some((5, 7, 6)),
            fills: &[(0, 2), (2, 2)],
            refused: &[],
        },
        Case {
            name: "an ask beyond every bid bounds nothing that the bids do not",
            book: book().bid(10, 1).ask(4, 1).ask(20, 1),
            prices: Some((4, 10, 7)),
            fills: &[(0, 1), (1, 1)],
            refused: &[],
        },
    ]);
}

#[test]
fn a_shill_of_the_supply_side_raises_the_price_at_the_risk_of_buying() {
    holds(vec![
        Case {
            name: "without it",
            book: book().bid_from(10, 1, 2).ask(4, 2),
            prices: Some((4, 10, 7)),
            fills: &[(0, 2), (1, 2)],
            refused: &[],
        },
        Case {
            name: "just below the bid it gains",
            book: book().bid_from(10, 1, 2).ask(4, 2).bid(9, 1),
            prices: Some((9, 10, 9)),
            fills: &[(0, 2), (1, 2)],
            refused: &[],
        },
        Case {
            name: "just above the bid it buys its own GPU",
            book: book().bid_from(10, 1, 2).ask(4, 2).bid(11, 1),
            prices: Some((10, 10, 10)),
            fills: &[(0, 1), (1, 2), (2, 1)],
            refused: &[],
        },
    ]);
}

#[test]
fn with_refusals_one_gpu_of_supply_can_make_the_price_jump() {
    holds(vec![
        Case {
            name: "one GPU short for the large bid",
            book: book().bid(10, 4).bid(6, 1).ask(2, 3),
            prices: Some((2, 2, 2)),
            fills: &[(1, 1), (2, 1)],
            refused: &[0],
        },
        Case {
            name: "enough for it",
            book: book().bid(10, 4).bid(6, 1).ask(2, 4),
            prices: Some((6, 10, 8)),
            fills: &[(0, 4), (2, 4)],
            refused: &[],
        },
    ]);
}
