//! Clears a batch natively: the circuit's twin, and the source of its witness.
//!
//! Must never contain a rule of its own: admission, clearing, allocation and checks are `auction`'s.
//! What it adds is what the chain will see: the statement, the bitmaps and the lease tree.

use crate::batch::{BatchInputs, CommittedOrder, Exclusion, book_order};
use crate::lease_tree::{LeaseRow, LeaseTree, LeaseTreeError};
use crate::opening::Opening;
use crate::poseidon::{HashError, NativePoseidon};
use crate::statement::Statement;
use obscura_auction::allocate::{Row, allocate};
use obscura_auction::book::{Book, BookError};
use obscura_auction::check::{Violation, check, check_rows};
use obscura_auction::clear::{Clearing, clear};
use obscura_auction::encoding::{Bitmap, ChainedOrder, StatementFields};
use obscura_auction::field::{FieldBytes, is_canonical};
use obscura_auction::hashing;
use obscura_auction::units::{DurationSeconds, Gpus};

/// A cleared batch: what to post, what to prove, and what each order got.
#[derive(Clone, Debug)]
pub struct Clearance {
    pub inputs: BatchInputs,
    /// Per order in index order: included, or why not.
    pub inclusion: Vec<Result<(), Exclusion>>,
    pub clearing: Clearing,
    pub leases: Vec<ClearedLease>,
    pub lease_tree: LeaseTree,
    pub statement: Statement,
    /// The proof's public input.
    pub statement_hash: FieldBytes,
}

/// One lease row with what its terms hash hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClearedLease {
    pub bid: u16,
    pub ask: u16,
    pub qty: Gpus,
    pub duration: DurationSeconds,
    /// Derived from the bid's secret; whoever has it and the terms can open the lease.
    pub blind: FieldBytes,
    pub terms: FieldBytes,
}

/// Why a batch cannot be cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClearanceError {
    #[error("a batch of {size} slots cannot hold {got} orders")]
    TooManyOrders { size: u16, got: usize },
    #[error("the commitHash of order {index} is not a field element")]
    CommitHash { index: usize },
    #[error(transparent)]
    Book(#[from] BookError),
    #[error("the clearing breaks its own rules: {0}")]
    Violation(#[from] Violation),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    LeaseTree(#[from] LeaseTreeError),
}

impl Clearance {
    /// Includes, clears, allocates and checks.
    pub fn compute(inputs: &BatchInputs) -> Result<Self, ClearanceError> {
        check_inputs(inputs)?;
        let openings: Vec<Result<&Opening, Exclusion>> =
            inputs.orders.iter().map(|order| order.included(&inputs.market_rules)).collect();
        let included = (0u32..)
            .zip(&openings)
            .filter_map(|(index, opening)| opening.as_ref().ok().map(|opening| book_order(index, opening)));
        let book = Book::new(included.collect())?;
        let clearing = clear(&book);
        check(&book, &clearing)?;
        let rows = allocate(&book, &clearing);
        check_rows(&book, &clearing, &rows)?;

        let leases = seal_rows(&openings, &rows)?;
        let tree_rows: Vec<LeaseRow> = leases.iter().map(ClearedLease::row).collect();
        let lease_tree = LeaseTree::build(inputs.size, &tree_rows)?;
        let inclusion: Vec<Result<(), Exclusion>> =
            openings.into_iter().map(|opening| opening.map(drop)).collect();
        let statement = statement(inputs, &inclusion, &clearing, lease_tree.root())?;
        let statement_hash = statement.hash()?;
        Ok(Self {
            inputs: inputs.clone(),
            inclusion,
            clearing,
            leases,
            lease_tree,
            statement,
            statement_hash,
        })
    }

    /// Which orders count.
    pub fn included(&self) -> &Bitmap {
        &self.statement.0.included
    }

    /// Which orders got something.
    pub fn filled(&self) -> &Bitmap {
        &self.statement.0.filled
    }

    /// What the order got; zero if nothing.
    pub fn fill(&self, index: u32) -> u16 {
        let found = self.clearing.fills.binary_search_by_key(&index, |fill| fill.index);
        found.ok().and_then(|at| self.clearing.fills.get(at)).map_or(0, |fill| fill.qty.get())
    }
}

impl ClearedLease {
    /// The row of the lease tree.
    pub fn row(&self) -> LeaseRow {
        LeaseRow { bid: self.bid, ask: self.ask, terms: self.terms }
    }
}

/// The orders root over all orders of a batch, as the chain has it at the end of the commit window.
pub fn orders_root(inputs: &BatchInputs) -> Result<FieldBytes, HashError> {
    let start = hashing::orders_root_start::<NativePoseidon>(inputs.market_rules.tag, inputs.batch_index)?;
    let chained: Vec<ChainedOrder> = inputs.orders.iter().map(CommittedOrder::chained).collect();
    hashing::orders_root_close::<NativePoseidon>(&start, &chained)
}

fn check_inputs(inputs: &BatchInputs) -> Result<(), ClearanceError> {
    let got = inputs.orders.len();
    if got > inputs.size.slots() {
        return Err(ClearanceError::TooManyOrders { size: inputs.size.get(), got });
    }
    match inputs.orders.iter().position(|order| !is_canonical(&order.commit_hash)) {
        Some(index) => Err(ClearanceError::CommitHash { index }),
        None => Ok(()),
    }
}

fn seal_rows(
    openings: &[Result<&Opening, Exclusion>],
    rows: &[Row],
) -> Result<Vec<ClearedLease>, ClearanceError> {
    let mut leases = Vec::with_capacity(rows.len());
    for Row { bid, ask, qty } in rows.iter().copied() {
        let unknown = Violation::UnknownOrder { index: bid };
        let opening = openings.get(bid as usize).and_then(|opening| opening.ok()).ok_or(unknown)?;
        // A batch has at most 1,024 slots.
        let (bid, ask) = (bid as u16, ask as u16);
        let duration = opening.order.duration;
        let blind = hashing::blind::<NativePoseidon>(*opening.secret.reduced(), ask)?;
        let terms = hashing::terms::<NativePoseidon>(qty, duration, ask, blind)?;
        leases.push(ClearedLease { bid, ask, qty, duration, blind, terms });
    }
    Ok(leases)
}

fn statement(
    inputs: &BatchInputs,
    inclusion: &[Result<(), Exclusion>],
    clearing: &Clearing,
    leases_root: FieldBytes,
) -> Result<Statement, ClearanceError> {
    let BatchInputs { size, batch_index, program, market, market_rules, fee_bps, orders } = inputs;
    let chosen = inclusion.iter().enumerate().filter(|(_, outcome)| outcome.is_ok());
    Ok(Statement(StatementFields {
        size: size.get(),
        order_count: orders.len() as u16,
        batch_index: *batch_index,
        program: *program,
        market: *market,
        orders_root: orders_root(inputs)?,
        included: bitmap(chosen.map(|(index, _)| index)),
        filled: bitmap(clearing.fills.iter().map(|fill| fill.index as usize)),
        price: clearing.price,
        fee_bps: *fee_bps,
        min_duration: market_rules.min_duration,
        max_duration: market_rules.max_duration,
        leases_root,
    }))
}

fn bitmap(indices: impl Iterator<Item = usize>) -> Bitmap {
    let mut bitmap = Bitmap::EMPTY;
    for index in indices {
        // Always there: a batch has at most 1,024 slots, which is what a bitmap holds.
        let _ = bitmap.set(index);
    }
    bitmap
}
