//! Verifies a clearing, and its lease rows, against their book (SPEC sections 7 and 9).
//!
//! Must never run the auction and compare: it is the circuit's twin, one pass down the ranking that
//! holds every claimed number against its neighbours. The matcher's last act before proving, the
//! client's check of a receipt, and the tests' second opinion on `clear`.

use alloc::vec;
use alloc::vec::Vec;

use crate::allocate::Row;
use crate::book::{Book, BookOrder};
use crate::clear::{Clearing, Fill};
use crate::order::Side;
use crate::rank::Ranking;
use crate::units::PriceMicro;

/// The first rule that a clearing or its rows break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("order {index} is not in the book")]
    UnknownOrder { index: u32 },
    #[error("fills must ascend by index, but {index} comes late or twice")]
    FillsNotAscending { index: u32 },
    #[error("bids refused for size must ascend by index, but {index} comes late or twice")]
    RefusalsNotAscending { index: u32 },
    #[error("bid {index} must get {expected} GPUs, got {got}")]
    BidFill { index: u32, expected: u64, got: u64 },
    #[error("ask {index} must give {expected} GPUs, gave {got}")]
    AskFill { index: u32, expected: u64, got: u64 },
    #[error("order {index}: refused for size must be {expected}")]
    RefusedForSize { index: u32, expected: bool },
    #[error("the volume is {got}, but bids got {bids} GPUs and asks gave {asks}")]
    Volume { bids: u64, asks: u64, got: u64 },
    #[error("lo must be {expected:?}, got {got:?}")]
    Lo { expected: Option<PriceMicro>, got: Option<PriceMicro> },
    #[error("hi must be {expected:?}, got {got:?}")]
    Hi { expected: Option<PriceMicro>, got: Option<PriceMicro> },
    #[error("the price must be {expected:?}, got {got:?}")]
    Price { expected: Option<PriceMicro>, got: Option<PriceMicro> },
    #[error("rows must ascend by bid and ask, but ({bid}, {ask}) comes late or twice")]
    RowsNotAscending { bid: u32, ask: u32 },
    #[error("row ({bid}, {ask}) must name a bid, then an ask")]
    RowSides { bid: u32, ask: u32 },
    #[error("the rows of order {index} must add up to {expected} GPUs, got {got}")]
    RowSum { index: u32, expected: u64, got: u64 },
}

/// Accepts exactly the clearing that the rule gives for this book.
pub fn check(book: &Book, clearing: &Clearing) -> Result<(), Violation> {
    let Clearing { price, lo, hi, volume, fills, refused_for_size } = clearing;
    let claims = Claims { fills: filled(book, fills)?, refused: refused(book, refused_for_size)? };
    let mut pass = Pass { supply: book.supply(), volume: *volume, ..Pass::START };
    for (position, order) in Ranking::of(book).descending() {
        let (got, refused) = claims.of(position);
        match order.side {
            Side::Bid => pass.bid(order, got, refused)?,
            Side::Ask => pass.ask(order, got, refused)?,
        }
    }
    if pass.bought != *volume || pass.sold != *volume {
        return Err(Violation::Volume { bids: pass.bought, asks: pass.sold, got: *volume });
    }
    pass.prices(*lo, *hi, *price)
}

/// Accepts rows that share out every fill exactly, each pair of a bid and an ask at most once.
///
/// Assumes a clearing that [`check`] accepts.
pub fn check_rows(book: &Book, clearing: &Clearing, rows: &[Row]) -> Result<(), Violation> {
    let expected = filled(book, &clearing.fills)?;
    let mut sums = vec![0_u64; expected.len()];
    let mut previous = None;
    for Row { bid, ask, qty } in rows.iter().copied() {
        if previous >= Some((bid, ask)) {
            return Err(Violation::RowsNotAscending { bid, ask });
        }
        previous = Some((bid, ask));
        for (index, side) in [(bid, Side::Bid), (ask, Side::Ask)] {
            let position = position_of(book, index)?;
            if book.get(index).is_none_or(|order| order.side != side) {
                return Err(Violation::RowSides { bid, ask });
            }
            put(&mut sums, position, |sum| *sum += u64::from(qty.get()));
        }
    }
    let wrong = book.orders().iter().zip(expected.iter().zip(&sums)).find(|(_, (fill, sum))| fill != sum);
    match wrong {
        Some((order, (&expected, &got))) => Err(Violation::RowSum { index: order.index, expected, got }),
        None => Ok(()),
    }
}

