//! Books for tests: a builder whose verbs read like an order book, and strategies for random ones.

use obscura_auction::book::{Book, BookOrder};
use obscura_auction::order::Side;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use proptest::prelude::*;

/// Random books for each law; `PROPTEST_CASES` asks for more.
const LEAST_CASES: u32 = 10_000;

pub fn laws() -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig { cases: asked.cases.max(LEAST_CASES), ..asked }
}

/// Orders get their index in the sequence in which they are added.
#[derive(Default)]
pub struct BookBuilder {
    orders: Vec<BookOrder>,
}

pub fn book() -> BookBuilder {
    BookBuilder::default()
}

impl BookBuilder {
    /// A bid that takes all of its GPUs or none.
    pub fn bid(self, price: u64, qty: u16) -> Self {
        self.bid_from(price, qty, qty)
    }

    /// A bid that takes any number from `min_qty` to `qty`.
    pub fn bid_from(self, price: u64, min_qty: u16, qty: u16) -> Self {
        self.order(Side::Bid, price, min_qty, qty)
    }

    pub fn ask(self, price: u64, qty: u16) -> Self {
        self.order(Side::Ask, price, 1, qty)
    }

    pub fn build(self) -> Book {
        Book::new(self.orders).unwrap()
    }

    fn order(mut self, side: Side, price: u64, min_qty: u16, qty: u16) -> Self {
        let index = self.orders.len() as u32;
        self.orders.push(order(index, (side, price, min_qty, qty, 3600)));
        self
    }
}

type Terms = (Side, u64, u16, u16, u32);

fn order(index: u32, (side, price, min_qty, qty, seconds): Terms) -> BookOrder {
    BookOrder {
        index,
        side,
        price: PriceMicro::new(price).unwrap(),
        qty: Gpus::new(qty).unwrap(),
        min_qty: Gpus::new(min_qty).unwrap(),
        duration: DurationSeconds::new(seconds).unwrap(),
    }
}

/// Few prices and sizes, so that ties, refusals and exact fits are common.
pub fn crowded_book() -> impl Strategy<Value = Book> {
    book_of(1..=9, 5, 14, 1)
}

/// The whole range of every quantity, with gaps between the indices.
pub fn wide_book() -> impl Strategy<Value = Book> {
    book_of(1..=PriceMicro::MAX.get(), Gpus::MAX.get(), 40, 1000)
}

/// Small enough to try every way to fill it.
pub fn tiny_book() -> impl Strategy<Value = Book> {
    book_of(1..=6, 3, 7, 1)
}

pub fn any_book() -> impl Strategy<Value = Book> {
    prop_oneof![3 => crowded_book(), 1 => wide_book()]
}

/// A crowded book in which every bid takes whatever it can get.
pub fn divisible_book() -> impl Strategy<Value = Book> {
    crowded_book().prop_map(|book| {
        let divisible = |order: &BookOrder| BookOrder { min_qty: Gpus::ONE, ..*order };
        Book::new(book.orders().iter().map(divisible).collect()).unwrap()
    })
}

fn book_of(
    prices: std::ops::RangeInclusive<u64>,
    max_qty: u16,
    max_orders: usize,
    max_gap: u32,
) -> impl Strategy<Value = Book> {
    let terms = (any::<bool>(), prices, 1..=max_qty, 0..=2_u8, any::<u16>(), 60..=2_592_000_u32);
    let slots = prop::collection::vec((1..=max_gap, terms), 0..=max_orders);
    slots.prop_map(|slots| {
        let mut next_index = 0;
        let orders = slots.into_iter().map(|(gap, (is_ask, price, qty, kind, pick, seconds))| {
            next_index += gap;
            let side = if is_ask { Side::Ask } else { Side::Bid };
            let min_qty = match (side, kind) {
                (Side::Ask, _) | (Side::Bid, 0) => 1,
                (Side::Bid, 1) => qty,
                (Side::Bid, _) => 1 + pick % qty,
            };
            order(next_index - 1, (side, price, min_qty, qty, seconds))
        });
        Book::new(orders.collect()).unwrap()
    })
}
