//! Per order, in index order: flags, the opening of an included order, and its admissibility.
//!
//! Native twin: `auction::admissible`. An order that is not included has price, quantities and
//! duration zero, which is what takes it out of every later rule.

use super::statement::Market;
use super::witness::{ClearingWitness, SlotWitness};
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire, poseidon};
use ark_bn254::Fr;
use ark_ff::Field;
use obscura_auction::encoding::ORDER_VERSION;
use obscura_auction::units::DurationSeconds;

const PRICE_BITS: u32 = 40;
/// `1 ..= 4096` is one more than 12 bits.
const QTY_BITS: u32 = 12;
const DURATION_BITS: u32 = 22;
const LOCK_BITS: u32 = 64;
/// `3600 * 2^64 < 2^76`: a bid's slack; an ask's is below `2^64`.
const SLACK_BITS: u32 = 76;

const DURATION_MAX: u32 = DurationSeconds::MAX.get();

/// One slot's wires after admission.
pub(super) struct Slot {
    /// 1 if the batch has an order here.
    pub active: Wire,
    pub commit_hash: Wire,
    pub owner: Wire,
    pub side_lock: Wire,
    pub is_bid: Wire,
    pub is_ask: Wire,
    /// `is_bid + is_ask`.
    pub included: Wire,
    pub price: Wire,
    pub qty: Wire,
    pub min_qty: Wire,
    pub duration: Wire,
    pub secret: Wire,
    /// What the order got; bound by the walk.
    pub fill: Wire,
}

/// Allocates and constrains every slot.
pub(super) fn admit(builder: &mut Builder, witness: &ClearingWitness, market: &Market) -> Synth<Vec<Slot>> {
    let slots: Vec<Slot> = witness.slots.iter().map(|slot| allocate(builder, slot)).collect::<Synth<_>>()?;
    for (slot, next) in slots.iter().zip(slots.iter().skip(1)) {
        builder.group("active slots come first");
        builder.enforce_equal_if(&next.active, &slot.active, &Wire::one())?;
    }
    for slot in &slots {
        constrain_flags(builder, slot)?;
        constrain_fields(builder, slot)?;
        constrain_duration(builder, slot, market)?;
        constrain_lock(builder, slot)?;
        constrain_opening(builder, slot, market)?;
    }
    Ok(slots)
}

fn allocate(builder: &mut Builder, slot: &SlotWitness) -> Synth<Slot> {
    let SlotWitness {
        active,
        commit_hash,
        owner,
        side_lock,
        is_bid,
        is_ask,
        price,
        qty,
        min_qty,
        duration,
        secret,
        fill,
    } = *slot;
    let (is_bid, is_ask) = (builder.witness(is_bid)?, builder.witness(is_ask)?);
    Ok(Slot {
        active: builder.witness(active)?,
        commit_hash: builder.witness(commit_hash)?,
        owner: builder.witness(owner)?,
        side_lock: builder.witness(side_lock)?,
        included: &is_bid + &is_ask,
        is_bid,
        is_ask,
        price: builder.witness(price)?,
        qty: builder.witness(qty)?,
        min_qty: builder.witness(min_qty)?,
        duration: builder.witness(duration)?,
        secret: builder.witness(secret)?,
        fill: builder.witness(fill)?,
    })
}

fn constrain_flags(builder: &mut Builder, slot: &Slot) -> Synth<()> {
    builder.group("slot flags");
    builder.enforce_boolean(&slot.active)?;
    builder.enforce_boolean(&slot.is_bid)?;
    builder.enforce_boolean(&slot.is_ask)?;
    builder.enforce(&slot.is_bid, &slot.is_ask, &Wire::zero())?;
    builder.group("included is a subset of active");
    builder.enforce_equal_if(&slot.included, &slot.active, &Wire::one())?;
    builder.group("an empty slot is all zero");
    let empty = slot.active.not();
    for absorbed in [&slot.commit_hash, &slot.owner, &slot.side_lock] {
        builder.enforce_equal_if(&empty, absorbed, &Wire::zero())?;
    }
    Ok(())
}

