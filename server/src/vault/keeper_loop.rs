//! The keeper's loop: every order that is not over gets its step, side by side, until the keeper stops.

use std::sync::Arc;

use futures::StreamExt;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Keeper;
use crate::supervise::supervise;

/// Orders that are looked at side by side: a silent pool must not make one miss its window for another's sake.
const AT_ONCE: usize = 16;
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

    async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = if self.round().await { self.look_every } else { self.look_every * IDLE_ROUNDS };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Whether there is anything that is not over.
    async fn round(&self) -> bool {
        let live = match self.vault.live().await {
            Ok(live) => live,
            Err(error) => {
                tracing::error!(%error, "the vault cannot be read");
                return true;
            }
        };
        let some = !live.is_empty();
        futures::stream::iter(live).for_each_concurrent(AT_ONCE, |handle| self.look_at(handle)).await;
        some
    }

    async fn is_due(&self, handle: Uuid) -> bool {
        let Ok(Some(order)) = self.vault.find(handle).await else { return true };
        let look_at = self.remembered(order.latest().order_id).await.look_at;
        look_at.is_none_or(|due| Instant::now() >= due)
    }

    async fn look_at(&self, handle: Uuid) {
        let at_work = self.lock_of(handle).await;
        let _held = at_work.lock().await;
        if !self.is_due(handle).await {
            return;
        }
        if let Err(error) = self.step(handle).await {
            tracing::debug!(order = %handle, code = error.code(), "not yet");
        }
    }
}