/// What the clearing says of each order, by position in the book.
struct Claims {
    fills: Vec<u64>,
    refused: Vec<bool>,
}

impl Claims {
    fn of(&self, position: usize) -> (u64, bool) {
        let fill = self.fills.get(position).copied().unwrap_or(0);
        (fill, self.refused.get(position).copied().unwrap_or(false))
    }
}

fn filled(book: &Book, fills: &[Fill]) -> Result<Vec<u64>, Violation> {
    let mut by_position = vec![0; book.orders().len()];
    let mut previous = None;
    for fill in fills {
        if previous >= Some(fill.index) {
            return Err(Violation::FillsNotAscending { index: fill.index });
        }
        previous = Some(fill.index);
        put(&mut by_position, position_of(book, fill.index)?, |got| *got = u64::from(fill.qty.get()));
    }
    Ok(by_position)
}

fn refused(book: &Book, indices: &[u32]) -> Result<Vec<bool>, Violation> {
    let mut by_position = vec![false; book.orders().len()];
    let mut previous = None;
    for &index in indices {
        if previous >= Some(index) {
            return Err(Violation::RefusalsNotAscending { index });
        }
        previous = Some(index);
        put(&mut by_position, position_of(book, index)?, |refused| *refused = true);
    }
    Ok(by_position)
}

fn position_of(book: &Book, index: u32) -> Result<usize, Violation> {
    book.position(index).ok_or(Violation::UnknownOrder { index })
}

fn put<T>(values: &mut [T], position: usize, change: impl FnOnce(&mut T)) {
    if let Some(value) = values.get_mut(position) {
        change(value);
    }
}

/// The running state of the pass, as the circuit carries it from slot to slot.
///
/// `lo` starts at the sentinel for "nothing used or unmet", `hi` at that for "nothing filled or left".
struct Pass {
    supply: u64,
    volume: u64,
    bought: u64,
    sold: u64,
    lo: u64,
    hi: u64,
}

impl Pass {
    const START: Self = Self { supply: 0, volume: 0, bought: 0, sold: 0, lo: 0, hi: PriceMicro::MAX.get() };

    fn bid(&mut self, bid: &BookOrder, got: u64, refused: bool) -> Result<(), Violation> {
        let BookOrder { index, price, qty, min_qty, .. } = *bid;
        let available = self.supply.saturating_sub(self.bought);
        let offered = available.min(u64::from(qty.get()));
        let expected = if offered < u64::from(min_qty.get()) { 0 } else { offered };
        if got != expected {
            return Err(Violation::BidFill { index, expected, got });
        }
        let too_small = got == 0 && available > 0;
        if refused != too_small {
            return Err(Violation::RefusedForSize { index, expected: too_small });
        }
        if got > 0 {
            self.hi = self.hi.min(price.get());
        }
        if got < u64::from(qty.get()) && !too_small {
            self.lo = self.lo.max(price.get());
        }
        self.bought += got;
        Ok(())
    }

    /// Everything cheaper fills before this ask: what is left of the volume for it is what `supply`,
    /// once the ask itself is taken off, cannot serve.
    fn ask(&mut self, ask: &BookOrder, got: u64, refused: bool) -> Result<(), Violation> {
        let BookOrder { index, price, qty, .. } = *ask;
        if refused {
            return Err(Violation::RefusedForSize { index, expected: false });
        }
        self.supply -= u64::from(qty.get());
        let expected = self.volume.saturating_sub(self.supply).min(u64::from(qty.get()));
        if got != expected {
            return Err(Violation::AskFill { index, expected, got });
        }
        if got > 0 {
            self.lo = self.lo.max(price.get());
        }
        if got < u64::from(qty.get()) {
            self.hi = self.hi.min(price.get());
        }
        self.sold += got;
        Ok(())
    }

    fn prices(
        &self,
        lo: Option<PriceMicro>,
        hi: Option<PriceMicro>,
        price: Option<PriceMicro>,
    ) -> Result<(), Violation> {
        let traded = |price: u64| PriceMicro::new(price).ok().filter(|_| self.volume > 0);
        let expected = traded(self.lo);
        if lo != expected {
            return Err(Violation::Lo { expected, got: lo });
        }
        let expected = traded(self.hi);
        if hi != expected {
            return Err(Violation::Hi { expected, got: hi });
        }
        let expected = traded((self.lo + self.hi) / 2);
        if price != expected {
            return Err(Violation::Price { expected, got: price });
        }
        Ok(())
    }
}
