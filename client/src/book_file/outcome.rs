//! A book's clearing, with what every filled order pays or earns, and its text.
//!
//! Must never leave a choice to whoever writes it: one book has one text, to the byte, so that two
//! implementations can compare theirs. From SPEC sections 1, 7 and 7.1.

use std::io::{self, Write};

use obscura_auction::allocate::allocate;
use obscura_auction::book::Book;
use obscura_auction::clear::{Clearing, Fill, clear};
use obscura_auction::settlement::amount_ceil;
use obscura_auction::units::{MicroUsdc, PriceMicro};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// What `obscura clear` says of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    clearing: Clearing,
    /// By position in the clearing's fills.
    amounts: Vec<MicroUsdc>,
}

impl Outcome {
    /// Clears the book and settles its leases.
    pub fn of(book: &Book) -> Self {
        let clearing = clear(book);
        Self { amounts: amounts(book, &clearing), clearing }
    }

    pub fn clearing(&self) -> &Clearing {
        &self.clearing
    }

    /// Filled orders by ascending index: a bid with what it pays over all its leases, an ask with what
    /// its buyers pay over all of its, before the fee.
    pub fn fills(&self) -> impl Iterator<Item = (Fill, MicroUsdc)> {
        self.clearing.fills.iter().copied().zip(self.amounts.iter().copied())
    }

    /// One line of JSON and its end.
    pub fn write_json(&self, mut to: impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut to, self)?;
        to.write_all(b"\n")
    }
}

/// What each fill of a clearing of this very book comes to, in the sequence of its fills: the sum over
/// its rows, each rounded up by itself.
pub(super) fn amounts(book: &Book, clearing: &Clearing) -> Vec<MicroUsdc> {
    let mut sums = vec![MicroUsdc::ZERO; clearing.fills.len()];
    let Some(price) = clearing.price else { return sums };
    let mut add = |index: u32, amount: MicroUsdc| {
        let at = clearing.fills.binary_search_by_key(&index, |fill| fill.index).ok();
        if let Some(sum) = at.and_then(|at| sums.get_mut(at)) {
            // An order has at most 4096 rows of 4096 GPUs together: far below 2^64.
            *sum = sum.checked_add(amount).unwrap_or(*sum);
        }
    };
    for row in allocate(book, clearing) {
        let Some(bid) = book.get(row.bid) else { continue };
        let amount = amount_ceil(price, row.qty, bid.duration);
        add(row.bid, amount);
        add(row.ask, amount);
    }
    sums
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Clearing { price, lo, hi, volume, fills: _, refused_for_size } = &self.clearing;
        let mut object = serializer.serialize_struct("Outcome", 6)?;
        object.serialize_field("priceMicro", &price.map(PriceMicro::get))?;
        object.serialize_field("lo", &lo.map(PriceMicro::get))?;
        object.serialize_field("hi", &hi.map(PriceMicro::get))?;
        object.serialize_field("volume", volume)?;
        object.serialize_field("fills", &Fills(self))?;
        object.serialize_field("refusedForSize", refused_for_size)?;
        object.end()
    }
}

struct Fills<'a>(&'a Outcome);

impl Serialize for Fills<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.fills().map(FilledOrder))
    }
}

struct FilledOrder((Fill, MicroUsdc));

impl Serialize for FilledOrder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (Fill { index, qty }, amount) = self.0;
        let mut object = serializer.serialize_struct("FilledOrder", 3)?;
        object.serialize_field("index", &index)?;
        object.serialize_field("qty", &qty.get())?;
        object.serialize_field("amountMicro", &amount.get())?;
        object.end()
    }
}
