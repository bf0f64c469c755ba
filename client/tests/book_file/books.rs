//! Books for tests, as texts: from few numbers that may be anything.

use obscura_auction::units::PriceMicro;
use obscura_client::book_file::{Outcome, read_book};

/// What one order is made of: ask or bid, price, qty, kind of minimum, seconds.
pub type Seed = (bool, u64, u16, u8, u32);

/// Most orders of a book from seeds.
const MAX_ORDERS: usize = 24;

/// One order in JSON.
#[derive(Debug, Clone)]
pub struct OrderText {
    pub is_ask: bool,
    pub text: String,
}

/// Few prices and sizes, so that ties, refusals and exact fits are common, or else all there are.
pub fn orders(seeds: &[Seed], is_wide: bool) -> Vec<OrderText> {
    let (prices, sizes, gap) = if is_wide { (PriceMicro::MAX.get(), 4096, 1_000_003) } else { (9, 5, 1) };
    let indexed = (0_u32..).zip(seeds.iter().take(MAX_ORDERS));
    let order = |(place, &(is_ask, price, qty, kind, seconds)): (u32, &Seed)| {
        let (index, price, qty) = (place * gap, 1 + price % prices, 1 + qty % sizes);
        let mut text = format!(r#"{{"index":{index},"priceMicro":{price},"qty":{qty}"#);
        match (is_ask, kind % 4) {
            (true, 0) => text += r#","minQty":1"#,
            (false, 0) => text += r#","minQty":1"#,
            (false, 1) => text += &format!(r#","minQty":{}"#, 1 + u16::from(kind) % qty),
            _ => {}
        }
        if kind < 128 {
            text += &format!(r#","durationSeconds":{}"#, 60 + seconds % 2_591_941);
        }
        OrderText { is_ask, text: text + "}" }
    };
    indexed.map(order).collect()
}

/// The book with its orders in this sequence.
pub fn book_text(orders: &[OrderText]) -> String {
    let list = |is_ask: bool| {
        let of_side = orders.iter().filter(|order| order.is_ask == is_ask);
        of_side.map(|order| order.text.as_str()).collect::<Vec<_>>().join(",")
    };
    format!(r#"{{"bids":[{}],"asks":[{}]}}"#, list(false), list(true))
}

/// What the book clears to, as text.
pub fn clearing_text(book: &str) -> String {
    let book = read_book(book.as_bytes()).unwrap_or_else(|error| panic!("{error}: {book}"));
    let mut text = Vec::new();
    Outcome::of(&book).write_json(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// A book in which a bid is split, one is refused for size and one gets nothing.
pub const SPLIT: &str = r#"{"bids":[{"index":0,"priceMicro":7000,"qty":3,"durationSeconds":61},
    {"index":1,"priceMicro":9000,"qty":9},{"index":2,"priceMicro":10,"qty":1}],
    "asks":[{"index":3,"priceMicro":5001,"qty":2},{"index":4,"priceMicro":6000,"qty":1,"minQty":1}]}"#;
