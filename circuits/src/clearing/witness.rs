//! The clearing circuit's private values as plain field elements, so that a test can flip any.
//!
//! Built from a native [`Clearance`], which is the only honest source. Must never be logged: it
//! holds every opening of the batch.

use crate::batch::Clearance;
use crate::field::element;
use crate::gadgets::benes;
use crate::opening::Opening;
use crate::size::BatchSize;
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use obscura_auction::encoding::slot;
use obscura_auction::order::Side;
use std::cmp::Reverse;

/// Everything the circuit reads, its public input included.
#[derive(Clone, Debug)]
pub struct ClearingWitness {
    pub statement_hash: Fr,
    pub program: Fr,
    pub market: Fr,
    pub market_tag: Fr,
    pub batch_index: Fr,
    pub fee_bps: Fr,
    pub min_duration: Fr,
    pub max_duration: Fr,
    /// In index order, one per slot.
    pub orders: Vec<OrderWitness>,
    /// Bring the orders into rank order.
    pub ranking_switches: Vec<Fr>,
    /// In rank order, one per slot.
    pub ranks: Vec<RankWitness>,
    /// In row order, one per slot.
    pub rows: Vec<RowWitness>,
}

/// One order in index order, or an empty slot (all zero).
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderWitness {
    pub active: Fr,
    pub commit_hash: Fr,
    pub owner: Fr,
    pub side_lock: Fr,
    pub included: Fr,
    /// The packed terms of its opening.
    pub packed: Fr,
    pub secret: Fr,
    pub filled: Fr,
    /// Filled and a bid.
    pub filled_bid: Fr,
}

/// One order in rank order; all zero but the index and the running flags where none is included.
#[derive(Clone, Copy, Debug, Default)]
pub struct RankWitness {
    pub included: Fr,
    pub is_ask: Fr,
    pub price: Fr,
    pub qty: Fr,
    pub min_qty: Fr,
    /// The order's index.
    pub place: Fr,
    /// The next rank has the same price.
    pub same_price: Fr,
    /// Nothing is left for this rank.
    pub spent: Fr,
    /// A bid that gets all it wants.
    pub full: Fr,
    /// A bid that gets less, but enough.
    pub partial: Fr,
    /// All that asks offer from here down is used, and more.
    pub used_up: Fr,
}

/// One lease row, or an unused one (all zero).
#[derive(Clone, Copy, Debug, Default)]
pub struct RowWitness {
    pub used: Fr,
    /// The first row of its bid.
    pub starts: Fr,
    pub bid: Fr,
    pub ask: Fr,
    pub qty: Fr,
    pub duration: Fr,
    /// The bid's secret.
    pub secret: Fr,
}

impl ClearingWitness {
    /// All zero: enough to lay out the circuit for setup, satisfying nothing.
    pub fn blank(size: BatchSize) -> Self {
        let slots = size.slots();
        Self {
            statement_hash: Fr::ZERO,
            program: Fr::ZERO,
            market: Fr::ZERO,
            market_tag: Fr::ZERO,
            batch_index: Fr::ZERO,
            fee_bps: Fr::ZERO,
            min_duration: Fr::ZERO,
            max_duration: Fr::ZERO,
            orders: vec![OrderWitness::default(); slots],
            ranking_switches: vec![Fr::ZERO; benes::switch_count(slots)],
            ranks: vec![RankWitness::default(); slots],
            rows: vec![RowWitness::default(); slots],
        }
    }

    /// The witness of an honest clearing.
    pub fn of(clearance: &Clearance) -> Self {
        let inputs = &clearance.inputs;
        let elements = clearance.statement.0.elements();
        let ranking = ranking(clearance);
        Self {
            statement_hash: known(&clearance.statement_hash),
            program: known(&elements[slot::PROGRAM]),
            market: known(&elements[slot::MARKET]),
            market_tag: Fr::from(inputs.market_rules.tag.get()),
            batch_index: Fr::from(inputs.batch_index),
            fee_bps: Fr::from(inputs.fee_bps.get()),
            min_duration: Fr::from(inputs.market_rules.min_duration.get()),
            max_duration: Fr::from(inputs.market_rules.max_duration.get()),
            orders: (0..inputs.size.slots()).map(|index| order_witness(clearance, index)).collect(),
            ranking_switches: switches(&ranking),
            ranks: rank_witnesses(clearance, &ranking),
            rows: row_witnesses(clearance),
        }
    }
}

