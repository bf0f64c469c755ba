//! The walk up the ranking: what each ask gives (SPEC section 7, step 3).
//!
//! Native twin: `auction::clear`. Asks are used up from the last rank upwards while what they offer
//! together is less than the volume. The next ask gives the rest, the *marginal* one, and it is there if
//! and only if something trades; the flags turn at its rank, and what is there is read once, for all
//! ranks together.

use super::bids::{Walked, sum_bits};
use super::terms::Ranked;
use super::witness::RankWitness;
use crate::gadgets::bits::low_bits;
use crate::gadgets::wire::{inverse_power_of_two, power_of_two};
use crate::gadgets::{Builder, Synth, Wire};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};

/// Where a number stands in the marginal rank's triple: supply behind it, its quantity, its price.
const QTY_SHIFT: u32 = 40;
const PRICE_SHIFT: u32 = 80;
const QTY_BITS: u32 = 13;
const PRICE_BITS: u32 = 40;

/// One rank after the walk.
pub(super) struct AskOutcome {
    /// GPUs the ask gave; zero unless it is an ask.
    pub fill: Wire,
    /// 1 if it gave something.
    pub used: Wire,
}

/// What the walk leaves for the price.
pub(super) struct Served {
    pub asks: Vec<AskOutcome>,
    /// 1 if something trades.
    pub traded: Wire,
    /// The dearest ask used; zero if none is.
    pub marginal_price: Wire,
    /// 1 if that ask keeps something.
    pub marginal_keeps: Wire,
}

/// Binds every ask's fill to the rule.
pub(super) fn serve(
    builder: &mut Builder,
    ranks: &[Ranked],
    walked: &Walked,
    witness: &[RankWitness],
) -> Synth<Served> {
    let traded = traded(builder, &walked.volume, sum_bits(ranks.len()))?;
    let flags = used_up_flags(builder, witness, &traded)?;
    let [behind, qty, marginal_price] = read_marginal(builder, ranks, walked, &flags)?;

    builder.group("the marginal ask gives the rest");
    let gives = &walked.volume - &behind;
    builder.enforce_range(&(&gives - &traded), QTY_BITS)?;
    let keeps = &qty - &gives;
    let marginal_keeps = builder.boolean(Fr::from(keeps.value() != Fr::ZERO))?;
    builder.enforce_equal_if(&marginal_keeps.not(), &keeps, &Wire::zero())?;
    builder.enforce_range(&(&keeps - &marginal_keeps), QTY_BITS)?;

    builder.group("asks fill cheapest first");
    let mut asks = Vec::with_capacity(ranks.len());
    for (at, order) in ranks.iter().enumerate() {
        let turns = &flags[at + 1] - &flags[at];
        let whole = builder.product(&offered(walked, at), &flags[at])?;
        let part = builder.product(&gives, &turns)?;
        let used_up = builder.product(&order.is_ask, &flags[at])?;
        asks.push(AskOutcome { fill: &whole + &part, used: &used_up + &turns });
    }
    Ok(Served { asks, traded, marginal_price, marginal_keeps })
}

/// 1 if the volume is not zero.
fn traded(builder: &mut Builder, volume: &Wire, bits: u32) -> Synth<Wire> {
    builder.group("something trades if the volume says so");
    let traded = builder.boolean(Fr::from(volume.value() != Fr::ZERO))?;
    builder.enforce_equal_if(&traded.not(), volume, &Wire::zero())?;
    builder.enforce_range(&(volume - &traded), bits)?;
    Ok(traded)
}

/// For each rank 1 if all that is offered from there down is used and more; behind the last, 1 if
/// anything is used. Zero at the first, because all supply is at least the volume.
fn used_up_flags(builder: &mut Builder, witness: &[RankWitness], traded: &Wire) -> Synth<Vec<Wire>> {
    builder.group("asks run out once");
    let mut flags = Vec::with_capacity(witness.len() + 1);
    for rank in witness {
        flags.push(builder.boolean(rank.used_up)?);
    }
    flags.push(traded.clone());
    if let Some(first) = flags.first() {
        builder.enforce_equal(first, &Wire::zero())?;
    }
    for (flag, next) in flags.iter().zip(flags.iter().skip(1)) {
        builder.enforce_equal_if(flag, next, &Wire::one())?;
    }
    Ok(flags)
}

fn offered(walked: &Walked, at: usize) -> Wire {
    &walked.supply[at] - &supply_behind(walked, at)
}

fn supply_behind(walked: &Walked, at: usize) -> Wire {
    walked.supply.get(at + 1).cloned().unwrap_or_else(Wire::zero)
}

/// Supply behind the marginal ask, its quantity and its price; zeros if there is none.
///
/// That the flags turn where they should is what the caller shows of these numbers: behind the marginal
/// ask the supply is less than the volume, with it it is not.
fn read_marginal(
    builder: &mut Builder,
    ranks: &[Ranked],
    walked: &Walked,
    flags: &[Wire],
) -> Synth<[Wire; 3]> {
    builder.group("asks run out once");
    let mut triples = Vec::with_capacity(ranks.len());
    for (at, order) in ranks.iter().enumerate() {
        let triple = Wire::sum([
            (Fr::ONE, &supply_behind(walked, at)),
            (power_of_two(QTY_SHIFT), &offered(walked, at)),
            (power_of_two(PRICE_SHIFT), &order.price),
        ]);
        triples.push(builder.product(&triple, &(&flags[at + 1] - &flags[at]))?);
    }
    // Each number has its range, so there is one reading.
    let triple = Wire::total(&triples);
    let sum_bits = sum_bits(ranks.len());
    let behind = builder.number(low_bits(triple.value(), sum_bits), sum_bits)?;
    let above = &(&triple - &behind) * inverse_power_of_two(QTY_SHIFT);
    let qty = builder.number(low_bits(above.value(), QTY_BITS), QTY_BITS)?;
    let price = &(&above - &qty) * inverse_power_of_two(PRICE_SHIFT - QTY_SHIFT);
    builder.enforce_range(&price, PRICE_BITS)?;
    Ok([behind, qty, price])
}
