//! The lease rows: strictly ascending `(bid, ask)`, used rows first, sums equal to the fills.
//!
//! Native twin: `auction::check_rows`. Rows ascend by bid, so a bid's rows are a run of the list
//! itself; an ask's rows become a run after a second network sorts the rows by ask.

use super::admission::Slot;
use super::ranking::columns;
use super::runs::{Place, enforce_sums};
use super::witness::{ClearingWitness, RowWitness};
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, benes, poseidon};
use ark_bn254::Fr;

/// A used row's quantity is `1 ..= 4096`: one more than 12 bits.
const QTY_BITS: u32 = 12;

/// One row of the lease list, in row order.
pub(super) struct Row {
    /// 1 for the used rows, which come first.
    pub used: Wire,
    pub bid: Wire,
    pub ask: Wire,
    pub qty: Wire,
    pub duration: Wire,
    pub blind: Wire,
}

/// Binds the rows to the fills of every bid and every ask.
pub(super) fn bind_rows(builder: &mut Builder, slots: &[Slot], witness: &ClearingWitness) -> Synth<Vec<Row>> {
    builder.group("fills by side");
    let mut bid_fills = Vec::with_capacity(slots.len());
    for slot in slots {
        bid_fills.push(builder.product(&slot.is_bid, &slot.fill)?);
    }
    let rows = bid_runs(builder, slots, &bid_fills, witness)?;
    enforce_order(builder, &rows)?;
    ask_runs(builder, slots, &bid_fills, &rows, witness)?;
    Ok(rows)
}

fn bid_runs(
    builder: &mut Builder,
    slots: &[Slot],
    bid_fills: &[Wire],
    witness: &ClearingWitness,
) -> Synth<Vec<Row>> {
    let orders = slots
        .iter()
        .zip(bid_fills)
        .zip(0u64..)
        .map(|((slot, fill), index)| {
            vec![Wire::number(index), slot.duration.clone(), slot.secret.clone(), fill.clone()]
        })
        .collect();
    builder.group("rows point to their bids");
    let arrived = benes::permute(builder, orders, &witness.bid_switches)?;

    let mut rows: Vec<Row> = Vec::with_capacity(slots.len());
    let (mut places, mut fills) = (Vec::new(), Vec::new());
    let (mut bid, mut duration, mut secret) = (Wire::zero(), Wire::zero(), Wire::zero());
    for (row, order) in witness.rows.iter().zip(arrived) {
        let [index, order_duration, order_secret, fill] = columns(order)?;
        let RowWitness { starts, continues, ask, qty } = *row;
        builder.group("rows point to their bids");
        let place = Place::allocate(builder, starts, continues)?;
        bid = builder.select(&place.starts, &index, &bid)?;
        duration = builder.select(&place.starts, &order_duration, &duration)?;
        secret = builder.select(&place.starts, &order_secret, &secret)?;
        let ask = builder.witness(ask)?;
        rows.push(Row {
            used: place.in_run.clone(),
            bid: bid.clone(),
            blind: blind(builder, &ask, &secret)?,
            ask,
            qty: builder.witness(qty)?,
            duration: duration.clone(),
        });
        places.push(place);
        fills.push(fill);
    }
    enforce_quantities(builder, &rows)?;
    builder.group("rows of a bid sum to its fill");
    let quantities: Vec<&Wire> = rows.iter().map(|row| &row.qty).collect();
    enforce_sums(builder, &places, &fills, &quantities)?;
    Ok(rows)
}

/// `H(2*2^64 + ask, secret)` (SPEC section 8), one per row: a blind that closing a lease publishes opens
/// no other row of the bid. Means nothing in an unused row, whose terms the lease tree replaces by zero.
/// Leaves the ask's range to `ask_runs`.
fn blind(builder: &mut Builder, ask: &Wire, secret: &Wire) -> Synth<Wire> {
    builder.group("blinds come from the bid's secret and the row's ask");
    let role = Wire::constant(power_of_two(65));
    poseidon::hash(builder, &[&(&role + ask), secret])
}

/// A used row has a quantity of at least one; an unused row has none and names no ask.
fn enforce_quantities(builder: &mut Builder, rows: &[Row]) -> Synth<()> {
    for row in rows {
        builder.group("a used row has a quantity");
        builder.enforce_range(&(&row.qty - &row.used), QTY_BITS)?;
        builder.group("an unused row is zero");
        let unused = row.used.not();
        builder.enforce_equal_if(&unused, &row.qty, &Wire::zero())?;
        builder.enforce_equal_if(&unused, &row.ask, &Wire::zero())?;
    }
    Ok(())
}

/// Used rows come first and ascend strictly. Ask numbers are below the size because each used row's
/// equals a slot's own number (`ask_runs`).
fn enforce_order(builder: &mut Builder, rows: &[Row]) -> Synth<()> {
    let index_bits = rows.len().ilog2();
    let place = |row: &Row| &(&row.bid * Fr::from(1u64 << index_bits)) + &row.ask;
    for (row, next) in rows.iter().zip(rows.iter().skip(1)) {
        builder.group("used rows come first");
        builder.enforce_equal_if(&next.used, &row.used, &Wire::one())?;
        builder.group("rows strictly ascend");
        let gap = &(&place(next) - &place(row)) - &Wire::one();
        let gap = builder.product(&next.used, &gap)?;
        builder.enforce_range(&gap, 2 * index_bits)?;
    }
    Ok(())
}

/// The rows sorted by ask, in an order of the prover's choice, as runs of the asks.
///
/// A label is the ask's number plus one, and zero for an unused row.
fn ask_runs(
    builder: &mut Builder,
    slots: &[Slot],
    bid_fills: &[Wire],
    rows: &[Row],
    witness: &ClearingWitness,
) -> Synth<()> {
    builder.group("rows point to their asks");
    let by_row = rows.iter().map(|row| vec![&row.ask + &row.used, row.qty.clone()]).collect();
    let listed = benes::permute(builder, by_row, &witness.ask_row_switches)?;
    let by_order = slots
        .iter()
        .zip(bid_fills)
        .zip(1u64..)
        .map(|((slot, bid_fill), label)| vec![Wire::number(label), &slot.fill - bid_fill])
        .collect();
    let arrived = benes::permute(builder, by_order, &witness.ask_switches)?;

    let (mut places, mut fills, mut quantities) = (Vec::new(), Vec::new(), Vec::new());
    let mut label_before = Wire::zero();
    for ((flags, row), order) in witness.ask_list.iter().zip(listed).zip(arrived) {
        let [label, qty] = columns(row)?;
        let [order_label, fill] = columns(order)?;
        let place = Place::allocate(builder, flags.starts, flags.continues)?;
        builder.enforce_equal_if(&place.starts, &label, &order_label)?;
        builder.enforce_equal_if(&place.continues, &label, &label_before)?;
        builder.enforce_equal_if(&place.in_run.not(), &qty, &Wire::zero())?;
        places.push(place);
        fills.push(fill);
        quantities.push(qty);
        label_before = label;
    }
    builder.group("rows of an ask sum to its fill");
    let quantities: Vec<&Wire> = quantities.iter().collect();
    enforce_sums(builder, &places, &fills, &quantities)
}
