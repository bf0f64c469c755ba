//! After the decision: leases opened and tended, orders ended, openings erased, and
//! the matcher discharged.
//!
//! Works through the batches that still have a live order, or that the bond answers for. The list is made from
//! the chain at the start and grows with the clock; a batch leaves it when its
//! last order has ended. Within a batch every lease and order is handled on its own:
//! one that fails is tried again, and keeps nobody else's money waiting.

use std::collections::BTreeMap;
use std::time::Duration;

use obscura_client::accounts::{self, Batch, Ended, Lease, Order, filter};
use obscura_client::address;
use obscura_client::deadlines::{answered_until, is_past, leases_may_open};
use obscura_client::instructions::anyone;
use obscura_client::ledger::ChainClock;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::batch_book::BatchBook;
use super::{Matcher, MatcherError, next_tick};
use crate::first_error::FirstError;
use crate::pool::Market;
use crate::pool::order_state::{PrivateFacts, batch_phase, standing};
use crate::service::{BatchPhase, OrderState};
use crate::storage::ClearedBatch;

/// How often a batch is looked at whose leases only run on.
const REST: Duration = Duration::from_secs(2);

/// How often a batch whose orders have ended is looked at until it can be discharged.
const REST_OF_ENDED: Duration = Duration::from_secs(10);

/// Batches that the list grows by before it is made from the chain again.
const MAX_INDEXES_AT_ONCE: u64 = 1_000;

/// Batches with live orders, by index, each with its own pauses.
#[derive(Default)]
struct WorkList {
    batches: BTreeMap<u64, Backoff>,
    /// First index that was not looked at yet.
    next: u64,
}

/// What is left to do for a batch.
enum Left {
    /// Something may be due at any moment.
    Soon,
    /// Only running leases, which end by others' hands.
    Later,
    /// Every order has ended; the bond still answers for the batch.
    Discharge,
    /// All is over.
    Nothing,
}

impl Matcher {
    /// Looks after the market's decided batches until `stop`.
    pub(super) async fn upkeep_forever(&self, market: &Market, stop: &CancellationToken) {
        let mut list: Option<WorkList> = None;
        let mut backoff = Backoff::default();
        while next_tick(stop).await {
            if !backoff.is_ready() {
                continue;
            }
            match self.upkeep(market, &mut list, stop).await {
                Ok(()) => backoff.succeeded(),
                Err(error) => {
                    tracing::warn!(market = market.gpu_type, %error, "upkeep failed; trying again");
                    backoff.failed();
                }
            }
        }
    }

    async fn upkeep(
        &self,
        market: &Market,
        list: &mut Option<WorkList>,
        stop: &CancellationToken,
    ) -> Result<(), MatcherError> {
        let now = self.clock().await?;
        let current = market.clock.index_at(now.unix_seconds).unwrap_or(0);
        let list = match list {
            // A clock that jumped far has left no orders in between.
            Some(list) if list.next.saturating_add(MAX_INDEXES_AT_ONCE) > current => list,
            list => list.insert(self.unfinished(market, current).await?),
        };
        while list.next <= current {
            list.batches.insert(list.next, Backoff::default());
            list.next += 1;
        }
        let due: Vec<u64> =
            list.batches.iter().filter(|(_, pause)| pause.is_ready()).map(|(index, _)| *index).collect();
        for index in due {
            if stop.is_cancelled() {
                break;
            }
            let outcome = self.look_after(market, index, now).await;
            note(market, list, index, outcome);
        }
        Ok(())
    }

    /// Batches with a live order, from the chain, and those of which secrets are kept
    /// that a crash may have left behind. Of the others before `current` nothing is left to do.
    async fn unfinished(&self, market: &Market, current: u64) -> Result<WorkList, MatcherError> {
        let ledger = self.ledger.as_ref();
        let of_market = filter::batches_of_market(&market.address);
        let batches = accounts::list::<Batch>(ledger, [of_market]).await?;
        let indexes: BTreeMap<Pubkey, u64> =
            batches.iter().map(|(address, batch)| (*address, batch.index)).collect();
        let orders = accounts::list::<Order>(ledger, []).await?;
        let mut list = WorkList { next: current, ..WorkList::default() };
        let live = orders.iter().filter(|(_, order)| matches!(order.ended, Ended::Live));
        let secrets = self.storage.batches_with_secrets().await?;
        let answered_for =
            batches.iter().filter(|(_, batch)| self.answers_for(batch)).map(|(address, _)| *address);
        let unfinished = live
            .map(|(_, order)| order.batch)
            .chain(secrets.into_iter().map(Pubkey::from))
            .chain(answered_for);
        for index in unfinished.filter_map(|batch| indexes.get(&batch)) {
            list.batches.insert(*index, Backoff::default());
        }
        Ok(list)
    }

    pub(super) fn answers_for(&self, batch: &Batch) -> bool {
        !batch.discharged && batch.matcher == self.key.pubkey()
    }

    async fn look_after(&self, market: &Market, index: u64, now: ChainClock) -> Result<Left, MatcherError> {
        let address = address::batch(&market.address, index);
        let batch = accounts::find::<Batch>(self.ledger.as_ref(), &address).await?;
        let phase = batch_phase(market, batch.as_ref(), index, now);
        if phase == BatchPhase::Cleared && !self.is_settled(&address).await? {
            return Ok(Left::Soon);
        }
        let Some(batch) = batch else {
            return Ok(if phase == BatchPhase::Empty { Left::Nothing } else { Left::Soon });
        };
        let left = match phase {
            BatchPhase::Cleared => self.finish(address, batch, now).await,
            BatchPhase::Void => self.finish_void(address, batch, now).await,
            _ => return Ok(Left::Soon),
        };
        // Due at its time, whatever is left of leases and orders, and whatever failed.
        let discharged = self.discharge(address, &batch, now).await;
        Ok(left?.or(discharged?))
    }

