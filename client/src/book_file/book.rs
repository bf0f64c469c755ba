//! From a text to a book: `{"bids":[…],"asks":[…]}` as SPEC section 7.1 has it.
//!
//! Must never decide whether orders make a book: `auction` does, and this only finds the place in the
//! text that it objects to.

use std::marker::PhantomData;

use obscura_auction::book::{Book, BookError, BookOrder};
use obscura_auction::order::Side;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use serde::de::{self, MapAccess};

use super::malformed::{Kind, Malformed, Problem};
use super::numbers::Number;
use super::reading::{List, Object, Reading, Value, read};
use crate::sealing::{default_duration, default_min_qty};

/// Reads a book. Takes time that grows with the text alone, and memory for the orders.
pub fn read_book(text: &[u8]) -> Result<Book, Malformed> {
    let orders = read::<_, BookFields>(text, Sought::Nothing)?;
    Book::new(orders).map_err(|error| place_of(error, text))
}

/// Reads the text again, up to the order that the error is about.
fn place_of(error: BookError, text: &[u8]) -> Malformed {
    let sought = Sought::Culprit { error, alike: 0 };
    let found = read::<_, BookFields>(text, sought).err();
    found.unwrap_or(Malformed { line: 1, column: 0, field: None, problem: Problem::Book { error } })
}

/// What a pass over the orders looks for beside their terms.
enum Sought {
    Nothing,
    /// The order at which the error shows, `alike` being those that could still be innocent.
    Culprit {
        error: BookError,
        alike: usize,
    },
}

impl Sought {
    /// The field that is at fault if this order, the next of the text, is the culprit.
    fn fault_of(&mut self, order: &BookOrder) -> Option<(&'static str, BookError)> {
        let Self::Culprit { error, alike } = self else { return None };
        let field = match *error {
            BookError::DuplicateIndex { index } if index == order.index => {
                *alike += 1;
                (*alike == 2).then_some("index")
            }
            BookError::TooManyOrders { max, .. } => {
                *alike += 1;
                (*alike > max).then_some("index")
            }
            BookError::MinQtyAboveQty { .. } | BookError::AskNotDivisible { .. } => {
                (Book::new(vec![*order]).err() == Some(*error)).then_some("minQty")
            }
            BookError::DuplicateIndex { .. } => None,
        };
        field.map(|field| (field, *error))
    }
}

#[derive(Default)]
struct BookFields {
    bids: Option<Vec<BookOrder>>,
    asks: Option<Vec<BookOrder>>,
}

impl<'de> Object<'de, Sought> for BookFields {
    type Whole = Vec<BookOrder>;
    const KIND: Kind = Kind { name: "a book", fields: "bids, asks" };

    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, 'de, A, Sought>,
    ) -> Result<(), A::Error> {
        match name {
            "bids" => value.read_into::<List<OrderFields<OfBids>>>(&mut self.bids),
            "asks" => value.read_into::<List<OrderFields<OfAsks>>>(&mut self.asks),
            _ => value.unknown(),
        }
    }

    fn whole<E: de::Error>(self, reading: &mut Reading<'de, Sought>) -> Result<Vec<BookOrder>, E> {
        let mut orders = reading.required::<Self, _, E>("bids", self.bids)?;
        orders.append(&mut reading.required::<Self, _, E>("asks", self.asks)?);
        Ok(orders)
    }
}

/// Which of the two lists an order is in.
trait OnSide: Default {
    const SIDE: Side;
}

#[derive(Default)]
struct OfBids;

#[derive(Default)]
struct OfAsks;

impl OnSide for OfBids {
    const SIDE: Side = Side::Bid;
}

impl OnSide for OfAsks {
    const SIDE: Side = Side::Ask;
}

#[derive(Default)]
struct OrderFields<S> {
    index: Option<u32>,
    price: Option<PriceMicro>,
    qty: Option<Gpus>,
    min_qty: Option<Gpus>,
    duration: Option<DurationSeconds>,
    side: PhantomData<S>,
}

impl<'de, S: OnSide> Object<'de, Sought> for OrderFields<S> {
    type Whole = BookOrder;
    const KIND: Kind = Kind { name: "an order", fields: "index, priceMicro, qty, minQty, durationSeconds" };

    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, 'de, A, Sought>,
    ) -> Result<(), A::Error> {
        match name {
            "index" => value.read_into::<Number<u32>>(&mut self.index),
            "priceMicro" => value.read_into::<Number<PriceMicro>>(&mut self.price),
            "qty" => value.read_into::<Number<Gpus>>(&mut self.qty),
            "minQty" => value.read_into::<Number<Gpus>>(&mut self.min_qty),
            "durationSeconds" => value.read_into::<Number<DurationSeconds>>(&mut self.duration),
            _ => value.unknown(),
        }
    }

    fn whole<E: de::Error>(self, reading: &mut Reading<'de, Sought>) -> Result<BookOrder, E> {
        let index = reading.required::<Self, _, E>("index", self.index)?;
        let price = reading.required::<Self, _, E>("priceMicro", self.price)?;
        let qty = reading.required::<Self, _, E>("qty", self.qty)?;
        let min_qty = self.min_qty.unwrap_or(default_min_qty(S::SIDE, qty));
        let duration = self.duration.unwrap_or(default_duration(S::SIDE));
        let order = BookOrder { index, side: S::SIDE, price, qty, min_qty, duration };
        match reading.notes.fault_of(&order) {
            Some((field, error)) => Err(reading.stop_at(field, Problem::Book { error })),
            None => Ok(order),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_orders_the_first_that_is_one_too_many_is_named() {
        let error = BookError::TooManyOrders { max: 2, got: 4 };
        let mut sought = Sought::Culprit { error, alike: 0 };
        let order =
            read_book(br#"{"bids":[{"index":0,"priceMicro":1,"qty":1}],"asks":[]}"#).unwrap().orders()[0];
        let named: Vec<bool> = (0..3).map(|_| sought.fault_of(&order).is_some()).collect();
        assert_eq!(named, [false, false, true]);
    }
}
