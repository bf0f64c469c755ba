//! A receipt from what the chain holds of a cleared batch and what its matcher kept: proof, lease rows,
//! terms.
//!
//! It decides nothing and checks nothing: whoever gets the receipt does.

use obscura_auction::encoding::{Bitmap, StatementFields};
use obscura_auction::field::FieldBytes;
use obscura_auction::hashing;
use obscura_auction::order::Side;
use obscura_auction::settlement::{amount_ceil, fee_floor};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, OutOfRange, PriceMicro};
use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::lease_tree::{LeaseRow, LeaseTree, LeaseTreeError};
use obscura_circuits::poseidon::{HashError, NativePoseidon};
use obscura_circuits::proof::ProofBytes;
use obscura_circuits::size::{BatchSize, UnknownSize};
use solana_sdk::pubkey::Pubkey;

use super::parts::{Hex, LeaseOpening, LeaseRowView, ListedOrder, OrderSide, StatementView};
use super::{Outcome, RECEIPT_VERSION, Receipt};
use crate::accounts::{Batch, Order};
use crate::idl::types::LeaseTerms;
use crate::{address, idl};

/// What the receipts of a cleared batch's orders are made of.
#[derive(Clone, Debug)]
pub struct ReceiptSource {
    pub gpu_type: String,
    pub statement: StatementFields,
    /// All orders, by index.
    pub orders: Vec<ListedOrder>,
    pub verifying_key: VerifyingKeyBytes,
    pub proof: ProofBytes,
    /// The used rows of its lease tree.
    pub rows: Vec<LeaseRow>,
}

/// Why a receipt cannot be made: something in its sources is not of a cleared batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    #[error(transparent)]
    Size(#[from] UnknownSize),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Tree(#[from] LeaseTreeError),
    #[error("order {index} has side {side}")]
    Side { index: u16, side: u8 },
}

impl ReceiptSource {
    /// Addresses of the leases of the order at `index`, with their rows.
    pub fn leases_of(&self, index: u16) -> Vec<(u16, Pubkey)> {
        let market = Pubkey::from(self.statement.market);
        let batch = address::batch(&market, self.statement.batch_index);
        let rows = (0u16..).zip(&self.rows);
        let own = rows.filter(|(_, row)| row.bid == index || row.ask == index);
        own.map(|(row, _)| (row, address::lease(&batch, row))).collect()
    }

    /// The receipt of the order at `index`; `terms` opens its leases, by row, as far as anybody can.
    pub fn receipt(
        &self,
        index: u16,
        terms: &dyn Fn(u16) -> Option<LeaseTerms>,
    ) -> Result<Receipt, AssembleError> {
        let Self { gpu_type, statement, orders, verifying_key, proof, rows } = self;
        let hash = hashing::statement_hash::<NativePoseidon>(&statement.elements())?;
        let tree = LeaseTree::build(BatchSize::new(statement.size)?, rows)?;
        let mut leases = Vec::new();
        for (row, lease_id) in self.leases_of(index) {
            leases.push(self.lease(&tree, lease_id, row, terms(row))?);
        }
        Ok(Receipt {
            version: RECEIPT_VERSION,
            gpu_type: gpu_type.clone(),
            program: Pubkey::from(statement.program),
            market: Pubkey::from(statement.market),
            order_index: index,
            commit_hash: orders.get(usize::from(index)).map_or(Hex([0; 32]), |order| order.commit_hash),
            outcome: outcome(statement, index),
            leases,
            statement: StatementView::of(statement, hash),
            proof: proof.into(),
            verifying_key: verifying_key.into(),
            orders: orders.clone(),
        })
    }

    fn lease(
        &self,
        tree: &LeaseTree,
        lease_id: Pubkey,
        row: u16,
        terms: Option<LeaseTerms>,
    ) -> Result<LeaseRowView, AssembleError> {
        let path: Vec<FieldBytes> = tree.path(row)?;
        let used = self.rows.get(usize::from(row)).copied();
        let LeaseRow { bid, ask, terms: hash } =
            used.ok_or(LeaseTreeError::RowOutsideTree { size: self.statement.size, got: row })?;
        Ok(LeaseRowView {
            lease_id,
            row,
            bid_index: bid,
            ask_index: ask,
            terms_hash: Hex(hash),
            path: path.into_iter().map(Hex).collect(),
            opening: terms
                .zip(self.statement.price)
                .map(|(terms, price)| opening(&self.statement, price, terms))
                .transpose()?,
        })
    }
}

fn opening(
    fields: &StatementFields,
    price: PriceMicro,
    terms: LeaseTerms,
) -> Result<LeaseOpening, OutOfRange> {
    let LeaseTerms { qty, duration, blind } = terms;
    let amount = amount_ceil(price, Gpus::new(qty)?, DurationSeconds::new(duration)?);
    Ok(LeaseOpening {
        qty,
        duration_seconds: duration,
        blind: Hex(blind),
        amount_micro: amount.get(),
        fee_micro: fee_floor(amount, fields.fee_bps).get(),
    })
}

fn outcome(fields: &StatementFields, index: u16) -> Outcome {
    let bit = |bitmap: &Bitmap| bitmap.get(usize::from(index));
    match (bit(&fields.included), bit(&fields.filled)) {
        (_, true) => Outcome::Filled,
        (true, false) => Outcome::Unfilled,
        (false, false) => Outcome::NotIncluded,
    }
}

/// The statement that the chain's accounts make of a cleared batch.
pub fn statement_of(batch: &Batch) -> Result<StatementFields, AssembleError> {
    let waiting = batch.pending.get(..usize::from(batch.order_count % 3)).unwrap_or_default();
    Ok(StatementFields {
        size: batch.size,
        order_count: batch.order_count,
        batch_index: batch.index,
        program: idl::ID.to_bytes(),
        market: batch.market.to_bytes(),
        orders_root: hashing::orders_root_close::<NativePoseidon>(&batch.orders_root, waiting)?,
        included: Bitmap::from_bytes(batch.included),
        filled: Bitmap::from_bytes(batch.filled),
        price: Some(batch.price_micro).filter(|micro| *micro > 0).map(PriceMicro::new).transpose()?,
        fee_bps: FeeBps::new(batch.params.fee_bps)?,
        min_duration: DurationSeconds::new(batch.params.min_duration)?,
        max_duration: DurationSeconds::new(batch.params.max_duration)?,
        leases_root: batch.leases_root,
    })
}

/// An order as its batch absorbed it.
pub fn listed(order: &Order) -> Result<ListedOrder, AssembleError> {
    let unknown = |_| AssembleError::Side { index: order.index, side: order.side };
    let side = match Side::try_from(order.side).map_err(unknown)? {
        Side::Bid => OrderSide::Bid,
        Side::Ask => OrderSide::Ask,
    };
    Ok(ListedOrder { commit_hash: Hex(order.commit_hash), owner: order.owner, side, lock: order.lock })
}
