//! The walk down the ranking: who gets how much, and the two ends of the price interval.
//!
//! Native twin: `auction::clear` (SPEC section 7, steps 2 to 4). Assumes what the ranking and the
//! admission leave: quantities at most 4096, and zero where a row is not of that side.

use super::admission::Slot;
use super::ranking::Ranked;
use crate::gadgets::{Builder, Synth, Wire};

/// No unmet bid and no used ask: nothing pushes the price up.
const LO_SENTINEL: u64 = 0;
/// No filled bid and no ask left: nothing holds the price down.
pub(super) const HI_SENTINEL: u64 = (1 << 40) - 1;

/// What the walk leaves for the price.
pub(super) struct Walked {
    pub volume: Wire,
    pub dearest_used_ask: Wire,
    pub best_unmet_bid: Wire,
    pub lowest_filled_bid: Wire,
    pub cheapest_left_ask: Wire,
}

/// Flags of one ranked row.
struct Outcome {
    bid_filled: Wire,
    bid_unmet: Wire,
    ask_used: Wire,
    ask_left: Wire,
}

/// Binds every fill to the rule.
pub(super) fn walk(builder: &mut Builder, slots: &[Slot], ranked: &[Ranked]) -> Synth<Walked> {
    // Sums of quantities stay within 4096 * size; one more bit for a quantity on top.
    let bits = slots.len().ilog2() + 12 + 1;

    builder.group("bids fill in rank order");
    let mut supply = builder.pin(&Wire::total(ranked.iter().map(|row| &row.ask_qty)))?;
    let mut supplies = Vec::with_capacity(ranked.len());
    let mut volume = Wire::zero();
    let mut bids = Vec::with_capacity(ranked.len());
    for row in ranked {
        let bid = fill_bid(builder, row, &(&supply - &volume), bits)?;
        volume = builder.pin(&(&volume + &bid.fill))?;
        let below = builder.pin(&(&supply - &row.ask_qty))?;
        supplies.push(std::mem::replace(&mut supply, below));
        bids.push(bid);
    }
    let ask_fills = fill_asks(builder, &supplies, &volume, bits)?;

    builder.group("fills are the rule's");
    let mut outcomes = Vec::with_capacity(ranked.len());
    for ((row, bid), ask_fill) in ranked.iter().zip(bids).zip(ask_fills) {
        builder.enforce_equal(&row.fill, &(&bid.fill + &ask_fill))?;
        outcomes.push(Outcome {
            bid_filled: bid.filled,
            bid_unmet: bid.unmet,
            ask_used: builder.is_nonzero(&ask_fill)?,
            ask_left: builder.is_nonzero(&(&row.ask_qty - &ask_fill))?,
        });
    }
    price_ends(builder, ranked, &outcomes, volume)
}

struct BidFill {
    fill: Wire,
    filled: Wire,
    unmet: Wire,
}

/// `min(qty, available)`, or nothing if that is less than `minQty`; nothing where the row is no bid.
///
/// `left` is supply less volume and may be negative. With `minQty >= 1` for a bid, `left >= minQty`
/// already says that something is available. A row that is no bid has both quantities zero and gets
/// zero either way.
fn fill_bid(builder: &mut Builder, row: &Ranked, left: &Wire, bits: u32) -> Synth<BidFill> {
    let any = builder.at_least(left, &Wire::one(), bits)?;
    let enough = builder.at_least(left, &row.bid_min, bits)?;
    let full = builder.at_least(left, &row.bid_qty, bits)?;
    let wanted = builder.select(&full, &row.bid_qty, left)?;
    let fill = builder.product(&enough, &wanted)?;

    let filled = builder.is_nonzero(&fill)?;
    let short = builder.is_nonzero(&(&row.bid_qty - &fill))?;
    // Refused for size: something was there, but less than its minQty.
    let refused = &any - &enough;
    let unmet = builder.product(&short, &refused.not())?;
    Ok(BidFill { fill, filled, unmet })
}

/// Cheapest first until the volume is used: asks from rank `k` down give `min(volume, supply_k)`.
fn fill_asks(builder: &mut Builder, supplies: &[Wire], volume: &Wire, bits: u32) -> Synth<Vec<Wire>> {
    builder.group("asks fill cheapest first");
    let mut given = Vec::with_capacity(supplies.len() + 1);
    for supply in supplies {
        given.push(builder.minimum(volume, supply, bits)?);
    }
    given.push(Wire::zero());
    Ok(given.iter().zip(given.iter().skip(1)).map(|(here, below)| here - below).collect())
}

/// Carries the four candidate prices along the ranking: the last match going down is the lowest, the
/// last match going up the highest.
fn price_ends(builder: &mut Builder, ranked: &[Ranked], outcomes: &[Outcome], volume: Wire) -> Synth<Walked> {
    builder.group("ends of the price interval");
    let mut lowest_filled_bid = Wire::number(HI_SENTINEL);
    let mut cheapest_left_ask = Wire::number(HI_SENTINEL);
    for (row, outcome) in ranked.iter().zip(outcomes) {
        lowest_filled_bid = builder.select(&outcome.bid_filled, &row.price, &lowest_filled_bid)?;
        cheapest_left_ask = builder.select(&outcome.ask_left, &row.price, &cheapest_left_ask)?;
    }
    let mut best_unmet_bid = Wire::number(LO_SENTINEL);
    let mut dearest_used_ask = Wire::number(LO_SENTINEL);
    for (row, outcome) in ranked.iter().zip(outcomes).rev() {
        best_unmet_bid = builder.select(&outcome.bid_unmet, &row.price, &best_unmet_bid)?;
        dearest_used_ask = builder.select(&outcome.ask_used, &row.price, &dearest_used_ask)?;
    }
    Ok(Walked { volume, dearest_used_ask, best_unmet_bid, lowest_filled_bid, cheapest_left_ask })
}
