//! The uniform-price call auction: one price, and what every order gets (SPEC section 7).
//!
//! Must never depend on the sequence in which orders arrive, nor leave a choice to whoever runs it.
//! One walk down the ranking serves the bids, one walk up serves the asks.

use alloc::vec::Vec;

use crate::book::{Book, BookOrder};
use crate::order::Side;
use crate::rank::Ranking;
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

/// Clears a book; linear after sorting it, in exact integers.
pub fn clear(book: &Book) -> Clearing {
    let ranking = Ranking::of(book);
    let bids = serve_bids(book, &ranking);
    let asks = serve_asks(&ranking, bids.volume);
    let interval = price_interval(&bids, &asks);

    let mut fills = bids.fills;
    fills.extend(asks.fills);
    fills.sort_unstable_by_key(|fill| fill.index);
    let mut refused_for_size = bids.refused_for_size;
    refused_for_size.sort_unstable();
    Clearing {
        price: interval.map(|(lo, hi)| lo.midpoint_floor(hi)),
        lo: interval.map(|(lo, _)| lo),
        hi: interval.map(|(_, hi)| hi),
        volume: bids.volume,
        fills,
        refused_for_size,
    }
}

/// What the walk down leaves behind. `supply` is what is offered at or below the price it is at.
#[derive(Default)]
struct BidWalk {
    supply: u64,
    volume: u64,
    fills: Vec<Fill>,
    refused_for_size: Vec<u32>,
    best_unmet: Option<PriceMicro>,
    lowest_filled: Option<PriceMicro>,
}

fn serve_bids(book: &Book, ranking: &Ranking<'_>) -> BidWalk {
    let mut walk = BidWalk { supply: book.supply(), ..BidWalk::default() };
    for (_, order) in ranking.descending() {
        match order.side {
            Side::Bid => walk.pass_bid(order),
            Side::Ask => walk.supply -= u64::from(order.qty.get()),
        }
    }
    walk
}

impl BidWalk {
    fn pass_bid(&mut self, bid: &BookOrder) {
        let available = self.supply.saturating_sub(self.volume);
        if available > 0 && available < u64::from(bid.min_qty.get()) {
            self.refused_for_size.push(bid.index);
            return;
        }
        let got = available.min(u64::from(bid.qty.get()));
        if got < u64::from(bid.qty.get()) {
            self.best_unmet = self.best_unmet.or(Some(bid.price));
        }
        if let Ok(qty) = Gpus::try_from(got) {
            self.fills.push(Fill { index: bid.index, qty });
            self.volume += got;
            self.lowest_filled = Some(bid.price);
        }
    }
}

/// What the walk up leaves behind. `wanted` is the volume that no ask has served yet.
#[derive(Default)]
struct AskWalk {
    wanted: u64,
    fills: Vec<Fill>,
    dearest_used: Option<PriceMicro>,
    cheapest_left: Option<PriceMicro>,
}

fn serve_asks(ranking: &Ranking<'_>, volume: u64) -> AskWalk {
    let mut walk = AskWalk { wanted: volume, ..AskWalk::default() };
    for (_, order) in ranking.descending().rev() {
        if order.side == Side::Ask {
            walk.pass_ask(order);
        }
    }
    walk
}

impl AskWalk {
    fn pass_ask(&mut self, ask: &BookOrder) {
        let got = self.wanted.min(u64::from(ask.qty.get()));
        if got < u64::from(ask.qty.get()) {
            self.cheapest_left = self.cheapest_left.or(Some(ask.price));
        }
        if let Ok(qty) = Gpus::try_from(got) {
            self.fills.push(Fill { index: ask.index, qty });
            self.wanted -= got;
            self.dearest_used = Some(ask.price);
        }
    }
}

/// `lo` and `hi` of rule 4; absent where nothing traded.
fn price_interval(bids: &BidWalk, asks: &AskWalk) -> Option<(PriceMicro, PriceMicro)> {
    let lo = asks.dearest_used?.max(bids.best_unmet.unwrap_or(PriceMicro::MIN));
    let hi = bids.lowest_filled?.min(asks.cheapest_left.unwrap_or(PriceMicro::MAX));
    Some((lo, hi))
}