    /// Whether no fork can take the clearing back: what is shown after it cannot be hidden again.
    async fn is_settled(&self, address: &Pubkey) -> Result<bool, MatcherError> {
        let batch = accounts::find::<Batch>(self.settled.as_ref(), address).await?;
        Ok(batch.is_some_and(|batch| batch.cleared))
    }

    async fn finish_void(
        &self,
        address: Pubkey,
        batch: Batch,
        now: ChainClock,
    ) -> Result<Left, MatcherError> {
        let book = self.batch_book(address, batch).await?;
        let mut failures = FirstError::none();
        failures.note(self.storage.erase_openings(&address.to_bytes()).await);
        failures.note(self.settle_terms(&book, &[], now).await);
        failures.or(self.end_orders(&book, &[], BatchPhase::Void, now).await)
    }

    async fn finish(&self, address: Pubkey, batch: Batch, now: ChainClock) -> Result<Left, MatcherError> {
        let mut failures = FirstError::none();
        failures.note(self.note_cleared(&address, &batch).await);
        let mut book = self.batch_book(address, batch).await?;
        if leases_may_open(&book.batch, now) {
            failures.note(self.open_leases(&book).await);
            let batch = accounts::get::<Batch>(self.ledger.as_ref(), &address).await?;
            book = self.batch_book(address, batch).await?;
        }
        if !leases_may_open(&book.batch, now) {
            failures.note(self.storage.erase_openings(&address.to_bytes()).await);
        }
        let leases = self.tend_leases(&book, now, &mut failures).await?;
        failures.note(self.settle_terms(&book, &leases, now).await);
        if !leases.is_empty() {
            book = self.batch_book(address, book.batch).await?;
        }
        failures.or(self.end_orders(&book, &leases, BatchPhase::Cleared, now).await)
    }

    /// What the clearing has shown to everybody, for quotes.
    async fn note_cleared(&self, address: &Pubkey, batch: &Batch) -> Result<(), MatcherError> {
        let cleared = ClearedBatch {
            index: batch.index,
            price_micro: Some(batch.price_micro).filter(|price| *price > 0),
            order_count: u32::from(batch.order_count),
            cleared_at: batch.cleared_at,
        };
        Ok(self.storage.put_cleared_batch(&address.to_bytes(), &batch.market.to_bytes(), &cleared).await?)
    }

    /// Takes a batch out of what the bond answers for, once that is due.
    async fn discharge(&self, address: Pubkey, batch: &Batch, now: ChainClock) -> Result<Left, MatcherError> {
        if !self.answers_for(batch) {
            return Ok(Left::Nothing);
        }
        if !is_past(&answered_until(batch), now) {
            return Ok(Left::Discharge);
        }
        self.crank(anyone::discharge_batch(address, batch)).await?;
        Ok(Left::Nothing)
    }

    /// Refunds every order that is over, and says what is left.
    async fn end_orders(
        &self,
        book: &BatchBook,
        leases: &[(Pubkey, Lease)],
        phase: BatchPhase,
        now: ChainClock,
    ) -> Result<Left, MatcherError> {
        let mut failures = FirstError::none();
        let mut left = Left::Nothing;
        for (address, order) in &book.orders {
            if !matches!(order.ended, Ended::Live) {
                continue;
            }
            let its_leases: Vec<Lease> = leases
                .iter()
                .filter(|(_, lease)| lease.bid_order == *address || lease.ask_order == *address)
                .map(|(_, lease)| *lease)
                .collect();
            let facts = PrivateFacts::default();
            match standing(order, &book.batch, &its_leases, phase, now, facts).state {
                OrderState::Refundable => {
                    failures.note(self.refund(address, order, &book.batch).await);
                }
                OrderState::Leased => left = left.or(Left::Later),
                _ => left = left.or(Left::Soon),
            }
        }
        failures.or(Ok(left))
    }

    async fn refund(&self, address: &Pubkey, order: &Order, batch: &Batch) -> Result<(), MatcherError> {
        let step = anyone::refund(self.relayer.pubkey(), *address, order, batch, None);
        match self.crank(step).await {
            Err(MatcherError::Ledger(error)) if error.program_error() == Some("AlreadyEnded") => Ok(()),
            outcome => {
                outcome?;
                tracing::info!(order = %address, "order refunded");
                Ok(())
            }
        }
    }
}

impl Left {
    /// The more urgent of two.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Soon, _) | (_, Self::Soon) => Self::Soon,
            (Self::Later, _) | (_, Self::Later) => Self::Later,
            (Self::Discharge, _) | (_, Self::Discharge) => Self::Discharge,
            (Self::Nothing, Self::Nothing) => Self::Nothing,
        }
    }
}

fn note(market: &Market, list: &mut WorkList, index: u64, outcome: Result<Left, MatcherError>) {
    let Some(pause) = list.batches.get_mut(&index) else {
        return;
    };
    match outcome {
        Ok(Left::Soon) => pause.succeeded(),
        Ok(Left::Later) => pause.rest(REST),
        Ok(Left::Discharge) => pause.rest(REST_OF_ENDED),
        Ok(Left::Nothing) => {
            list.batches.remove(&index);
        }
        Err(error) => {
            tracing::warn!(market = market.gpu_type, batch = index, %error, "upkeep failed; trying again");
            pause.failed();
        }
    }
}
