//! A clearing as a test writes it down, and its posting with a proof made by the trapdoor. The statement is
//! put together from the committed orders here, not from the batch account: so a batch whose chain of
//! orders differed would refuse the proof.

use obscura_auction::encoding::{Bitmap, ChainedOrder, StatementFields, chained_order};
use obscura_auction::hashing;
use obscura_auction::order::MarketTag;
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, PriceMicro};
use obscura_circuits::lease_tree::{LeaseRow, LeaseTree};
use obscura_circuits::poseidon::NativePoseidon;
use obscura_circuits::size::BatchSize;
use solana_sdk::instruction::Instruction;

use crate::accounts::Batch;
use crate::obscura_program::client::{accounts, args};
use crate::trapdoor::TrapdoorKey;
use crate::types::PostClearingArgs;
use crate::world::instruction;
use crate::{GPU_TYPE, ID, Outcome, Sealed, World, address};

/// What the matcher says came of a batch: price, included and filled orders, rows.
#[derive(Clone, Debug)]
pub struct Clearing {
    /// The batch's orders in the order of their commits.
    pub orders: Vec<Sealed>,
    /// Slots of the circuit that it is proven with.
    pub size: BatchSize,
    pub index: u64,
    pub price_micro: u64,
    pub included: Bitmap,
    pub filled: Bitmap,
    pub rows: Vec<ClearedRow>,
}

/// `qty` GPUs of ask number `ask` for bid number `bid`.
#[derive(Clone, Copy, Debug)]
pub struct ClearedRow {
    pub bid: u16,
    pub ask: u16,
    pub qty: u16,
}

impl Clearing {
    /// Every order of batch 0 included, none filled.
    pub fn of(orders: &[&Sealed]) -> Self {
        let orders: Vec<Sealed> = orders.iter().map(|order| (*order).clone()).collect();
        let mut clearing = Self {
            size: BatchSize::S16,
            index: 0,
            price_micro: 0,
            included: Bitmap::EMPTY,
            filled: Bitmap::EMPTY,
            rows: vec![],
            orders,
        };
        for number in 0..clearing.orders.len() {
            assert!(clearing.included.set(number));
        }
        clearing
    }

    /// Proven with a circuit of `size` slots.
    pub fn under(mut self, size: BatchSize) -> Self {
        self.size = size;
        self
    }

    pub fn in_batch(mut self, index: u64) -> Self {
        self.index = index;
        self
    }

    /// Leaves out order `number`.
    pub fn without(mut self, number: usize) -> Self {
        let mut bytes = *self.included.as_bytes();
        bytes[number / 8] &= !(1 << (number % 8));
        self.included = Bitmap::from_bytes(bytes);
        self
    }

    pub fn at_price(mut self, price_micro: u64) -> Self {
        self.price_micro = price_micro;
        self
    }

    /// Adds a row, and fills both its orders.
    pub fn row(mut self, bid: u16, ask: u16, qty: u16) -> Self {
        assert!(self.filled.set(bid.into()) && self.filled.set(ask.into()));
        self.rows.push(ClearedRow { bid, ask, qty });
        self
    }

    pub fn tree(&self) -> LeaseTree {
        let rows: Vec<LeaseRow> = self.rows.iter().map(|row| self.lease_row(row)).collect();
        LeaseTree::build(self.size, &rows).expect("rows fit the tree")
    }

    /// The hash of row `row`'s terms.
    pub fn terms_hash(&self, row: u16) -> [u8; 32] {
        self.lease_row(&self.rows[usize::from(row)]).terms
    }

    fn lease_row(&self, row: &ClearedRow) -> LeaseRow {
        let bid = &self.orders[usize::from(row.bid)];
        let qty = Gpus::new(row.qty).expect("a quantity in range");
        let terms = hashing::terms::<NativePoseidon>(qty, bid.terms.duration, row.ask, bid.blind(row.ask));
        LeaseRow { bid: row.bid, ask: row.ask, terms: terms.expect("field elements") }
    }

    /// The statement that a proof of this clearing shows in `world`'s market.
    pub fn statement(&self, world: &World) -> StatementFields {
        let params = world.market_account().terms.params;
        StatementFields {
            size: self.size.get(),
            order_count: self.orders.len() as u16,
            batch_index: self.index,
            program: ID.to_bytes(),
            market: world.market.to_bytes(),
            orders_root: self.orders_root(),
            included: self.included,
            filled: self.filled,
            price: PriceMicro::new(self.price_micro).ok(),
            fee_bps: FeeBps::new(params.fee_bps).expect("a fee in range"),
            min_duration: DurationSeconds::new(params.min_duration).expect("a duration in range"),
            max_duration: DurationSeconds::new(params.max_duration).expect("a duration in range"),
            leases_root: self.tree().root(),
        }
    }

    fn orders_root(&self) -> [u8; 32] {
        let start = hashing::orders_root_start::<NativePoseidon>(MarketTag::of(GPU_TYPE), self.index);
        let chained: Vec<ChainedOrder> = self
            .orders
            .iter()
            .map(|order| chained_order(order.commit_hash(), order.owner.to_bytes(), order.lock))
            .collect();
        let start = start.expect("field elements");
        hashing::orders_root_close::<NativePoseidon>(&start, &chained).expect("field elements")
    }

    /// The posting, with a proof of `statement`.
    pub fn post_args(&self, statement: &StatementFields) -> PostClearingArgs {
        let statement = hashing::statement_hash::<NativePoseidon>(&statement.elements());
        PostClearingArgs {
            price_micro: self.price_micro,
            leases_root: self.tree().root(),
            proof: TrapdoorKey::prove(&statement.expect("field elements")),
            included: self.bitmap_bytes(&self.included),
            filled: self.bitmap_bytes(&self.filled),
        }
    }

    /// A bitmap as an instruction carries it.
    pub fn bitmap_bytes(&self, bitmap: &Bitmap) -> Vec<u8> {
        bitmap.as_bytes()[..usize::from(self.size.get()) / 8].to_vec()
    }
}

impl World {
    /// Under the key of 16 slots.
    pub fn clear_instruction(&self, index: u64, posting: PostClearingArgs) -> Instruction {
        self.clear_instruction_under(BatchSize::S16, index, posting)
    }

    pub fn clear_instruction_under(
        &self,
        size: BatchSize,
        index: u64,
        posting: PostClearingArgs,
    ) -> Instruction {
        let accounts = accounts::PostClearing {
            matcher: self.matcher.owner(),
            batch: address::batch(&self.market, index),
            verifying_key: address::verifying_key(size.get()),
        };
        instruction(accounts, args::PostClearing { args: posting })
    }

    /// Posts the clearing with a proof of exactly it.
    pub fn clear(&mut self, clearing: &Clearing) -> Outcome {
        let posting = clearing.post_args(&clearing.statement(self));
        let matcher = self.matcher.key.insecure_clone();
        let clear = self.clear_instruction_under(clearing.size, clearing.index, posting);
        self.send(clear, &[&matcher])
    }

    /// Posts what it is given, as the matcher, under the key of 16 slots.
    pub fn post(&mut self, index: u64, posting: PostClearingArgs) -> Outcome {
        let matcher = self.matcher.key.insecure_clone();
        self.send(self.clear_instruction(index, posting), &[&matcher])
    }

    #[track_caller]
    pub fn batch(&self, index: u64) -> Batch {
        self.read(&address::batch(&self.market, index))
    }
}
