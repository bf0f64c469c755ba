//! Where a kept order's batch is: by the chain where the keeper can ask it, else by the pool's word.

use std::time::Duration;

use obscura_auction::batch_clock::{BatchClock, Phase};
use obscura_auction::order::MarketTag;
use obscura_client::accounts::{DecodeError, ReadError};
use obscura_client::address;
use obscura_client::ledger::LedgerError;
use obscura_client::vault::KeptOrder;
use solana_sdk::pubkey::Pubkey;
use tokio::time::Instant;

use super::{ChainAccess, Keeper};
use crate::service::{MarketView, ServiceError, gpu_names};

/// Longest wait for an acknowledgement, in seconds; a third of the window where that is shorter.
const GRACE_SECONDS: i64 = 4;

/// A reveal window is short: a silent node must not use it up.
const NODE_PATIENCE: Duration = Duration::from_secs(3);

/// The batch of an order that is on the chain.
pub struct OrderWindow {
    pub phase: Phase,
    pub batch_index: u64,
    /// Second of the chain's clock.
    pub now: i64,
    pub ends_at: i64,
    /// Seconds that the matcher has to acknowledge an opening.
    pub grace: i64,
    pub matcher: Pubkey,
    pub market: Pubkey,
    pub batch: Pubkey,
}

/// What a window is worked out from.
struct BatchFacts {
    clock: BatchClock,
    index: u64,
    matcher: Pubkey,
    market: Pubkey,
}

impl Keeper {
    /// The window of the order's latest attempt; none while its commit has not landed. Keeps the matcher's key
    /// that the chain names.
    pub(super) async fn window_of(&self, order: &mut KeptOrder) -> Result<Option<OrderWindow>, ServiceError> {
        let Some(chain) = &self.chain else {
            return self.window_by_pool(order, i64::MAX).await.map(Some);
        };
        let asking = tokio::time::timeout(NODE_PATIENCE, window_by_chain(chain, order));
        match asking.await.unwrap_or_else(|_| Err(silent())) {
            Ok(Some(window)) => {
                *self.chain_second.lock().await = Some((window.now, Instant::now()));
                if order.latest().matcher != Some(window.matcher) {
                    order.latest_mut().matcher = Some(window.matcher);
                    self.save(order).await?;
                }
                Ok(Some(window))
            }
            Ok(None) => Ok(None),
            // The key is known from before. The pool's clock is taken, but never one that is ahead: an opening
            // that leaves before its window would be read by whoever can still order.
            Err(error) if order.latest().matcher.is_some() => {
                let Some((second, at)) = *self.chain_second.lock().await else {
                    return Err(unreadable(&error));
                };
                tracing::warn!(%error, "the chain gave no answer: the pool's clock is taken instead");
                let passed = i64::try_from(at.elapsed().as_secs()).unwrap_or(i64::MAX);
                self.window_by_pool(order, second.saturating_add(passed)).await.map(Some)
            }
            Err(error) => Err(unreadable(&error)),
        }
    }

    /// By the pool's clock, which is not believed past `latest`.
    async fn window_by_pool(&self, order: &KeptOrder, latest: i64) -> Result<OrderWindow, ServiceError> {
        let market = self.market(&order.terms.gpu_type).await?;
        let now = self.pool.current_batch(Some(&order.terms.gpu_type)).await?.chain_time.min(latest);
        let told = market.matcher.parse().map_err(|_| senseless("matcher"))?;
        let facts = BatchFacts {
            clock: clock_of(&market)?,
            index: order.latest().batch.unwrap_or(market.current_batch_index),
            matcher: order.latest().matcher.unwrap_or(told),
            market: address::market(MarketTag::of(&order.terms.gpu_type)),
        };
        Ok(facts.at(now))
    }

    /// The market of that name, as the pool describes it.
    pub(super) async fn market(&self, gpu_type: &str) -> Result<MarketView, ServiceError> {
        let markets = self.pool.markets().await?.markets;
        let names: Vec<&str> = markets.iter().map(|market| market.gpu_type.as_str()).collect();
        let full = gpu_names::meant(gpu_type, &names).unwrap_or(gpu_type).to_owned();
        let known = ServiceError::unknown_gpu_type(gpu_type, &names);
        markets.into_iter().find(|market| market.gpu_type == full).ok_or(known)
    }
}

async fn window_by_chain(chain: &ChainAccess, order: &KeptOrder) -> Result<Option<OrderWindow>, ReadError> {
    let Some((account, batch)) = chain.order(order).await? else { return Ok(None) };
    let clock = BatchClock::new(batch.genesis, batch.batch_seconds, batch.clear_seconds)
        .map_err(|_| DecodeError::Malformed { address: account.batch, expected: "batch" })?;
    let facts = BatchFacts { clock, index: batch.index, matcher: batch.matcher, market: batch.market };
    Ok(Some(facts.at(chain.clock().await?.unix_seconds)))
}

impl BatchFacts {
    fn at(self, now: i64) -> OrderWindow {
        let Self { clock, index, matcher, market } = self;
        let (opens, ends_at) = (clock.reveal_opens_at(index), clock.ends_at(index));
        OrderWindow {
            phase: clock.phase(index, now),
            batch_index: index,
            now,
            ends_at,
            grace: GRACE_SECONDS.min((ends_at - opens) / 3),
            matcher,
            market,
            batch: address::batch(&market, index),
        }
    }
}

fn clock_of(market: &MarketView) -> Result<BatchClock, ServiceError> {
    BatchClock::new(market.genesis, market.batch_seconds, market.clear_seconds)
        .map_err(|_| senseless("timetable"))
}

fn silent() -> ReadError {
    LedgerError::Unavailable { reason: "the node did not answer in time".into() }.into()
}

/// A pool that describes its market so cannot be traded with.
fn senseless(what: &str) -> ServiceError {
    ServiceError::Unavailable { detail: format!("the pool names no usable {what} for this market") }
}

pub fn unreadable(error: &ReadError) -> ServiceError {
    tracing::warn!(%error, "the chain gave no answer");
    ServiceError::Unavailable { detail: "the chain's node gives no usable answer".into() }
}
