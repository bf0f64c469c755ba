//! The check of a receipt, from its outermost claim to its proof.
//!
//! Must never skip a field: each is compared with what follows from others, or stands in the statement
//! that the proof is of. Orders and proof are checked side by side, for both take a while.

use obscura_auction::encoding::{self, ChainedOrder};
use obscura_auction::hashing::{self, LeasePathError};
use obscura_auction::order::MarketTag;
use obscura_auction::settlement::{amount_ceil, fee_floor};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, OutOfRange, PriceMicro};
use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::poseidon::{HashError, NativePoseidon};
use obscura_circuits::proof::{self, VerifyError};
use obscura_circuits::size::{BatchSize, UnknownSize};
use solana_sdk::pubkey::Pubkey;

use super::parts::{Hex, LeaseOpening, LeaseRowView, ListedOrder, OrderSide};
use super::summary::Verified;
use super::{Outcome, RECEIPT_VERSION, Receipt};
use crate::{address, idl};

/// What is wrong with a receipt. The first thing that is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    #[error("version: this program reads receipts of version {RECEIPT_VERSION}, got {got}")]
    Version { got: u8 },
    #[error("program: the receipt is of program {got}, not of {}", idl::ID)]
    OtherProgram { got: Pubkey },
    #[error("market: the market \"{gpu_type}\" has the address {expected}, not {got}")]
    OtherMarket { gpu_type: String, expected: Pubkey, got: Pubkey },
    #[error("statement.size: {0}")]
    Size(#[from] UnknownSize),
    #[error("statement: {0}")]
    OutOfRange(#[from] OutOfRange),
    #[error("orders: {listed} orders are listed, the statement counts {counted} in {size} slots")]
    OrderCount { listed: usize, counted: u16, size: u16 },
    #[error("orderIndex: {got} is not the place of one of {orders} orders")]
    OrderIndex { got: u16, orders: usize },
    #[error("commitHash: order {index} of the batch has the commitment {expected}, not {got}")]
    OtherOrder { index: u16, expected: String, got: String },
    #[error("orders: an entry cannot be hashed: {0}")]
    Hash(#[from] HashError),
    #[error(
        "orders: they do not hash to the statement's ordersRoot, so one of them was changed, added, left out or \
         moved"
    )]
    OrdersRoot,
    #[error("outcome: it says {said:?}, but the statement's bits say {proven:?}")]
    Outcome { said: Outcome, proven: Outcome },
    #[error("statement.hash: the statement's fields hash to {expected}, not to {got}")]
    StatementHash { expected: String, got: String },
    #[error("verifyingKey.fingerprint: the key's points hash to {expected}, not to {got}")]
    Fingerprint { expected: String, got: String },
    #[error("proof: {0}")]
    Proof(#[from] VerifyError),
    #[error("leases: a filled order has at least one, and no other order has any; got {got}")]
    LeaseCount { got: usize },
    #[error("leases[{position}].row: rows ascend, and {row} does not come after the one before")]
    RowOrder { position: usize, row: u16 },
    #[error("leases[{position}].path: row {row} does not lead to the statement's leasesRoot")]
    Path { position: usize, row: u16 },
    #[error("leases[{position}].path: {reason}")]
    PathShape { position: usize, reason: String },
    #[error("leases[{position}]: row {row} is of bid {bid} and ask {ask}, and neither is order {own}")]
    NotOwn { position: usize, row: u16, bid: u16, ask: u16, own: u16 },
    #[error("leases[{position}].leaseId: row {row} has the address {expected}, not {got}")]
    LeaseId { position: usize, row: u16, expected: Pubkey, got: Pubkey },
    #[error("leases[{position}].opening: {reason}")]
    Terms { position: usize, reason: String },
    #[error("leases[{position}].opening: GPUs, duration and blind do not hash to termsHash")]
    TermsHash { position: usize },
    #[error("leases[{position}].opening.amountMicro: the terms cost {expected} micro-USDC, not {got}")]
    Amount { position: usize, expected: u64, got: u64 },
    #[error("leases[{position}].opening.feeMicro: the fee on the amount is {expected} micro-USDC, not {got}")]
    Fee { position: usize, expected: u64, got: u64 },
}

impl Receipt {
    /// Checks everything; says what was shown, or the first thing that is wrong.
    pub fn verify(&self) -> Result<Verified, ReceiptError> {
        self.check_market()?;
        self.check_shape()?;
        let (orders, proof) = rayon::join(|| self.check_orders_root(), || self.check_proof());
        orders?;
        self.check_outcome()?;
        proof?;
        self.check_leases()?;
        Ok(Verified::of(self))
    }

    /// The order that the receipt is for.
    pub fn order(&self) -> Option<&ListedOrder> {
        self.orders.get(usize::from(self.order_index))
    }

    fn check_market(&self) -> Result<(), ReceiptError> {
        if self.version != RECEIPT_VERSION {
            return Err(ReceiptError::Version { got: self.version });
        }
        if self.program != idl::ID {
            return Err(ReceiptError::OtherProgram { got: self.program });
        }
        let expected = address::market(MarketTag::of(&self.gpu_type));
        if self.market != expected {
            let (gpu_type, got) = (self.gpu_type.clone(), self.market);
            return Err(ReceiptError::OtherMarket { gpu_type, expected, got });
        }
        Ok(())
    }

    fn check_shape(&self) -> Result<(), ReceiptError> {
        let size = BatchSize::new(self.statement.size)?;
        let (listed, counted) = (self.orders.len(), self.statement.order_count);
        if listed != usize::from(counted) || listed > size.slots() {
            return Err(ReceiptError::OrderCount { listed, counted, size: size.get() });
        }
        let index = self.order_index;
        let order = self.order().ok_or(ReceiptError::OrderIndex { got: index, orders: listed })?;
        if order.commit_hash != self.commit_hash {
            let (expected, got) = (hex::encode(order.commit_hash.0), hex::encode(self.commit_hash.0));
            return Err(ReceiptError::OtherOrder { index, expected, got });
        }
        Ok(())
    }

    fn check_orders_root(&self) -> Result<(), ReceiptError> {
        let tag = MarketTag::of(&self.gpu_type);
        let start = hashing::orders_root_start::<NativePoseidon>(tag, self.statement.batch_index)?;
        let chained: Vec<ChainedOrder> = self.orders.iter().map(chained).collect();
        let root = hashing::orders_root_close::<NativePoseidon>(&start, &chained)?;
        if root == self.statement.orders_root.0 { Ok(()) } else { Err(ReceiptError::OrdersRoot) }
    }

    /// The statement is the receipt's, and the proof is of it under the receipt's key.
    fn check_proof(&self) -> Result<(), ReceiptError> {
        let fields = self.statement.fields(self.program.to_bytes(), self.market.to_bytes())?;
        let hash = hashing::statement_hash::<NativePoseidon>(&fields.elements())?;
        if hash != self.statement.hash.0 {
            let (expected, got) = (hex::encode(hash), hex::encode(self.statement.hash.0));
            return Err(ReceiptError::StatementHash { expected, got });
        }
        let key = VerifyingKeyBytes::from(&self.verifying_key);
        let fingerprint = key.fingerprint();
        if fingerprint != self.verifying_key.fingerprint.0 {
            let got = hex::encode(self.verifying_key.fingerprint.0);
            return Err(ReceiptError::Fingerprint { expected: hex::encode(fingerprint), got });
        }
        Ok(proof::verify(&key, &(&self.proof).into(), &hash)?)
    }

    fn check_outcome(&self) -> Result<(), ReceiptError> {
        let bit = |bitmap: &Hex<{ encoding::BITMAP_BYTES }>| {
            encoding::Bitmap::from_bytes(bitmap.0).get(usize::from(self.order_index))
        };
        let proven = match (bit(&self.statement.included), bit(&self.statement.filled)) {
            (_, true) => Outcome::Filled,
            (true, false) => Outcome::Unfilled,
            (false, false) => Outcome::NotIncluded,
        };
        if self.outcome == proven {
            Ok(())
        } else {
            Err(ReceiptError::Outcome { said: self.outcome, proven })
        }
    }

    fn check_leases(&self) -> Result<(), ReceiptError> {
        if self.leases.is_empty() == (self.outcome == Outcome::Filled) {
            return Err(ReceiptError::LeaseCount { got: self.leases.len() });
        }
        let mut last = None;
        for (position, lease) in self.leases.iter().enumerate() {
            if last.is_some_and(|last| last >= lease.row) {
                return Err(ReceiptError::RowOrder { position, row: lease.row });
            }
            last = Some(lease.row);
            self.check_row(position, lease)?;
            if let Some(opening) = &lease.opening {
                self.check_opening(position, lease, opening)?;
            }
        }
        Ok(())
    }

    fn check_row(&self, position: usize, lease: &LeaseRowView) -> Result<(), ReceiptError> {
        let LeaseRowView { lease_id, row, bid_index, ask_index, terms_hash, path, opening: _ } = lease;
        let own = match self.order().map(|order| order.side) {
            Some(OrderSide::Bid) => *bid_index,
            _ => *ask_index,
        };
        if own != self.order_index {
            let (bid, ask, own) = (*bid_index, *ask_index, self.order_index);
            return Err(ReceiptError::NotOwn { position, row: *row, bid, ask, own });
        }
        let expected = address::lease(&address::batch(&self.market, self.statement.batch_index), *row);
        if *lease_id != expected {
            return Err(ReceiptError::LeaseId { position, row: *row, expected, got: *lease_id });
        }
        let fields = (encoding::packed_row(*bid_index, *ask_index), terms_hash.0);
        let path: Vec<[u8; 32]> = path.iter().map(|sibling| sibling.0).collect();
        let root = hashing::lease_root_from_path::<NativePoseidon>(*row, self.statement.size, fields, &path)
            .map_err(|error| path_error(position, error))?;
        if root == self.statement.leases_root.0 {
            Ok(())
        } else {
            Err(ReceiptError::Path { position, row: *row })
        }
    }

    fn check_opening(
        &self,
        position: usize,
        lease: &LeaseRowView,
        opening: &LeaseOpening,
    ) -> Result<(), ReceiptError> {
        let LeaseOpening { qty, duration_seconds, blind, amount_micro, fee_micro } = opening;
        let terms = |reason: String| ReceiptError::Terms { position, reason };
        let out_of_range = |error: OutOfRange| terms(error.to_string());
        let qty = Gpus::new(*qty).map_err(out_of_range)?;
        let duration = DurationSeconds::new(*duration_seconds).map_err(out_of_range)?;
        let hash = hashing::terms::<NativePoseidon>(qty, duration, lease.ask_index, blind.0)
            .map_err(|error| terms(error.to_string()))?;
        if hash != lease.terms_hash.0 {
            return Err(ReceiptError::TermsHash { position });
        }
        let price = self.statement.price_micro.ok_or_else(|| terms("the batch has no price".to_owned()))?;
        let amount = amount_ceil(PriceMicro::new(price)?, qty, duration);
        if amount.get() != *amount_micro {
            return Err(ReceiptError::Amount { position, expected: amount.get(), got: *amount_micro });
        }
        let fee = fee_floor(amount, FeeBps::new(self.statement.fee_bps)?);
        if fee.get() != *fee_micro {
            return Err(ReceiptError::Fee { position, expected: fee.get(), got: *fee_micro });
        }
        Ok(())
    }
}

fn chained(order: &ListedOrder) -> ChainedOrder {
    encoding::chained_order(order.commit_hash.0, order.owner.to_bytes(), order.lock())
}

fn path_error(position: usize, error: LeasePathError<HashError>) -> ReceiptError {
    ReceiptError::PathShape { position, reason: error.to_string() }
}
