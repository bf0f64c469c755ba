//! The walk down the ranking: what each bid gets (SPEC section 7, step 2).
//!
//! Native twin: `auction::clear`. One number runs along: `left`, what is offered at or below a rank less
//! what better ranks took. It never rises, so where it ends is shown once, at the last rank that still
//! has something, and not at each. Every bid before that is full, partial or refused for size, told by
//! one comparison; at most one is partial, for it leaves nothing.

use super::terms::Ranked;
use super::witness::RankWitness;
use crate::gadgets::bits::low_bits;
use crate::gadgets::wire::{inverse_power_of_two, power_of_two};
use crate::gadgets::{Builder, Synth, Wire};

/// Two numbers share an element where both are below it in absolute value.
const PAIR_SHIFT: u32 = 40;
/// A quantity is at most 4096.
const QTY_BITS: u32 = 13;

/// One rank after the walk.
pub(super) struct BidOutcome {
    /// GPUs the bid got; zero unless it is a bid.
    pub fill: Wire,
    /// 1 if it got something.
    pub filled: Wire,
    /// 1 if it got less than it wanted and was not refused for its size.
    pub unmet: Wire,
}

/// What the walk leaves for the asks and the price.
pub(super) struct Walked {
    pub bids: Vec<BidOutcome>,
    /// What is offered from each rank down, by asks.
    pub supply: Vec<Wire>,
    pub volume: Wire,
}

/// Binds every bid's fill to the rule.
pub(super) fn walk(builder: &mut Builder, ranks: &[Ranked], witness: &[RankWitness]) -> Synth<Walked> {
    let supply = supplies(builder, ranks)?;
    let spent = spent_flags(builder, witness)?;
    let mut walk = Walk { sum_bits: sum_bits(ranks.len()), ..Walk::default() };
    let mut left = supply.first().cloned().unwrap_or_else(Wire::zero);
    builder.enforce_equal_if(&after(&spent, 0), &left, &Wire::zero())?;
    for (at, (order, witness)) in ranks.iter().zip(witness).enumerate() {
        let below = supply.get(at + 1).cloned().unwrap_or_else(Wire::zero);
        let step = Step {
            spent: after(&spent, at),
            turns: &after(&spent, at + 1) - &after(&spent, at),
            offered: &supply[at] - &below,
            left,
        };
        left = walk.pass(builder, order, witness, step)?;
    }
    walk.finish(builder)?;
    // At the end nothing is offered any more, and the volume is what is missing.
    Ok(Walked { bids: walk.bids, supply, volume: &Wire::zero() - &left })
}

/// Sums of quantities are below two to this: each is at most 4096.
pub(super) fn sum_bits(size: usize) -> u32 {
    size.ilog2() + 13
}

/// `supply[k]`: all asks' quantities from rank `k` down. One constraint a rank.
fn supplies(builder: &mut Builder, ranks: &[Ranked]) -> Synth<Vec<Wire>> {
    builder.group("supply");
    let mut below = Wire::zero();
    let mut supply = Vec::with_capacity(ranks.len());
    for order in ranks.iter().rev() {
        let here = builder.witness(below.value() + order.is_ask.value() * order.qty.value())?;
        builder.enforce(&order.qty, &order.is_ask, &(&here - &below))?;
        below = here.clone();
        supply.push(here);
    }
    supply.reverse();
    Ok(supply)
}

/// 1 from the first rank on at which nothing is left.
fn spent_flags(builder: &mut Builder, witness: &[RankWitness]) -> Synth<Vec<Wire>> {
    builder.group("left runs out once");
    let mut spent: Vec<Wire> = Vec::with_capacity(witness.len());
    for rank in witness {
        let flag = builder.boolean(rank.spent)?;
        if let Some(before) = spent.last() {
            builder.enforce_equal_if(before, &flag, &Wire::one())?;
        }
        spent.push(flag);
    }
    Ok(spent)
}

/// Flag `at`; past the end it is 1.
fn after(flags: &[Wire], at: usize) -> Wire {
    flags.get(at).cloned().unwrap_or_else(Wire::one)
}

#[derive(Default)]
struct Walk {
    sum_bits: u32,
    bids: Vec<BidOutcome>,
    /// Not zero at the last rank with something left only: what is left there less one, and what is
    /// missing behind it.
    turning_points: Vec<Wire>,
    /// Not zero at the one partial bid only: how many GPUs it misses, less one.
    shorts: Vec<Wire>,
}

struct Step {
    /// 1 if nothing is left here.
    spent: Wire,
    /// 1 if something is left here and nothing behind.
    turns: Wire,
    left: Wire,
    /// What this rank's ask offers; zero if it is none.
    offered: Wire,
}

impl Walk {
    /// One rank; returns what is left behind it.
    fn pass(
        &mut self,
        builder: &mut Builder,
        order: &Ranked,
        witness: &RankWitness,
        step: Step,
    ) -> Synth<Wire> {
        let Step { spent, turns, left, offered } = step;
        builder.group("a bid is full, partial, refused or too late");
        let full = builder.boolean(witness.full)?;
        let partial = builder.boolean(witness.partial)?;
        let late = builder.product(&order.is_bid, &spent)?;
        let refused = &(&(&order.is_bid - &late) - &full) - &partial;
        builder.enforce_boolean(&refused)?;

        builder.group("bids fill in rank order");
        let whole = builder.product(&order.qty, &full)?;
        let taken = whole.value() + left.value() * partial.value();
        let rest = builder.witness(left.value() - taken - offered.value())?;
        let part = &(&(&left - &rest) - &whole) - &offered;
        builder.enforce(&left, &partial, &part)?;

        builder.group("a bid's outcome is the one that what is left allows");
        let compared = builder.product(&left, &(&full - &refused))?;
        let least = builder.product(&order.min_qty, &(&refused - &partial))?;
        // full: left - qty; partial: left - minQty; refused: minQty - 1 - left.
        let margin = &(&(&compared + &part) - &whole) + &(&least - &refused);
        builder.enforce_range(&margin, self.sum_bits - 1)?;
        let wanted = builder.product(&order.qty, &partial)?;
        self.shorts.push(&(&wanted - &part) - &partial);

        builder.group("left runs out once");
        let pair = &(&left - &Wire::one()) - &(&rest * power_of_two(PAIR_SHIFT));
        self.turning_points.push(builder.product(&pair, &turns)?);
        self.bids.push(BidOutcome {
            fill: &whole + &part,
            filled: &full + &partial,
            unmet: &partial + &late,
        });
        Ok(rest)
    }

    fn finish(&self, builder: &mut Builder) -> Synth<()> {
        builder.group("left runs out once");
        let turning_point = Wire::total(&self.turning_points);
        // Both numbers of the pair are below the shift in absolute value: it has one reading.
        let low = builder.number(low_bits(turning_point.value(), self.sum_bits), self.sum_bits)?;
        let high = &(&turning_point - &low) * inverse_power_of_two(PAIR_SHIFT);
        builder.enforce_range(&high, self.sum_bits)?;
        builder.group("a partial bid gets less than it wants");
        builder.enforce_range(&Wire::total(&self.shorts), QTY_BITS)
    }
}
