//! A kept order into a batch: the intent is written, then the commit sent, then what came of it written.

use obscura_auction::lock::Lock;
use obscura_client::vault::{Attempt, AttemptState, KeptOrder};

use super::request::{is_final, locked_as, order_of, over_budget};
use super::{Keeper, window};
use crate::service::{
    BatchPhase, Caller, CommitInput, CurrentBatch, LeaseStatusInput, OrderView, ServiceError,
};

/// Batches that pass from one attempt to the next, at most: a clearing takes up to one, and its commit window may
/// be missed.
const BATCHES_OF_AN_ATTEMPT: i64 = 4;

/// Where a commit that was sent is.
enum Whereabouts {
    OnChain { batch: u64 },
    Nowhere,
}

impl Keeper {
    /// Commits the latest attempt where a batch takes it now. An order that has used up its batches ends.
    pub(super) async fn place(&self, order: &mut KeptOrder) -> Result<(), ServiceError> {
        if order.latest().state == AttemptState::Sent
            && let Whereabouts::OnChain { batch } = self.whereabouts(order).await?
        {
            return self.committed(order, batch).await;
        }
        let current = self.pool.current_batch(Some(&order.terms.gpu_type)).await?;
        if order.stopped || !may_still_try(order, &current) {
            // A commit names its batch: one that was sent to a batch that still takes commits may yet land.
            let may_land = order.latest().state == AttemptState::Sent
                && order.latest().batch == Some(current.index)
                && current.phase == BatchPhase::Open;
            return if may_land { Ok(()) } else { self.end_unplaced(order).await };
        }
        if current.phase != BatchPhase::Open {
            return Ok(());
        }
        if order.last_batch != Some(current.index) {
            order.use_batch(current.index);
            self.save(order).await?;
        }
        if !fits(order, &current)
            || self.remembered(order.latest().order_id).await.refused_in == Some(current.index)
        {
            return Ok(());
        }
        self.send(order, &current).await
    }

    async fn send(&self, order: &mut KeptOrder, current: &CurrentBatch) -> Result<(), ServiceError> {
        let lock = order.caps.next_lock(&order_of(order)?, order.lost_micro()).map_err(over_budget);
        let lock = match lock {
            Ok(lock) => lock,
            Err(error) if order.attempts.len() > 1 => {
                tracing::info!(order = %order.handle, "what is left of its cap covers no further attempt");
                order.stopped = true;
                self.end_unplaced(order).await?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        let attempt = order.latest_mut();
        attempt.lock = Some(lock.amount);
        attempt.batch = Some(current.index);
        attempt.state = AttemptState::Sent;
        self.save(order).await?;
        match self.pool.commit(&caller(order), commit_input(order, lock, current.index)).await {
            Ok(view) => self.committed(order, view.batch_index).await,
            Err(error) => self.refused(order, current.index, error).await,
        }
    }

    async fn committed(&self, order: &mut KeptOrder, batch: u64) -> Result<(), ServiceError> {
        let attempt = order.latest_mut();
        attempt.batch = Some(batch);
        attempt.state = AttemptState::Committed;
        let id = attempt.order_id;
        order.use_batch(batch);
        self.save(order).await?;
        tracing::info!(order = %order.handle, attempt = %id, batch, "committed");
        Ok(())
    }

    /// Only what certainly is on no chain counts as not sent.
    async fn refused(
        &self,
        order: &mut KeptOrder,
        batch: u64,
        error: ServiceError,
    ) -> Result<(), ServiceError> {
        if is_final(&error) {
            if let Whereabouts::OnChain { batch } = self.whereabouts(order).await? {
                return self.committed(order, batch).await;
            }
            let attempt = order.latest_mut();
            attempt.state = AttemptState::Drawn;
            let id = attempt.order_id;
            self.save(order).await?;
            self.remember(id, |memory| memory.refused_in = Some(batch)).await;
        }
        Err(error)
    }

    async fn whereabouts(&self, order: &KeptOrder) -> Result<Whereabouts, ServiceError> {
        if let Some(chain) = &self.chain {
            let found = chain.order(order).await.map_err(|error| window::unreadable(&error))?;
            return Ok(match found {
                Some((_, batch)) => Whereabouts::OnChain { batch: batch.index },
                None => Whereabouts::Nowhere,
            });
        }
        match self.ask(order, order.latest()).await {
            Ok(view) => Ok(Whereabouts::OnChain { batch: view.batch_index }),
            Err(error) if error.code() == "order_not_found" => Ok(Whereabouts::Nowhere),
            Err(error) => Err(error),
        }
    }

    /// What the pool says of one attempt, at once.
    pub(super) async fn ask(&self, order: &KeptOrder, attempt: &Attempt) -> Result<OrderView, ServiceError> {
        let input = LeaseStatusInput { order_id: attempt.order_id.to_string(), wait_seconds: None };
        self.pool.order_status(&caller(order), input).await
    }
}

/// For whom the keeper acts.
pub fn caller(order: &KeptOrder) -> Caller {
    Caller { owner: order.owner.to_bytes() }
}

/// A batch is used up when its commit window has passed the order by.
fn may_still_try(order: &KeptOrder, current: &CurrentBatch) -> bool {
    if is_stale(order, current) {
        return false;
    }
    let in_this_one = order.last_batch == Some(current.index) && current.phase == BatchPhase::Open;
    in_this_one || order.batches_left() > 0
}

/// Nobody was there to place it: what was wanted then need not be wanted now.
fn is_stale(order: &KeptOrder, current: &CurrentBatch) -> bool {
    let reveal_seconds = current.ends_at.saturating_sub(current.reveal_opens_at);
    let patience =
        i64::from(order.caps.good_for_batches).saturating_mul(BATCHES_OF_AN_ATTEMPT).saturating_add(2);
    let batch_seconds = reveal_seconds.saturating_mul(3);
    current.chain_time.saturating_sub(order.kept_at) > patience.saturating_mul(batch_seconds)
}

/// There is room, and as many others as the order wants to hide among. Their number only grows.
fn fits(order: &KeptOrder, current: &CurrentBatch) -> bool {
    let with_this_one = current.order_count.saturating_add(1);
    with_this_one <= current.max_orders && with_this_one >= u32::from(order.caps.min_batch_orders)
}

/// Names its batch: a request that is held up on its way must not land in a later one.
fn commit_input(order: &KeptOrder, lock: Lock, batch: u64) -> CommitInput {
    let Attempt { order_id, commit_hash, .. } = order.latest();
    let (max_total_micro, lock_gpus) = locked_as(lock);
    CommitInput {
        gpu_type: order.terms.gpu_type.clone(),
        commit_hash: commit_hash.clone(),
        side: Some(lock.side.into()),
        max_total_micro,
        lock_gpus,
        order_id: Some(order_id.to_string()),
        min_batch_orders: Some(order.caps.min_batch_orders).filter(|least| *least > 1),
        batch_index: Some(batch),
        client_tag: order.client_tag.clone(),
        dry_run: None,
    }
}
