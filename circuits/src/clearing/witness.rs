//! The clearing circuit's private values as plain field elements, so that a test can flip any.
//!
//! Built from a native [`Clearance`], which is the only honest source. Must never be logged: it
//! holds every opening of the batch.

use crate::batch::Clearance;
use crate::field::element;
use crate::gadgets::benes;
use crate::size::BatchSize;
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use obscura_auction::encoding::slot;
use obscura_auction::order::Side;

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
    pub slots: Vec<SlotWitness>,
    /// Bring the slots into rank order.
    pub ranking_switches: Vec<Fr>,
    /// In row order, one per slot.
    pub rows: Vec<RowWitness>,
    /// Bring each filled bid to the first of its rows.
    pub bid_switches: Vec<Fr>,
    /// The rows once more, grouped by ask.
    pub ask_list: Vec<ListWitness>,
    /// Bring the rows into the order of `ask_list`.
    pub ask_row_switches: Vec<Fr>,
    /// Bring each filled ask to the first of its places in `ask_list`.
    pub ask_switches: Vec<Fr>,
}

/// One order, or an empty slot (all zero).
#[derive(Clone, Copy, Debug, Default)]
pub struct SlotWitness {
    pub active: Fr,
    pub commit_hash: Fr,
    pub owner: Fr,
    pub side_lock: Fr,
    /// Included and a bid.
    pub is_bid: Fr,
    /// Included and an ask.
    pub is_ask: Fr,
    pub price: Fr,
    pub qty: Fr,
    pub min_qty: Fr,
    pub duration: Fr,
    pub secret: Fr,
    pub fill: Fr,
}

/// One lease row; which bid it belongs to follows from where its run starts.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowWitness {
    /// The first row of its bid.
    pub starts: Fr,
    /// A further row of the bid above.
    pub continues: Fr,
    pub ask: Fr,
    pub qty: Fr,
}

/// One place of the rows grouped by ask.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListWitness {
    pub starts: Fr,
    pub continues: Fr,
}

impl ClearingWitness {
    /// All zero: enough to lay out the circuit for setup, satisfying nothing.
    pub fn blank(size: BatchSize) -> Self {
        let slots = size.slots();
        let switches = vec![Fr::ZERO; benes::switch_count(slots)];
        Self {
            statement_hash: Fr::ZERO,
            program: Fr::ZERO,
            market: Fr::ZERO,
            market_tag: Fr::ZERO,
            batch_index: Fr::ZERO,
            fee_bps: Fr::ZERO,
            min_duration: Fr::ZERO,
            max_duration: Fr::ZERO,
            slots: vec![SlotWitness::default(); slots],
            ranking_switches: switches.clone(),
            rows: vec![RowWitness::default(); slots],
            bid_switches: switches.clone(),
            ask_list: vec![ListWitness::default(); slots],
            ask_row_switches: switches.clone(),
            ask_switches: switches,
        }
    }

    /// The witness of an honest clearing.
    pub fn of(clearance: &Clearance) -> Self {
        let inputs = &clearance.inputs;
        let elements = clearance.statement.0.elements();
        let mut witness = Self::blank(inputs.size);
        witness.statement_hash = known(&clearance.statement_hash);
        witness.program = known(&elements[slot::PROGRAM]);
        witness.market = known(&elements[slot::MARKET]);
        witness.market_tag = Fr::from(inputs.market_rules.tag.get());
        witness.batch_index = Fr::from(inputs.batch_index);
        witness.fee_bps = Fr::from(inputs.fee_bps.get());
        witness.min_duration = Fr::from(inputs.market_rules.min_duration.get());
        witness.max_duration = Fr::from(inputs.market_rules.max_duration.get());
        for (index, slot) in (0u32..).zip(&mut witness.slots) {
            *slot = slot_witness(clearance, index);
        }
        witness.rank(clearance);
        witness.group_by_bid(clearance);
        witness.group_by_ask(clearance);
        witness
    }

