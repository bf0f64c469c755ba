//! The clearing price: `floor((lo + hi) / 2)`, and zero if and only if nothing traded.
//!
//! Native twin: `auction::clear` (SPEC section 7, step 4). `lo <= hi` is a theorem about the walks, not
//! an assumption made here. Along the ranking the last match going down is the lowest price, the last
//! match going up the highest.

use super::asks::Served;
use super::bids::Walked;
use super::terms::Ranked;
use crate::gadgets::{Builder, Synth, Wire};
use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};

const PRICE_BITS: u32 = 40;
/// No unmet bid and no used ask: nothing pushes the price up.
const LO_SENTINEL: u64 = 0;
/// No filled bid and no ask left: nothing holds the price down.
const HI_SENTINEL: u64 = (1 << PRICE_BITS) - 1;

/// The price in the statement.
pub(super) fn clearing_price(
    builder: &mut Builder,
    ranks: &[Ranked],
    walked: &Walked,
    served: &Served,
) -> Synth<Wire> {
    let [lo, hi] = interval(builder, ranks, walked, served)?;
    builder.group("clearing price");
    let ends = &lo + &hi;
    // The range check makes the half an integer: an odd remainder would leave a huge element.
    let middle = builder.number(halved(ends.value()), PRICE_BITS)?;
    builder.enforce_boolean(&(&ends - &(&middle * Fr::from(2u64))))?;
    builder.product(&middle, &served.traded)
}

fn interval(builder: &mut Builder, ranks: &[Ranked], walked: &Walked, served: &Served) -> Synth<[Wire; 2]> {
    builder.group("ends of the price interval");
    let mut lowest_filled_bid = Wire::number(HI_SENTINEL);
    let mut cheapest_unused_ask = Wire::number(HI_SENTINEL);
    for ((order, bid), ask) in ranks.iter().zip(&walked.bids).zip(&served.asks) {
        lowest_filled_bid = builder.select(&bid.filled, &order.price, &lowest_filled_bid)?;
        let unused = &order.is_ask - &ask.used;
        cheapest_unused_ask = builder.select(&unused, &order.price, &cheapest_unused_ask)?;
    }
    let mut best_unmet_bid = Wire::number(LO_SENTINEL);
    for (order, bid) in ranks.iter().zip(&walked.bids).rev() {
        best_unmet_bid = builder.select(&bid.unmet, &order.price, &best_unmet_bid)?;
    }
    // The marginal ask is cheaper than every ask not used, and the dearest used.
    let cheapest_left =
        builder.select(&served.marginal_keeps, &served.marginal_price, &cheapest_unused_ask)?;
    let lo = builder.maximum(&served.marginal_price, &best_unmet_bid, PRICE_BITS)?;
    let hi = builder.minimum(&lowest_filled_bid, &cheapest_left, PRICE_BITS)?;
    Ok([lo, hi])
}

fn halved(sum: Fr) -> Fr {
    let mut integer = sum.into_bigint();
    integer.div2();
    Fr::from_bigint(integer).unwrap_or_default()
}