fn constrain_fields(builder: &mut Builder, slot: &Slot) -> Synth<()> {
    builder.group("price range");
    builder.enforce_range(&slot.price, PRICE_BITS)?;
    let inverse = builder.hint(slot.price.value().inverse().unwrap_or_default())?;
    builder.enforce(&slot.price, &inverse, &slot.included)?;

    builder.group("quantity range");
    builder.enforce_range(&(&slot.qty - &slot.included), QTY_BITS)?;
    builder.enforce_range(&(&slot.min_qty - &slot.included), QTY_BITS)?;
    builder.group("minQty is at most qty");
    builder.enforce_range(&(&slot.qty - &slot.min_qty), QTY_BITS)?;
    builder.group("an ask's minQty is one");
    builder.enforce_equal_if(&slot.is_ask, &slot.min_qty, &Wire::one())?;

    builder.group("not included means zero");
    // All four are range-checked and not negative, so their sum is zero only if each is.
    let all = Wire::total([&slot.price, &slot.qty, &slot.min_qty, &slot.duration]);
    builder.enforce_equal_if(&slot.included.not(), &all, &Wire::zero())
}

/// A bid's duration is inside the market's bounds, an ask's at least the longest.
fn constrain_duration(builder: &mut Builder, slot: &Slot, market: &Market) -> Synth<()> {
    builder.group("duration range");
    let bid_least = builder.product(&slot.is_bid, &market.min_duration)?;
    let bid_most = builder.product(&slot.is_bid, &market.max_duration)?;
    let ask_least = builder.product(&slot.is_ask, &market.max_duration)?;
    let least = &bid_least + &ask_least;
    let most = &bid_most + &(&slot.is_ask * Fr::from(DURATION_MAX));
    builder.enforce_range(&(&slot.duration - &least), DURATION_BITS)?;
    builder.enforce_range(&(&most - &slot.duration), DURATION_BITS)
}

/// The lock the chain holds is this side's and suffices: for a bid
/// `limit * qty * duration <= 3600 * (lock - qty + 1)`, for an ask `qty <= lock`.
fn constrain_lock(builder: &mut Builder, slot: &Slot) -> Synth<()> {
    builder.group("lock is of this side");
    let side_lock = builder.product(&slot.included, &slot.side_lock)?;
    let lock = &side_lock - &(&slot.is_ask * power_of_two(LOCK_BITS));
    builder.enforce_range(&lock, LOCK_BITS)?;

    builder.group("lock suffices");
    let per_hour = builder.product(&slot.price, &slot.qty)?;
    let cost = builder.product(&per_hour, &slot.duration)?;
    let spare = &(&lock - &slot.qty) + &Wire::one();
    // Below 2^76 in absolute value on either side, so the range check cannot wrap around.
    let bid_slack = &(&spare * Fr::from(3600u64)) - &cost;
    let bid_slack = builder.product(&slot.is_bid, &bid_slack)?;
    let ask_slack = builder.product(&slot.is_ask, &(&lock - &slot.qty))?;
    builder.enforce_range(&(&bid_slack + &ask_slack), SLACK_BITS)
}

/// An included order's opening hashes to what the chain absorbed, with the same owner.
fn constrain_opening(builder: &mut Builder, slot: &Slot, market: &Market) -> Synth<()> {
    builder.group("opening hashes to the commitment");
    let version = Wire::number(u64::from(ORDER_VERSION));
    let packed = Wire::sum([
        (power_of_two(153), &version),
        (power_of_two(152), &slot.is_ask),
        (power_of_two(88), &market.tag),
        (power_of_two(48), &slot.price),
        (power_of_two(35), &slot.qty),
        (power_of_two(22), &slot.min_qty),
        (Fr::ONE, &slot.duration),
    ]);
    let opened = poseidon::hash(builder, &[&packed, &slot.owner, &slot.secret])?;
    builder.enforce_equal_if(&slot.included, &opened, &slot.commit_hash)
}
