//! Builds batches order by order, and asks the circuit what it thinks of a witness.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod forge;
pub mod tiny;

use ark_bn254::Fr;
use obscura_auction::admissible::{MarketRules, collateral_ceil};
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, PriceMicro};
use obscura_circuits::batch::{BatchInputs, Clearance, CommittedOrder};
use obscura_circuits::clearing::ClearingWitness;
use obscura_circuits::opening::Opening;
use obscura_circuits::secret::Secret;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::{Constraints, assignment};
use std::sync::OnceLock;

pub const HOUR: u32 = 3600;
pub const MONTH: u32 = 2_592_000;

/// A batch under construction.
#[derive(Clone)]
pub struct Batch(pub BatchInputs);

impl Batch {
    pub fn new() -> Self {
        Self::of_size(BatchSize::S16)
    }

    pub fn of_size(size: BatchSize) -> Self {
        Self(BatchInputs {
            size,
            batch_index: 41,
            program: [0xf1; 32],
            market: [0xe2; 32],
            market_rules: MarketRules {
                tag: MarketTag::of("H100 80GB"),
                min_duration: DurationSeconds::new(60).unwrap(),
                max_duration: DurationSeconds::new(604_800).unwrap(),
            },
            fee_bps: FeeBps::new(100).unwrap(),
            orders: Vec::new(),
        })
    }

    /// All or none, for an hour.
    pub fn bid(self, price: u64, qty: u16) -> Self {
        self.partial_bid(price, qty, qty)
    }

    pub fn partial_bid(self, price: u64, qty: u16, min_qty: u16) -> Self {
        self.timed_bid(price, qty, min_qty, HOUR)
    }

    pub fn timed_bid(self, price: u64, qty: u16, min_qty: u16, seconds: u32) -> Self {
        let order = self.order(Side::Bid, price, qty, min_qty, seconds);
        let amount = collateral_ceil(order.price, order.qty, order.duration).get();
        self.revealed(order, amount)
    }

    pub fn ask(self, price: u64, qty: u16) -> Self {
        let order = self.order(Side::Ask, price, qty, 1, MONTH);
        self.revealed(order, u64::from(qty))
    }

    pub fn order(&self, side: Side, price: u64, qty: u16, min_qty: u16, seconds: u32) -> Order {
        Order {
            side,
            market: self.0.market_rules.tag,
            price: PriceMicro::new(price).unwrap(),
            qty: Gpus::new(qty).unwrap(),
            min_qty: Gpus::new(min_qty).unwrap(),
            duration: DurationSeconds::new(seconds).unwrap(),
        }
    }

    /// Commits and reveals `order` with a lock of `amount`.
    pub fn revealed(mut self, order: Order, amount: u64) -> Self {
        let index = self.0.orders.len();
        // Above the modulus, so that reduction matters.
        let mut owner = [0xfe; 32];
        owner[30..].copy_from_slice(&(index as u16).to_be_bytes());
        let secret = Secret::from_bytes([index as u8 ^ 0x5a; 32]);
        let opening = Opening { order, owner, secret };
        self.0.orders.push(CommittedOrder {
            commit_hash: opening.commit_hash(),
            owner,
            lock: Lock { side: order.side, amount },
            opening: Some(opening),
        });
        self
    }

    /// The last order is not revealed.
    pub fn hidden(mut self) -> Self {
        self.last().opening = None;
        self
    }

    pub fn last(&mut self) -> &mut CommittedOrder {
        self.0.orders.last_mut().unwrap()
    }

    pub fn clear(&self) -> Clearance {
        Clearance::compute(&self.0).unwrap()
    }

    pub fn witness(&self) -> ClearingWitness {
        ClearingWitness::of(&self.clear())
    }
}

/// Every outcome at once: full, partial, refused for size and starved bids; used, cut and idle asks; a
/// bid split over asks and an ask over bids; hidden and inadmissible orders; a partial last group.
pub fn busy_batch() -> Batch {
    let mut batch = Batch::new()
        .bid(900, 6)
        .ask(300, 4)
        .partial_bid(800, 5, 1)
        .ask(350, 7)
        .bid(500, 9)
        .bid(1_000, 3)
        .hidden()
        .partial_bid(450, 4, 1)
        .ask(400, 3)
        .ask(700, 2)
        .timed_bid(420, 2, 1, 7_200)
        .bid(380, 1);
    let lock = batch.last().lock.amount;
    batch.last().lock.amount = lock - 1;
    batch
}

/// The circuit of 16 slots, laid out once.
pub fn constraints() -> &'static Constraints {
    static CONSTRAINTS: OnceLock<Constraints> = OnceLock::new();
    CONSTRAINTS.get_or_init(|| Constraints::of(BatchSize::S16).unwrap())
}

/// The groups in which `witness` breaks a constraint, each once.
pub fn broken_groups(witness: &ClearingWitness) -> Vec<&'static str> {
    let values = assignment(witness).unwrap();
    let rows = constraints().unsatisfied(&values);
    let mut groups: Vec<_> = rows.map(|row| constraints().groups.of(row).unwrap()).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

pub fn fr(value: u64) -> Fr {
    Fr::from(value)
}
