//! From an order's handle to its account. The address is derived from the
//! caller's own trader, so somebody else's order is simply not found.

use obscura_auction::admissible::MarketRules;
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Side};
use obscura_auction::units::DurationSeconds;
use obscura_client::accounts::{self, Batch, Order};
use obscura_client::address;
use solana_sdk::pubkey::Pubkey;
use uuid::Uuid;

use super::{Market, Pool, owner_of};
use crate::service::{Caller, ServiceError};

/// Longest piece of a malformed handle that an error repeats.
const MAX_ECHO_CHARS: usize = 40;

/// An order with what is needed to judge it.
pub struct FoundOrder<'a> {
    pub id: Uuid,
    pub address: Pubkey,
    pub order: Order,
    pub side: Side,
    pub batch: Batch,
    pub market: &'a Market,
}

impl FoundOrder<'_> {
    /// What is locked behind it.
    pub fn lock(&self) -> Lock {
        Lock { side: self.side, amount: self.order.lock }
    }

    /// The rules its batch copied.
    pub fn rules(&self) -> Result<MarketRules, ServiceError> {
        rules_of(&self.batch)
    }
}

impl Pool {
    /// The caller's order of that handle.
    pub(super) async fn find_order(
        &self,
        caller: &Caller,
        order_id: &str,
    ) -> Result<FoundOrder<'_>, ServiceError> {
        let not_found =
            || ServiceError::OrderNotFound { order_id: order_id.chars().take(MAX_ECHO_CHARS).collect() };
        let id = Uuid::parse_str(order_id).map_err(|_| not_found())?;
        self.order_at(address::order(&owner_of(caller), id), id).await?.ok_or_else(not_found)
    }

    /// The order at `address`, in one of this pool's markets.
    pub(super) async fn order_at(
        &self,
        address: Pubkey,
        id: Uuid,
    ) -> Result<Option<FoundOrder<'_>>, ServiceError> {
        let ledger = self.ledger.as_ref();
        let Some(order) = accounts::find::<Order>(ledger, &address).await? else {
            return Ok(None);
        };
        let Some(market) = self.markets.at(&order.market) else {
            return Ok(None);
        };
        let batch: Batch = accounts::get(ledger, &order.batch).await?;
        // Once more: a lease that opened in between would be in the batch's count and not in the order's.
        let order: Order = accounts::get(ledger, &address).await?;
        let side = Side::try_from(order.side).map_err(|error| {
            tracing::error!(%error, order = %address, "an order account is corrupt");
            ServiceError::Internal
        })?;
        Ok(Some(FoundOrder { id, address, order, side, batch, market }))
    }
}

/// The rules that a batch copied from its market.
pub fn rules_of(batch: &Batch) -> Result<MarketRules, ServiceError> {
    let duration = |seconds| {
        DurationSeconds::new(seconds).map_err(|error| {
            tracing::error!(%error, "a batch account is corrupt");
            ServiceError::Internal
        })
    };
    Ok(MarketRules {
        tag: MarketTag::from_u64(batch.tag),
        min_duration: duration(batch.params.min_duration)?,
        max_duration: duration(batch.params.max_duration)?,
    })
}
