//! The rows add up to the fills of every bid and every ask, and carry their bid's duration and secret.
//!
//! Each claim is that two lists of weighted keys are the same: for every key the weights of the rows
//! that name it sum to the weight of the order that has it. With a random `x`, that is the one equation
//! `sum of weight / (x - key)` on both sides (a log-derivative argument; Haböck, eprint 2022/1530): as
//! functions of `x` the two sides have the same poles with the same residues or differ almost
//! everywhere, and no residue can vanish, for weights are small and not negative.
//!
//! `x` and the `y` that mixes two parts into a key are hashes of the public input, so they come after
//! everything they bind:
//! - the rows: the leases root binds each row's packed indices, its terms and its blind, and through the
//!   latter two, ask, secret, quantity and duration, which `lease_rows` has range-checked, so that the
//!   packed terms have one reading;
//! - the orders: orders root and `included` bind every included word and secret, and the ranking and the
//!   walks leave one outcome for them; an order that is not included has weight zero.
//!
//! Nothing that stands in the equations is left to be chosen once `x` is known, also no key without a
//! weight: one that is `x` itself would have any quotient. Keys without a weight are indices of orders,
//! which are small, or of unused rows: zero, the last bid's secret, a duration in range. The ranking must
//! never be shown in this way: nothing but the argument itself would bind the ranked list.

use super::asks::AskOutcome;
use super::bids::BidOutcome;
use super::lease_rows::Row;
use super::orders::Order;
use super::terms::Ranked;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, poseidon};
use ark_bn254::Fr;
use ark_ff::Field;

/// The role constant of the two challenges is this times `2^64` (SPEC section 3).
const ROLE: u64 = 4;

/// What the rows are held against.
pub(super) struct Fills<'a> {
    pub orders: &'a [Order],
    pub ranks: &'a [Ranked],
    pub bids: &'a [BidOutcome],
    pub asks: &'a [AskOutcome],
}

/// Binds the rows to the fills.
pub(super) fn bind(
    builder: &mut Builder,
    rows: &[Row],
    fills: Fills<'_>,
    statement_hash: &Wire,
) -> Synth<()> {
    builder.group("challenges");
    let [x, y] = challenges(builder, statement_hash)?;
    let Fills { orders, ranks, bids, asks } = fills;

    builder.group("rows of an ask sum to its fill");
    let mut sides = Sides::new(&x);
    for row in rows {
        sides.left(builder, &row.ask, &row.qty)?;
    }
    for (order, ask) in ranks.iter().zip(asks) {
        sides.right(builder, &order.place, &ask.fill)?;
    }
    sides.balance(builder)?;

    builder.group("rows of a bid sum to its fill and have its duration");
    let mut sides = Sides::new(&x);
    for row in rows {
        let key = &row.bid + &builder.product(&row.duration, &y)?;
        sides.left(builder, &key, &row.qty)?;
    }
    for (order, bid) in ranks.iter().zip(bids) {
        let key = &order.place + &builder.product(&order.duration, &y)?;
        sides.right(builder, &key, &bid.fill)?;
    }
    sides.balance(builder)?;

    builder.group("rows of a bid have its secret");
    let mut sides = Sides::new(&x);
    for row in rows {
        let key = &row.bid + &builder.product(&row.secret, &y)?;
        sides.left(builder, &key, &row.starts)?;
    }
    for (order, place) in orders.iter().zip(0u64..) {
        let key = &Wire::number(place) + &builder.product(&order.secret, &y)?;
        sides.right(builder, &key, &order.filled_bid)?;
    }
    sides.balance(builder)
}

fn challenges(builder: &mut Builder, statement_hash: &Wire) -> Synth<[Wire; 2]> {
    let role = Wire::constant(power_of_two(64) * Fr::from(ROLE));
    let x = poseidon::hash(builder, &[&role, statement_hash])?;
    let y = poseidon::hash(builder, &[&(&role + &Wire::one()), statement_hash])?;
    Ok([x, y])
}

/// One equation under construction.
struct Sides<'a> {
    x: &'a Wire,
    left: Vec<Wire>,
    right: Vec<Wire>,
}

impl<'a> Sides<'a> {
    fn new(x: &'a Wire) -> Self {
        Self { x, left: Vec::new(), right: Vec::new() }
    }

    fn left(&mut self, builder: &mut Builder, key: &Wire, weight: &Wire) -> Synth<()> {
        self.left.push(fraction(builder, weight, &(self.x - key))?);
        Ok(())
    }

    fn right(&mut self, builder: &mut Builder, key: &Wire, weight: &Wire) -> Synth<()> {
        self.right.push(fraction(builder, weight, &(self.x - key))?);
        Ok(())
    }

    fn balance(self, builder: &mut Builder) -> Synth<()> {
        builder.enforce_equal(&Wire::total(&self.left), &Wire::total(&self.right))
    }
}

/// `weight / distance`. One constraint. The distance is zero with a chance of less than `2^-220`; then
/// the batch cannot be proven, or where there is no weight the quotient is free.
fn fraction(builder: &mut Builder, weight: &Wire, distance: &Wire) -> Synth<Wire> {
    let inverse = distance.value().inverse().unwrap_or_default();
    let quotient = builder.witness(weight.value() * inverse)?;
    builder.enforce(distance, &quotient, weight)?;
    Ok(quotient)
}
