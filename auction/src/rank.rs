//! The one order of precedence in which a book is walked (SPEC section 7, rule 1).
//!
//! Must never leave two orders equal: price, side and index decide, so no sort can shuffle a tie.
//! For indices below 1,024 it is the order of the circuit's key
//! `price*2^11 + (bid ? 2^10 + 1023 - index : index)`; a wider index just needs more bits.

use alloc::vec::Vec;

use crate::book::{Book, BookOrder};
use crate::order::Side;
use crate::units::PriceMicro;

/// Compares like the circuit's key; `position` only says where the order stands in its book.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RankKey {
    price: PriceMicro,
    is_bid: bool,
    within_side: u32,
    position: u32,
}

/// The book from the highest key to the lowest, each order with its position in the book.
pub(crate) struct Ranking<'a> {
    book: &'a Book,
    keys: Vec<RankKey>,
}

impl<'a> Ranking<'a> {
    pub(crate) fn of(book: &'a Book) -> Self {
        let mut keys: Vec<RankKey> = (0_u32..).zip(book.orders()).map(|(at, order)| key(order, at)).collect();
        keys.sort_unstable_by(|a, b| b.cmp(a));
        Self { book, keys }
    }

    /// Dearest first; read backwards it is the order in which asks fill.
    pub(crate) fn descending(&self) -> impl DoubleEndedIterator<Item = (usize, &'a BookOrder)> {
        let orders = self.book.orders();
        self.keys.iter().filter_map(move |key| {
            let position = key.position as usize;
            orders.get(position).map(|order| (position, order))
        })
    }
}

fn key(order: &BookOrder, position: u32) -> RankKey {
    let is_bid = order.side == Side::Bid;
    let within_side = if is_bid { u32::MAX - order.index } else { order.index };
    RankKey { price: order.price, is_bid, within_side, position }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::units::{DurationSeconds, Gpus};

    fn order(index: u32, is_bid: bool, price: u64) -> BookOrder {
        BookOrder {
            index,
            side: if is_bid { Side::Bid } else { Side::Ask },
            price: PriceMicro::new(price).unwrap(),
            qty: Gpus::ONE,
            min_qty: Gpus::ONE,
            duration: DurationSeconds::MIN,
        }
    }

    fn circuit_key(order: &BookOrder) -> u64 {
        let tie = match order.side {
            Side::Bid => 1024 + 1023 - order.index,
            Side::Ask => order.index,
        };
        order.price.get() * 2048 + u64::from(tie)
    }

    fn batch() -> impl Strategy<Value = Vec<(bool, u64)>> {
        prop::collection::vec((any::<bool>(), prop_oneof![1..5_u64, 1..1_u64 << 40]), 0..64)
    }

    proptest! {
        #[test]
        fn the_ranking_is_the_descending_order_of_the_circuits_key(terms in batch(), first in 0_u32..=960) {
            let orders = (first..).zip(terms).map(|(index, (is_bid, price))| order(index, is_bid, price));
            let book = Book::new(orders.collect()).unwrap();
            let ranking = Ranking::of(&book);
            let keys: Vec<u64> = ranking.descending().map(|(_, order)| circuit_key(order)).collect();
            prop_assert_eq!(keys.len(), book.orders().len());
            prop_assert!(keys.is_sorted_by(|a, b| a > b));
        }
    }
}
