//! The keeper's loop: every order that is not over gets its step, side by side, until the keeper stops.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Keeper;
use crate::service::ServiceError;
use crate::supervise::supervise;

/// Orders that are looked at side by side: a bound on memory, above what one vault keeps.
const MAX_UNDER_WAY: usize = 4096;
/// A pool that takes longer than this for one step is asked again, so that no reveal waits for an answer.
const LONGEST_STEP: Duration = Duration::from_secs(12);
/// Nothing to keep: the next order wakes it.
const IDLE_ROUNDS: u32 = 50;

impl Keeper {
    /// Starts the loop, which ends after its round under way once `stop` is cancelled.
    pub fn spawn(self: &Arc<Self>, stop: &CancellationToken) -> JoinHandle<()> {
        let (keeper, ended) = (self.clone(), stop.clone());
        supervise("vault", stop, move || {
            let (keeper, ended) = (keeper.clone(), ended.clone());
            async move { keeper.run(ended).await }
        })
    }

    /// No order waits for another one: each is looked at on its own, however long that takes.
    async fn run(&self, stop: CancellationToken) {
        let mut under_way = FuturesUnordered::new();
        let mut busy = HashSet::new();
        while !stop.is_cancelled() {
            let reading = self.live_orders();
            tokio::pin!(reading);
            // Those under way go on meanwhile: one of them may hold the vault's file.
            let live = loop {
                tokio::select! {
                    live = &mut reading => break live,
                    Some(handle) = under_way.next() => { busy.remove(&handle); }
                }
            };
            let rounds = if live.is_empty() { IDLE_ROUNDS } else { 1 };
            for handle in live {
                if under_way.len() < MAX_UNDER_WAY && busy.insert(handle) {
                    under_way.push(self.look_at(handle));
                }
            }
            let pause = tokio::time::sleep(self.look_every * rounds);
            tokio::pin!(pause);
            loop {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = self.wake.notified() => break,
                    () = &mut pause => break,
                    Some(handle) = under_way.next() => { busy.remove(&handle); }
                }
            }
        }
        while under_way.next().await.is_some() {}
    }

    async fn live_orders(&self) -> Vec<Uuid> {
        self.vault.live().await.unwrap_or_else(|error| {
            tracing::error!(%error, "the vault cannot be read");
            Vec::new()
        })
    }

    async fn is_due(&self, handle: Uuid) -> bool {
        let Ok(Some(order)) = self.vault.find(handle).await else { return true };
        let look_at = self.remembered(order.latest().order_id).await.look_at;
        look_at.is_none_or(|due| Instant::now() >= due)
    }

    async fn look_at(&self, handle: Uuid) -> Uuid {
        let at_work = self.lock_of(handle).await;
        let _held = at_work.lock().await;
        if self.is_due(handle).await
            && let Err(error) = self.step_in_time(handle).await
        {
            tracing::debug!(order = %handle, code = error.code(), "not yet");
        }
        handle
    }

    /// A step that is cut off is worked out again from the record, as after a crash.
    pub(super) async fn step_in_time(&self, handle: Uuid) -> Result<(), ServiceError> {
        let cut_off = || ServiceError::Unavailable { detail: "the pool took too long to answer".into() };
        tokio::time::timeout(LONGEST_STEP, self.step(handle)).await.unwrap_or_else(|_| Err(cut_off()))
    }
}
