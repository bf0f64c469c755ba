//! Splits the fills of a clearing into lease rows: which bid runs on which ask.
//!
//! A convention, not a safety rule: any rows with the right sums are valid, and `check_rows` says
//! whether they are. Must never split a bid over more asks than it has to (SPEC section 8).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::book::Book;
use crate::clear::{Clearing, Fill};
use crate::order::Side;
use crate::units::Gpus;

/// One lease: `qty` GPUs of ask `ask` for bid `bid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub bid: u32,
    pub ask: u32,
    pub qty: Gpus,
}

/// Rows by ascending `(bid, ask)`, for a clearing of this very book.
///
/// The largest fill chooses first: the ask whose rest fits it most closely, or else the largest
/// rests until one fits. Each row uses up its bid or its ask, and the last row both, so there are
/// at most `bids + asks - 1` rows.
pub fn allocate(book: &Book, clearing: &Clearing) -> Vec<Row> {
    let side_of = |fill: &&Fill| book.get(fill.index).map(|order| order.side);
    let mut bids: Vec<&Fill> = clearing.fills.iter().filter(|f| side_of(f) == Some(Side::Bid)).collect();
    bids.sort_unstable_by_key(|fill| (Reverse(fill.qty), fill.index));
    let asks = clearing.fills.iter().filter(|f| side_of(f) == Some(Side::Ask));
    let mut rests = Rests(asks.map(|fill| (fill.qty, fill.index)).collect());

    let mut rows: Vec<Row> = bids.into_iter().flat_map(|bid| rests.serve(bid)).collect();
    rows.sort_unstable();
    rows
}

/// What is left of each ask's fill, smallest first, then by index; never zero.
struct Rests(BTreeSet<(Gpus, u32)>);

impl Rests {
    fn serve(&mut self, bid: &Fill) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut wanted = Some(bid.qty);
        while let Some(want) = wanted
            && let Some((rest, ask)) = self.take_for(want)
        {
            let qty = want.min(rest);
            rows.push(Row { bid: bid.index, ask, qty });
            wanted = minus(want, qty);
            self.0.extend(minus(rest, qty).map(|left| (left, ask)));
        }
        rows
    }

    /// The closest rest that fits, or the largest one if none does.
    fn take_for(&mut self, want: Gpus) -> Option<(Gpus, u32)> {
        let fitting = self.0.range((want, 0)..).next().copied();
        let taken = fitting.or_else(|| self.0.last().copied())?;
        self.0.remove(&taken);
        Some(taken)
    }
}

fn minus(from: Gpus, taken: Gpus) -> Option<Gpus> {
    Gpus::new(from.get().checked_sub(taken.get())?).ok()
}
