//! The uniform-price call auction: one price, and what every order gets (SPEC section 7).
//!
//! Must never depend on the sequence in which orders arrive, nor leave a choice to whoever runs it.
//! One walk down the ranking serves the bids, one walk up serves the asks.

use alloc::vec;
use alloc::vec::Vec;

use crate::book::Book;
use crate::rank::{Place, Ranking};
use crate::units::{Gpus, PriceMicro};

/// The outcome of a batch. `price`, `lo` and `hi` are absent if and only if `volume` is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    pub price: Option<PriceMicro>,
    /// The lowest price at which the fills hold: no ask used is dearer, no unmet bid is above it.
    pub lo: Option<PriceMicro>,
    /// The highest price at which the fills hold: no filled bid is below it, nor an unused offer.
    pub hi: Option<PriceMicro>,
    /// GPUs that changed hands.
    pub volume: u64,
    /// Every order that got something, bids and asks, by ascending index.
    pub fills: Vec<Fill>,
    /// Bids that could have had some GPUs, but fewer than their `minQty`; ascending.
    pub refused_for_size: Vec<u32>,
}

/// What one order got: never nothing, never more than its quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    pub index: u32,
    pub qty: Gpus,
}

/// Clears a book in exact integers; time grows with its length alone.
pub fn clear(book: &Book) -> Clearing {
    let ranking = Ranking::of(book);
    let mut fills = Fills::none(book);
    let bids = serve_bids(book, &ranking, &mut fills);
    let asks = serve_asks(&ranking, bids.volume, &mut fills);
    let interval = price_interval(&bids, &asks);
    let mut refused = bids.refused_for_size;
    refused.sort_unstable();
    let refused = refused.into_iter().filter_map(|position| book.orders().get(position));
    Clearing {
        price: interval.map(|(lo, hi)| lo.midpoint_floor(hi)),
        lo: interval.map(|(lo, _)| lo),
        hi: interval.map(|(_, hi)| hi),
        volume: bids.volume,
        fills: fills.by_index(book),
        refused_for_size: refused.map(|bid| bid.index).collect(),
    }
}

/// What each order gets, by position in the book: so they come out in the order of their indices.
/// A fill of zero is none.
struct Fills(Vec<u16>);

impl Fills {
    fn none(book: &Book) -> Self {
        Self(vec![0; book.orders().len()])
    }

    /// `got` GPUs for the order at `position`, not above its quantity.
    fn put(&mut self, position: usize, got: u64) {
        if let Some(fill) = self.0.get_mut(position) {
            *fill = got as u16;
        }
    }

    fn by_index(self, book: &Book) -> Vec<Fill> {
        let fills = book.orders().iter().zip(self.0);
        fills
            .filter_map(|(order, got)| Some(Fill { index: order.index, qty: Gpus::new(got).ok()? }))
            .collect()
    }
}

/// What the walk down leaves behind. `supply` is what is offered at or below the price it is at.
#[derive(Default)]
struct BidWalk {
    supply: u64,
    volume: u64,
    /// By position in the book.
    refused_for_size: Vec<usize>,
    best_unmet: Option<u64>,
    lowest_filled: Option<u64>,
}

/// Ends where nothing is available: supply only falls and volume only grows from there on, so every
/// further bid gets nothing as well, and none of them is the best that got less than it wanted.
fn serve_bids(book: &Book, ranking: &Ranking<'_>, fills: &mut Fills) -> BidWalk {
    let mut walk = BidWalk { supply: book.supply(), ..BidWalk::default() };
    let mut dearest_asks = ranking.asks().rev().peekable();
    for (price, bid) in ranking.bids() {
        while let Some((_, ask)) = dearest_asks.next_if(|(ask, _)| *ask > price) {
            walk.supply -= u64::from(ask.qty.get());
        }
        let available = walk.supply.saturating_sub(walk.volume);
        if available == 0 {
            walk.best_unmet.get_or_insert(price);
            break;
        }
        fills.put(bid.position(), walk.pass_bid(price, bid, available));
    }
    walk
}

impl BidWalk {
    /// What the bid gets of `available` GPUs, which is at least one.
    fn pass_bid(&mut self, price: u64, bid: &Place, available: u64) -> u64 {
        if available < u64::from(bid.min_qty.get()) {
            self.refused_for_size.push(bid.position());
            return 0;
        }
        let got = available.min(u64::from(bid.qty.get()));
        if got < u64::from(bid.qty.get()) {
            self.best_unmet.get_or_insert(price);
        }
        self.volume += got;
        self.lowest_filled = Some(price);
        got
    }
}

/// What the walk up leaves behind.
#[derive(Default)]
struct AskWalk {
    dearest_used: Option<u64>,
    cheapest_left: Option<u64>,
}

/// Ends at the first ask that is not used up: it is the cheapest one with something left.
fn serve_asks(ranking: &Ranking<'_>, volume: u64, fills: &mut Fills) -> AskWalk {
    let mut walk = AskWalk::default();
    let mut wanted = volume;
    for (price, ask) in ranking.asks() {
        let got = wanted.min(u64::from(ask.qty.get()));
        if got > 0 {
            walk.dearest_used = Some(price);
        }
        fills.put(ask.position(), got);
        wanted -= got;
        if got < u64::from(ask.qty.get()) {
            walk.cheapest_left = Some(price);
            break;
        }
    }
    walk
}

/// `lo` and `hi` of rule 4; absent where nothing traded.
fn price_interval(bids: &BidWalk, asks: &AskWalk) -> Option<(PriceMicro, PriceMicro)> {
    let lo = asks.dearest_used?.max(bids.best_unmet.unwrap_or(0));
    let hi = bids.lowest_filled?.min(asks.cheapest_left.unwrap_or(PriceMicro::MAX.get()));
    PriceMicro::new(lo).ok().zip(PriceMicro::new(hi).ok())
}