    fn rank(&mut self, clearance: &Clearance) {
        let mut order: Vec<usize> = (0..self.slots.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(rank_key(clearance, *index)));
        self.ranking_switches = switches(&order);
    }

    fn group_by_bid(&mut self, clearance: &Clearance) {
        let mut heads = vec![None; self.rows.len()];
        let mut previous = None;
        for ((lease, row), head) in clearance.leases.iter().zip(&mut self.rows).zip(&mut heads) {
            let starts = previous.replace(lease.bid) != Some(lease.bid);
            *head = starts.then_some(usize::from(lease.bid));
            row.starts = Fr::from(starts);
            row.continues = Fr::from(!starts);
            row.ask = Fr::from(lease.ask);
            row.qty = Fr::from(lease.qty.get());
        }
        self.bid_switches = switches(&completed(&heads));
    }

    fn group_by_ask(&mut self, clearance: &Clearance) {
        let mut list: Vec<usize> = (0..clearance.leases.len()).collect();
        list.sort_by_key(|row| clearance.leases[*row].ask);
        let mut heads = vec![None; self.rows.len()];
        let mut previous = None;
        for ((row, place), head) in list.iter().zip(&mut self.ask_list).zip(&mut heads) {
            let ask = clearance.leases[*row].ask;
            let starts = previous.replace(ask) != Some(ask);
            *head = starts.then_some(usize::from(ask));
            place.starts = Fr::from(starts);
            place.continues = Fr::from(!starts);
        }
        list.extend(clearance.leases.len()..self.rows.len());
        self.ask_row_switches = switches(&list);
        self.ask_switches = switches(&completed(&heads));
    }
}

fn slot_witness(clearance: &Clearance, index: u32) -> SlotWitness {
    let Some(order) = clearance.inputs.orders.get(index as usize) else {
        return SlotWitness::default();
    };
    let [commit_hash, owner, side_lock] = order.chained();
    let absorbed = SlotWitness {
        active: Fr::ONE,
        commit_hash: known(&commit_hash),
        owner: known(&owner),
        side_lock: known(&side_lock),
        ..SlotWitness::default()
    };
    let opening = order.opening.as_ref().filter(|_| clearance.included().get(index as usize));
    let Some(opening) = opening else {
        return absorbed;
    };
    let terms = &opening.order;
    SlotWitness {
        is_bid: Fr::from(terms.side == Side::Bid),
        is_ask: Fr::from(terms.side == Side::Ask),
        price: Fr::from(terms.price.get()),
        qty: Fr::from(terms.qty.get()),
        min_qty: Fr::from(terms.min_qty.get()),
        duration: Fr::from(terms.duration.get()),
        secret: known(opening.secret.reduced()),
        fill: Fr::from(clearance.fill(index)),
        ..absorbed
    }
}

/// SPEC section 7, step 1; an order that is not included ranks with price zero and its own number.
fn rank_key(clearance: &Clearance, index: usize) -> u64 {
    let place = index as u64;
    let opening = clearance.inputs.orders.get(index).and_then(|order| order.opening.as_ref());
    match opening.filter(|_| clearance.included().get(index)).map(|opening| &opening.order) {
        None => place,
        Some(order) if order.side == Side::Bid => order.price.get() * 2048 + 2047 - place,
        Some(order) => order.price.get() * 2048 + place,
    }
}

/// Sends every order that heads no run to a free place.
fn completed(heads: &[Option<usize>]) -> Vec<usize> {
    let mut taken = vec![false; heads.len()];
    for head in heads.iter().flatten() {
        taken[*head] = true;
    }
    let mut rest = (0..heads.len()).filter(|index| !taken[*index]);
    heads.iter().map(|head| head.or_else(|| rest.next()).unwrap_or_default()).collect()
}

fn switches(source: &[usize]) -> Vec<Fr> {
    let bits = benes::route(source).expect("the rows of a batch size are a power of two, each once");
    bits.into_iter().map(Fr::from).collect()
}

fn known(bytes: &[u8; 32]) -> Fr {
    element(bytes).expect("a clearance holds reduced values only")
}
