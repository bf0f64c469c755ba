//! The orders of one batch, from the chain and from the openings kept here, in
//! the shape that the clearing is computed from.

use std::collections::BTreeMap;

use obscura_auction::admissible::MarketRules;
use obscura_auction::encoding::Bitmap;
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Order as Terms, Side};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, OutOfRange, PriceMicro};
use obscura_circuits::batch::{BatchInputs, CommittedOrder};
use obscura_circuits::opening::Opening;
use obscura_circuits::secret::Secret;
use obscura_circuits::size::BatchSize;
use obscura_client::accounts::{self, Batch, Order, PublicOpening, filter};
use obscura_client::idl;
use solana_sdk::pubkey::Pubkey;
use zeroize::Zeroizing;

use super::{Matcher, MatcherError};
use crate::storage::StoredOpening;

/// A batch with its orders, in time priority.
pub struct BatchBook {
    pub address: Pubkey,
    pub batch: Batch,
    pub orders: Vec<(Pubkey, Order)>,
}

impl BatchBook {
    /// Address of the order at `index`.
    pub fn address_at(&self, index: u16) -> Option<Pubkey> {
        self.orders.get(usize::from(index)).map(|(address, _)| *address)
    }
}

impl Matcher {
    /// Reads a batch's orders. Their set is final once commits are over.
    pub(super) async fn batch_book(&self, address: Pubkey, batch: Batch) -> Result<BatchBook, MatcherError> {
        let of_batch = filter::orders_of_batch(&address);
        let mut orders = accounts::list::<Order>(self.ledger.as_ref(), [of_batch]).await?;
        orders.sort_by_key(|(_, order)| order.index);
        Ok(BatchBook { address, batch, orders })
    }

    /// What the clearing of a batch is computed from.
    pub(super) async fn batch_inputs(&self, book: &BatchBook) -> Result<BatchInputs, MatcherError> {
        self.storage.freeze_openings(&book.address.to_bytes()).await?;
        let openings = self.storage.openings_of_batch(&book.address.to_bytes()).await?;
        let openings: BTreeMap<_, _> = openings.into_iter().collect();
        let batch = &book.batch;
        let params = &batch.params;
        let size = circuit_size(batch)?;
        let mut orders = Vec::with_capacity(book.orders.len());
        for (address, order) in &book.orders {
            let public = order.public_opening.as_ref().map(published);
            let opening = public.as_ref().or_else(|| openings.get(&address.to_bytes()));
            let opening = opening.filter(|_| may_be_included(batch, order));
            orders.push(committed(batch, order, opening)?);
        }
        Ok(BatchInputs {
            size,
            batch_index: batch.index,
            program: idl::ID.to_bytes(),
            market: batch.market.to_bytes(),
            market_rules: MarketRules {
                tag: MarketTag::from_u64(batch.tag),
                min_duration: DurationSeconds::new(params.min_duration)?,
                max_duration: DurationSeconds::new(params.max_duration)?,
            },
            fee_bps: FeeBps::new(params.fee_bps)?,
            orders,
        })
    }
}

/// The circuit that a batch was cleared with, or else the smallest that holds its orders.
pub fn circuit_size(batch: &Batch) -> Result<BatchSize, MatcherError> {
    let slots = if batch.cleared { batch.size } else { batch.order_count };
    BatchSize::holding(slots.into()).ok_or(MatcherError::UnknownSize { index: batch.index, slots })
}

fn committed(
    batch: &Batch,
    order: &Order,
    opening: Option<&StoredOpening>,
) -> Result<CommittedOrder, MatcherError> {
    let unknown_side =
        |_| MatcherError::UnknownSide { index: batch.index, order: order.index, side: order.side };
    let side = Side::try_from(order.side).map_err(unknown_side)?;
    let opening = opening.map(|stored| opened(batch, order, side, stored)).transpose()?;
    Ok(CommittedOrder {
        commit_hash: order.commit_hash,
        owner: order.owner.to_bytes(),
        lock: Lock { side, amount: order.lock },
        opening,
    })
}

/// After the clearing only what it included counts, so that the same leases come out as were posted.
fn may_be_included(batch: &Batch, order: &Order) -> bool {
    !batch.cleared || Bitmap::from_bytes(batch.included).get(usize::from(order.index))
}

/// What the owner showed on chain. It comes first: the program lets no clearing leave such an order out.
fn published(opening: &PublicOpening) -> StoredOpening {
    let PublicOpening { price_micro, qty, min_qty, duration, secret } = *opening;
    StoredOpening { price_micro, qty, min_qty, duration_seconds: duration, secret: Zeroizing::new(secret) }
}

fn opened(batch: &Batch, order: &Order, side: Side, stored: &StoredOpening) -> Result<Opening, OutOfRange> {
    let StoredOpening { price_micro, qty, min_qty, duration_seconds, secret } = stored;
    Ok(Opening {
        order: Terms {
            side,
            market: MarketTag::from_u64(batch.tag),
            price: PriceMicro::new(*price_micro)?,
            qty: Gpus::new(*qty)?,
            min_qty: Gpus::new(*min_qty)?,
            duration: DurationSeconds::new(*duration_seconds)?,
        },
        owner: order.owner.to_bytes(),
        secret: Secret::from_bytes(**secret),
    })
}
