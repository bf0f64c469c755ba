//! Markets and batches as everybody may see them.

use obscura_auction::encoding::Bitmap;
use obscura_client::accounts::{self, Batch, MarketTerms};
use obscura_client::address;
use obscura_client::ledger::ChainClock;

use super::order_state::batch_phase;
use super::{Market, Pool};
use crate::service::{
    BatchPhase, BatchView, ClearingBatch, CurrentBatch, MarketView, MarketsView, NextAction, ServiceError,
};

/// The batch that is open or revealing, with what holds for it.
pub(super) struct RunningBatch {
    pub batch: CurrentBatch,
    pub terms: MarketTerms,
}

impl Pool {
    pub(super) async fn view_markets(&self) -> Result<MarketsView, ServiceError> {
        let clock = self.clock().await?;
        let now = clock.unix_seconds;
        let mut markets = Vec::with_capacity(self.markets.all().len());
        for market in self.markets.all() {
            let terms = market.terms_at(self.ledger.as_ref(), current_index(market, now)).await?;
            markets.push(market_view(market, &terms, clock));
        }
        let quote =
            |market: &Market| NextAction::quote(&market.gpu_type, "what it cost lately, and what to bid");
        let next_actions = self.markets.all().iter().map(quote).collect();
        Ok(MarketsView { markets, next_actions })
    }

    pub(super) async fn view_current_batch(&self, market: &Market) -> Result<CurrentBatch, ServiceError> {
        Ok(self.running_batch(market).await?.batch)
    }

    pub(super) async fn running_batch(&self, market: &Market) -> Result<RunningBatch, ServiceError> {
        let clock = self.clock().await?;
        let now = clock.unix_seconds;
        let index = current_index(market, now);
        let phase = batch_phase(market, None, index, clock);
        let terms = market.terms_at(self.ledger.as_ref(), index).await?;
        let batch = CurrentBatch {
            gpu_type: market.gpu_type.clone(),
            index,
            phase,
            seconds_left: market.seconds_left(phase, index, now),
            reveal_opens_at: market.clock.reveal_opens_at(index),
            ends_at: market.clock.ends_at(index),
            chain_time: now,
            order_count: self.order_count(market, index).await?,
            max_orders: u32::from(terms.params.max_orders),
            clearing: self.clearing_batch(market, clock).await?,
        };
        Ok(RunningBatch { batch, terms })
    }

    pub(super) async fn view_batch(&self, market: &Market, index: u64) -> Result<BatchView, ServiceError> {
        let clock = self.clock().await?;
        let now = clock.unix_seconds;
        let address = address::batch(&market.address, index);
        let batch = accounts::find::<Batch>(self.ledger.as_ref(), &address).await?;
        let record = self.storage.clearing(&address.to_bytes()).await?;
        let phase = batch_phase(market, batch.as_ref(), index, clock);
        let cleared = batch.as_ref().filter(|batch| batch.cleared);
        let count =
            |bits: fn(&Batch) -> [u8; 128]| cleared.map(|batch| Bitmap::from_bytes(bits(batch)).count());
        Ok(BatchView {
            gpu_type: market.gpu_type.clone(),
            index,
            phase,
            seconds_left: market.seconds_left(phase, index, now),
            opens_at: market.clock.starts_at(index),
            reveal_opens_at: market.clock.reveal_opens_at(index),
            ends_at: market.clock.ends_at(index),
            void_at: market.clock.void_at(index),
            order_count: batch.as_ref().map_or(0, |batch| u32::from(batch.order_count)),
            included_count: count(|batch| batch.included),
            filled_count: count(|batch| batch.filled),
            price_micro: cleared.map(|batch| batch.price_micro).filter(|price| *price > 0),
            lease_count: batch.as_ref().map_or(0, |batch| u32::from(batch.rows_opened)),
            cleared_at: cleared.map(|batch| batch.cleared_at),
            proof_millis: record.as_ref().map(|record| record.proof_millis),
            clearing_compute_units: record.as_ref().map(|record| record.compute_units),
            clearing_signature: record.map(|record| record.signature),
            address: address.to_string(),
        })
    }

    /// The oldest batch whose clearing is still to come.
    async fn clearing_batch(
        &self,
        market: &Market,
        clock: ChainClock,
    ) -> Result<Option<ClearingBatch>, ServiceError> {
        let now = clock.unix_seconds;
        for index in market.clock.clearing_at(now) {
            let address = address::batch(&market.address, index);
            let batch = accounts::find::<Batch>(self.ledger.as_ref(), &address).await?;
            let phase = batch_phase(market, batch.as_ref(), index, clock);
            if let Some(batch) = batch.filter(|_| phase == BatchPhase::Clearing) {
                return Ok(Some(ClearingBatch {
                    index,
                    order_count: u32::from(batch.order_count),
                    seconds_left: market.seconds_left(phase, index, now),
                }));
            }
        }
        Ok(None)
    }
}

/// The batch that is open or revealing; 0 before the market's genesis.
fn current_index(market: &Market, now: i64) -> u64 {
    market.clock.index_at(now).unwrap_or(0)
}

fn market_view(market: &Market, terms: &MarketTerms, clock: ChainClock) -> MarketView {
    let now = clock.unix_seconds;
    let index = current_index(market, now);
    let phase = batch_phase(market, None, index, clock);
    let MarketTerms { matcher, params } = terms;
    let clock = &market.clock;
    let commit_seconds = clock.reveal_opens_at(index).saturating_sub(clock.starts_at(index));
    MarketView {
        gpu_type: market.gpu_type.clone(),
        market_tag: market.tag.to_string(),
        address: market.address.to_string(),
        matcher: matcher.to_string(),
        genesis: clock.genesis(),
        batch_seconds: clock.batch_seconds(),
        commit_seconds: u32::try_from(commit_seconds).unwrap_or(0),
        clear_seconds: clock.clear_seconds(),
        max_orders: u32::from(params.max_orders),
        fee_bps: params.fee_bps,
        min_duration_seconds: params.min_duration,
        max_duration_seconds: params.max_duration,
        order_fee_micro: params.order_fee,
        reveal_deposit_micro: params.reveal_deposit,
        stake_per_gpu_micro_obsc: params.stake_per_gpu,
        current_batch_index: index,
        current_phase: phase,
        seconds_left: market.seconds_left(phase, index, now),
    }
}