fn order_witness(clearance: &Clearance, index: usize) -> OrderWitness {
    let Some(order) = clearance.inputs.orders.get(index) else {
        return OrderWitness::default();
    };
    let [commit_hash, owner, side_lock] = order.chained();
    let absorbed = OrderWitness {
        active: Fr::ONE,
        commit_hash: known(&commit_hash),
        owner: known(&owner),
        side_lock: known(&side_lock),
        ..OrderWitness::default()
    };
    let Some(opening) = included(clearance, index) else {
        return absorbed;
    };
    let filled = clearance.filled().get(index);
    OrderWitness {
        included: Fr::ONE,
        packed: known(&opening.order.packed()),
        secret: known(opening.secret.reduced()),
        filled: Fr::from(filled),
        filled_bid: Fr::from(filled && opening.order.side == Side::Bid),
        ..absorbed
    }
}

fn included(clearance: &Clearance, index: usize) -> Option<&Opening> {
    let opening = clearance.inputs.orders.get(index)?.opening.as_ref();
    opening.filter(|_| clearance.included().get(index))
}

/// Indices in rank order: SPEC section 7, step 1. An order that is not included ranks with price zero
/// and its own number.
fn ranking(clearance: &Clearance) -> Vec<usize> {
    let mut ranking: Vec<usize> = (0..clearance.inputs.size.slots()).collect();
    ranking.sort_by_key(|index| {
        let place = *index as u64;
        Reverse(match included(clearance, *index).map(|opening| &opening.order) {
            None => place,
            Some(order) if order.side == Side::Bid => order.price.get() * 2048 + 2047 - place,
            Some(order) => order.price.get() * 2048 + place,
        })
    });
    ranking
}

fn rank_witnesses(clearance: &Clearance, ranking: &[usize]) -> Vec<RankWitness> {
    let order = |index: &usize| included(clearance, *index).map(|opening| opening.order);
    let offered = |index: &usize| {
        order(index).filter(|order| order.side == Side::Ask).map_or(0, |ask| i64::from(ask.qty.get()))
    };
    let volume = clearance.clearing.volume as i64;
    let mut supply: i64 = ranking.iter().map(offered).sum();
    let mut left = supply;
    let mut ranks = Vec::with_capacity(ranking.len());
    for (at, index) in ranking.iter().enumerate() {
        let mut rank = RankWitness {
            place: Fr::from(*index as u64),
            spent: Fr::from(left <= 0),
            used_up: Fr::from(supply < volume),
            ..RankWitness::default()
        };
        // An included order's price counts one less among the keys.
        let key_price = |index: &usize| order(index).map_or(0, |order| order.price.get() - 1);
        let next = ranking.get(at + 1);
        rank.same_price = Fr::from(next.is_some_and(|next| key_price(next) == key_price(index)));
        if let Some(order) = order(index) {
            let fill = clearance.fill(*index as u32);
            let is_bid = order.side == Side::Bid;
            rank.included = Fr::ONE;
            rank.is_ask = Fr::from(!is_bid);
            rank.price = Fr::from(order.price.get());
            rank.qty = Fr::from(order.qty.get());
            rank.min_qty = Fr::from(order.min_qty.get());
            rank.full = Fr::from(is_bid && fill == order.qty.get());
            rank.partial = Fr::from(is_bid && fill > 0 && fill < order.qty.get());
            left -= if is_bid { i64::from(fill) } else { 0 };
        }
        left -= offered(index);
        supply -= offered(index);
        ranks.push(rank);
    }
    ranks
}

fn row_witnesses(clearance: &Clearance) -> Vec<RowWitness> {
    let mut rows = Vec::with_capacity(clearance.inputs.size.slots());
    let mut previous = None;
    for lease in &clearance.leases {
        let secret = included(clearance, usize::from(lease.bid)).map(|bid| known(bid.secret.reduced()));
        rows.push(RowWitness {
            used: Fr::ONE,
            starts: Fr::from(previous.replace(lease.bid) != Some(lease.bid)),
            bid: Fr::from(lease.bid),
            ask: Fr::from(lease.ask),
            qty: Fr::from(lease.qty.get()),
            duration: Fr::from(lease.duration.get()),
            secret: secret.unwrap_or_default(),
        });
    }
    fill_up(&mut rows, clearance.inputs.size.slots());
    rows
}

/// Adds the rows that are not used: they keep the last secret and say nothing else.
pub fn fill_up(rows: &mut Vec<RowWitness>, slots: usize) {
    let secret = rows.last().map_or_else(Fr::default, |row| row.secret);
    rows.resize(slots, RowWitness { secret, ..RowWitness::default() });
}

/// A network's bits for output `k` = input `source[k]`.
fn switches(source: &[usize]) -> Vec<Fr> {
    let bits = benes::route(source).expect("the ranks of a batch size are a power of two, each once");
    bits.into_iter().map(Fr::from).collect()
}

fn known(bytes: &[u8; 32]) -> Fr {
    element(bytes).expect("a clearance holds reduced values only")
}
