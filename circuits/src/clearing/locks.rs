//! Every order's lock suffices, and what the chain sees of an order is what the walks gave it (SPEC 9).
//!
//! Native twin: `auction::admissible`. A tag carries the chain's side lock, and above it the order's
//! index and its two flags; taking the latter out leaves the lock exactly if they are the same as in
//! index order. If one differs, what is left is off by a multiple of `2^80`, which no bound here lets
//! pass. A lock of the other side has the wrong sign, and is too small for anything.

use super::asks::AskOutcome;
use super::bids::BidOutcome;
use super::orders::Order;
use super::ranking::tag;
use super::terms::Ranked;
use crate::gadgets::{Builder, Synth, Wire};
use ark_bn254::Fr;

/// `3600 * 2^64 < 2^76`: a bid's slack; an ask's is below `2^64`.
const SLACK_BITS: u32 = 76;

/// For a bid `limit * qty * duration <= 3600 * (lock - qty + 1)`, for an ask `qty <= lock`.
pub(super) fn suffice(
    builder: &mut Builder,
    orders: &[Order],
    ranks: &[Ranked],
    bids: &[BidOutcome],
    asks: &[AskOutcome],
) -> Synth<()> {
    builder.group("locks suffice");
    for ((order, bid), ask) in ranks.iter().zip(bids).zip(asks) {
        let flags = tag(ranks.len(), &Wire::zero(), &order.place, &(&bid.filled + &ask.used), &bid.filled);
        let side_lock = &order.tag - &flags;
        // An ask's lock is absorbed negated.
        let lock = builder.product(&side_lock, &(&order.is_bid - &order.is_ask))?;
        let per_hour = builder.product(&order.price, &order.qty)?;
        let cost = builder.product(&per_hour, &order.duration)?;
        let spare = &lock - &order.qty;
        let bid_only = &(&(&spare * Fr::from(3599u64)) + &Wire::number(3600)) - &cost;
        let bid_only = builder.product(&bid_only, &order.is_bid)?;
        builder.enforce_range(&(&spare + &bid_only), SLACK_BITS)?;
    }
    builder.group("no flag without a fill");
    // The flags of an included order are its rank's, by its tag; so the others have none.
    let flagged = Wire::total(orders.iter().map(|order| &order.filled_bid));
    let filled = Wire::total(bids.iter().map(|bid| &bid.filled));
    builder.enforce_equal(&flagged, &filled)?;
    let flagged = Wire::total(orders.iter().map(|order| &order.filled));
    builder.enforce_equal(&flagged, &(&filled + &Wire::total(asks.iter().map(|ask| &ask.used))))
}
