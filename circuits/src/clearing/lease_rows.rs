//! The lease rows: used rows first, strictly ascending `(bid, ask)`, each with terms that its bid can
//! open (SPEC section 8).
//!
//! What the rows add up to, and that they name the orders they should, is `row_sums`. Index ranges are
//! left to it as well: a used row's bid and ask are the index of an order. The leases root binds what a
//! used row says, and nothing what an unused one does: so that has no weight there, and no key that
//! could be chosen late.

use super::witness::{ClearingWitness, RowWitness};
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, poseidon};
use ark_bn254::Fr;
use ark_ff::Field;

/// A used row's quantity is `1 ..= 4096`: one more than 12 bits.
const QTY_BITS: u32 = 12;
const QTY_SHIFT: u32 = 13;
const DURATION_BITS: u32 = 22;

/// One row of the lease list, in row order.
pub(super) struct Row {
    /// 1 for the used rows, which come first.
    pub used: Wire,
    /// 1 for the first row of each bid.
    pub starts: Wire,
    pub bid: Wire,
    pub ask: Wire,
    pub qty: Wire,
    pub duration: Wire,
    /// The bid's secret.
    pub secret: Wire,
    /// What the lease tree takes of the row: its packed indices and its terms, zero if it is not used.
    pub fields: [Wire; 2],
}

/// Allocates and constrains the rows by themselves.
pub(super) fn list(builder: &mut Builder, witness: &ClearingWitness) -> Synth<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::with_capacity(witness.rows.len());
    for row in &witness.rows {
        rows.push(allocate(builder, row)?);
    }
    builder.group("used rows come first");
    let used: Vec<Wire> = rows.iter().map(|row| row.used.clone()).collect();
    builder.enforce_ones_first(&used)?;
    if let Some(first) = rows.first() {
        builder.enforce_equal(&first.starts, &first.used)?;
        builder.enforce_equal_if(&first.used.not(), &first.secret, &Wire::zero())?;
    }
    let index_bits = rows.len().ilog2();
    for (row, next) in rows.iter().zip(rows.iter().skip(1)) {
        ascend(builder, row, next, index_bits)?;
    }
    Ok(rows)
}

fn allocate(builder: &mut Builder, row: &RowWitness) -> Synth<Row> {
    let RowWitness { used, starts, bid, ask, qty, duration, secret } = *row;
    let used = builder.witness(used)?;
    builder.group("only a used row starts a bid");
    let starts = builder.witness(starts)?;
    builder.enforce(&starts, &(&used - &starts), &Wire::zero())?;
    let (bid, ask) = (builder.witness(bid)?, builder.witness(ask)?);
    builder.group("a used row has a quantity");
    let qty = builder.witness(qty)?;
    builder.enforce_range(&(&qty - &used), QTY_BITS)?;
    builder.group("row durations are in range");
    let duration = builder.number(duration, DURATION_BITS)?;
    let secret = builder.witness(secret)?;
    let fields = fields(builder, [&used, &bid, &ask, &qty, &duration, &secret])?;
    Ok(Row { used, starts, bid, ask, qty, duration, secret, fields })
}

/// `packed row` and `terms` (SPEC sections 4 and 8). Both are zero in an unused row, and so is its
/// quantity.
fn fields(builder: &mut Builder, row: [&Wire; 6]) -> Synth<[Wire; 2]> {
    let [used, bid, ask, qty, duration, secret] = row;
    builder.group("blinds come from the bid's secret and the row's ask");
    let blind_role = &Wire::constant(power_of_two(65)) + ask;
    let blind = poseidon::hash(builder, &[&blind_role, secret])?;
    builder.group("terms are the row's, behind its blind");
    let packed_terms = Wire::sum([
        (power_of_two(64), &Wire::number(3)),
        (power_of_two(38), qty),
        (power_of_two(16), duration),
        (Fr::ONE, ask),
    ]);
    let terms = poseidon::hash(builder, &[&packed_terms, &blind])?;
    builder.group("an unused row is zero");
    let packed_row = &(bid * power_of_two(16)) + ask;
    builder.enforce_equal_if(&used.not(), bid, &Wire::zero())?;
    // The quantity is below the shift. Were it not zero, the leases root would bind an ask that is no
    // order's index, and `row_sums` has no place for its weight.
    let said = &(ask * power_of_two(QTY_SHIFT)) + qty;
    builder.enforce_equal_if(&used.not(), &said, &Wire::zero())?;
    Ok([packed_row, builder.product(&terms, used)?])
}

/// The next row starts a later bid, or goes on with the same bid and a later ask.
fn ascend(builder: &mut Builder, row: &Row, next: &Row, index_bits: u32) -> Synth<()> {
    builder.group("rows of one bid share its secret");
    let goes_on = &next.used - &next.starts;
    builder.enforce_equal_if(&goes_on, &next.bid, &row.bid)?;
    // Unused rows go on with it, so that theirs is bound as well.
    builder.enforce_equal_if(&next.starts.not(), &next.secret, &row.secret)?;
    builder.group("rows strictly ascend");
    let later_bid = &(&next.bid - &row.bid) - &Wire::one();
    let later_ask = &(&next.ask - &row.ask) - &Wire::one();
    let by_bid = builder.product(&later_bid, &next.starts)?;
    let by_ask = builder.product(&later_ask, &goes_on)?;
    builder.enforce_range(&(&by_bid + &by_ask), index_bits)
}
