//! The one order of precedence in which a book is walked (SPEC section 7, rule 1).
//!
//! Must never leave two orders equal: price, side and index decide, so no sort can shuffle a tie.
//! For indices below 1,024 it is the order of the circuit's key
//! `price*2^11 + (bid ? 2^10 + 1023 - index : index)`; a wider index just needs more bits.
//!
//! Each side is sorted by itself, in time that grows with its length alone: a price of 40 bits and a
//! position of 24 make one word, and positions ascend with indices.

use alloc::vec::Vec;

use crate::book::{Book, BookOrder};
use crate::order::Side;
use crate::units::{Gpus, PriceMicro};

/// Bits of a position in a book: `Book::MAX_ORDERS` is 2^24.
const POSITION_BITS: u32 = 24;
/// Up to here comparing is faster than counting.
const SHORT: usize = 2_048;

/// One order's place on its side. The walk's numbers travel along, because looking each up in a large
/// book would cost more than the sort.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// What to sort by, above the position in the book.
    word: u64,
    pub qty: Gpus,
    pub min_qty: Gpus,
}

impl Place {
    fn of(order: &BookOrder, position: u32) -> Self {
        let rank = match order.side {
            Side::Bid => !order.price.get() & PriceMicro::MAX.get(),
            Side::Ask => order.price.get(),
        };
        let word = rank << POSITION_BITS | u64::from(position);
        Self { word, qty: order.qty, min_qty: order.min_qty }
    }

    pub(crate) fn position(&self) -> usize {
        (self.word & ((1 << POSITION_BITS) - 1)) as usize
    }

    fn rank(&self) -> u64 {
        self.word >> POSITION_BITS
    }
}

/// Both sides of a book, each in the sequence in which it fills.
pub(crate) struct Ranking<'a> {
    orders: &'a [BookOrder],
    bids: Vec<Place>,
    asks: Vec<Place>,
}

/// An order with its position in the book.
type Placed<'a> = (usize, &'a BookOrder);

impl<'a> Ranking<'a> {
    pub(crate) fn of(book: &'a Book) -> Self {
        let (mut bids, mut asks) = (Vec::new(), Vec::new());
        for (position, order) in (0_u32..).zip(book.orders()) {
            match order.side {
                Side::Bid => bids.push(Place::of(order, position)),
                Side::Ask => asks.push(Place::of(order, position)),
            }
        }
        sort(&mut bids);
        sort(&mut asks);
        Self { orders: book.orders(), bids, asks }
    }

    /// Prices with places, dearest first, at one price the lower index.
    pub(crate) fn bids(&self) -> impl Iterator<Item = (u64, &Place)> {
        self.bids.iter().map(|place| (!place.rank() & PriceMicro::MAX.get(), place))
    }

    /// Prices with places, cheapest first, at one price the lower index.
    pub(crate) fn asks(&self) -> impl DoubleEndedIterator<Item = (u64, &Place)> {
        self.asks.iter().map(|place| (place.rank(), place))
    }

    /// Both sides in one descending pass, bids before asks of their price.
    pub(crate) fn descending(&self) -> impl Iterator<Item = Placed<'a>> + '_ {
        let mut bids = self.bids().peekable();
        let mut asks = self.asks().rev().peekable();
        core::iter::from_fn(move || {
            let place = match (bids.peek(), asks.peek()) {
                (Some((bid, _)), Some((ask, _))) if ask > bid => asks.next(),
                (Some(_), _) => bids.next(),
                (None, _) => asks.next(),
            };
            let position = place?.1.position();
            self.orders.get(position).map(|order| (position, order))
        })
    }
}

/// Positions ascend already, so a stable sort by the rest sorts by the whole.
fn sort(places: &mut [Place]) {
    if places.len() <= SHORT {
        places.sort_unstable_by_key(|place| place.word);
    } else {
        radsort::sort_by_key(places, Place::rank);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::units::DurationSeconds;

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

    #[test]
    fn long_sides_are_sorted_like_short_ones() {
        let price = |index: u32| u64::from(index.wrapping_mul(2_654_435_761) % 977) + 1;
        let orders = (0..3 * SHORT as u32).map(|index| order(index, index % 3 == 0, price(index)));
        let book = Book::new(orders.collect()).unwrap();
        let ranking = Ranking::of(&book);
        let key = |order: &BookOrder| {
            let is_bid = order.side == Side::Bid;
            (order.price, is_bid, if is_bid { u32::MAX - order.index } else { order.index })
        };
        let keys: Vec<_> = ranking.descending().map(|(_, order)| key(order)).collect();
        assert_eq!(keys.len(), book.orders().len());
        assert!(keys.is_sorted_by(|a, b| a > b));
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
