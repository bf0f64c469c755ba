//! The clearing price: `floor((lo + hi) / 2)`, and zero if and only if nothing traded.
//!
//! Native twin: `auction::clear` (SPEC section 7, step 4). `lo <= hi` is a theorem about the walk,
//! not an assumption made here.

use super::walk::Walked;
use crate::gadgets::{Builder, Synth, Wire};
use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};

const PRICE_BITS: u32 = 40;

/// The price in the statement.
pub(super) fn clearing_price(builder: &mut Builder, walked: &Walked) -> Synth<Wire> {
    builder.group("clearing price");
    let lo = builder.maximum(&walked.dearest_used_ask, &walked.best_unmet_bid, PRICE_BITS)?;
    let hi = builder.minimum(&walked.lowest_filled_bid, &walked.cheapest_left_ask, PRICE_BITS)?;
    let ends = &lo + &hi;
    // The range check makes the half an integer: an odd remainder would leave a huge element.
    let middle = builder.number(halved(ends.value()), PRICE_BITS)?;
    builder.enforce_boolean(&(&ends - &(&middle * Fr::from(2u64))))?;

    let traded = builder.is_nonzero(&walked.volume)?;
    builder.product(&traded, &middle)
}

fn halved(sum: Fr) -> Fr {
    let mut integer = sum.into_bigint();
    integer.div2();
    Fr::from_bigint(integer).unwrap_or_default()
}
