//! Honest batches at the ends of every range and of every size: the rules leave room for all of them.

use crate::common::{Batch, MONTH};
use obscura_auction::order::{MarketTag, Side};
use obscura_auction::units::{DurationSeconds, FeeBps};
use obscura_circuits::clearing::ClearingCircuit;
use obscura_circuits::secret::Secret;
use obscura_circuits::size::BatchSize;

const TOP_PRICE: u64 = (1 << 40) - 1;

#[track_caller]
fn satisfies(batch: &Batch) {
    let (groups, evaluation) = ClearingCircuit::new(&batch.witness()).evaluate().unwrap();
    assert_eq!(evaluation.broken.and_then(|row| groups.of(row)), None);
}

/// Every order has this lock, and a month at most is allowed.
fn locked(mut batch: Batch, amount: u64) -> Batch {
    batch.0.orders.iter_mut().for_each(|order| order.lock.amount = amount);
    batch
}

fn month(size: BatchSize) -> Batch {
    let mut batch = Batch::of_size(size);
    batch.0.market_rules.max_duration = DurationSeconds::MAX;
    batch
}

/// Full batches at the ends of every range, at every size but the largest; that has its own.
#[test]
fn full_batches_at_the_extremes_satisfy_the_circuit() {
    for size in [BatchSize::S16, BatchSize::S64, BatchSize::S256] {
        full_extremes(size).iter().for_each(satisfies);
    }
}

#[test]
fn the_largest_batch_at_its_extremes_satisfies_the_circuit() {
    // One bid takes all of 1,023 asks; one ask serves 1,023 bids; half and half; nobody opens anything.
    full_extremes(BatchSize::S1024).iter().for_each(satisfies);
}

fn full_extremes(size: BatchSize) -> Vec<Batch> {
    let others = size.get() - 1;
    let repeat = |count: u16, batch: Batch, step: &dyn Fn(Batch, u16) -> Batch| (0..count).fold(batch, step);
    let dearest_bid = |batch: Batch, _| batch.timed_bid(TOP_PRICE, 4096, 4096, MONTH);
    let dearest_ask = |batch: Batch, _| batch.ask(TOP_PRICE, 4096);
    let hidden_bid = |batch: Batch, _| batch.bid(1, 1).hidden();
    // As many GPUs from each ask as one bid can take in all.
    let share = 4096 / size.get();
    let one_bid = repeat(others, month(size), &|batch, _| batch.ask(7, share)).bid(7, share * others);
    let one_ask = repeat(others, month(size).ask(1, 4096), &|batch, _| batch.bid(1, 1));
    let stairs = repeat(size.get() / 2, month(size), &|batch, step| {
        batch.partial_bid(TOP_PRICE - u64::from(step), 3, 1).ask(1 + u64::from(step), 3 + step % 2)
    });
    let more_than_wanted = repeat(others, month(size).bid(TOP_PRICE, 1), &|batch, _| batch.ask(1, 4096));
    let starved = repeat(others, month(size).ask(1, 1), &|batch, _| batch.partial_bid(TOP_PRICE, 4096, 1));
    let refused = repeat(others, month(size).ask(1, 1), &dearest_bid);
    let halves = repeat(size.get() / 2, month(size), &|batch, at| dearest_ask(dearest_bid(batch, at), at));
    vec![
        locked(repeat(size.get(), month(size), &dearest_bid), u64::MAX),
        locked(repeat(size.get(), month(size), &dearest_ask), u64::MAX),
        repeat(size.get(), month(size), &hidden_bid),
        one_bid,
        one_ask,
        stairs,
        more_than_wanted,
        starved,
        refused,
        halves,
    ]
}

/// The chain absorbs three at a time, and no size is a multiple of three.
#[test]
fn every_partial_group_at_either_end_satisfies_the_circuit() {
    for size in BatchSize::ALL {
        for count in [0, 1, 2, 3, 4, size.get() - 2, size.get() - 1] {
            if size.get() > 256 && count > 4 {
                continue;
            }
            satisfies(&(0..count).fold(Batch::of_size(size), |batch, at| match at % 2 {
                0 => batch.bid(9, 2),
                _ => batch.ask(3, 2),
            }));
        }
    }
}

#[test]
fn markets_and_secrets_at_the_ends_of_their_ranges_satisfy_the_circuit() {
    let trade = |change: &dyn Fn(&mut Batch)| {
        let mut batch = Batch::new();
        change(&mut batch);
        let longest = batch.0.market_rules.max_duration.get();
        satisfies(&batch.timed_bid(5, 2, 2, longest).ask(5, 1).ask(4, 1));
    };
    for tag in [0, 1, u64::MAX, u64::MAX << 51] {
        trade(&|batch| batch.0.market_rules.tag = MarketTag::from_u64(tag));
    }
    for index in [0, u64::MAX] {
        trade(&|batch| batch.0.batch_index = index);
    }
    for fee in [FeeBps::MIN, FeeBps::MAX] {
        trade(&|batch| batch.0.fee_bps = fee);
    }
    let (least, most) = (DurationSeconds::MIN, DurationSeconds::MAX);
    for (min, max) in [(least, least), (least, most), (most, most)] {
        trade(&|batch| (batch.0.market_rules.min_duration, batch.0.market_rules.max_duration) = (min, max));
    }
    for key in [[0; 32], [0xff; 32]] {
        trade(&|batch| (batch.0.program, batch.0.market) = (key, key));
    }
    for secret in [[0; 32], [0xff; 32]] {
        let mut batch = Batch::new().bid(5, 2).ask(5, 1).ask(4, 1);
        for order in &mut batch.0.orders {
            let opening = order.opening.as_mut().unwrap();
            opening.secret = Secret::from_bytes(secret);
            order.commit_hash = opening.commit_hash();
        }
        satisfies(&batch);
    }
}

#[test]
fn a_lock_of_exactly_the_collateral_is_enough_at_the_top() {
    let exact = |qty| month(BatchSize::S16).timed_bid(TOP_PRICE, qty, 1, MONTH).ask(TOP_PRICE, qty);
    for qty in [1, 4095, 4096] {
        satisfies(&exact(qty));
        let mut short = exact(qty);
        short.0.orders[0].lock.amount -= 1;
        assert!(!short.clear().included().get(0));
        satisfies(&short);
    }
    // A lease of one micro-USDC rounds up; the lock of a bid covers each of its rows.
    let order = month(BatchSize::S16).order(Side::Bid, 1, 3, 1, 61);
    satisfies(&month(BatchSize::S16).revealed(order, 3).ask(1, 1).ask(1, 1).ask(1, 1));
}
