//! `lease-status` of a kept order: its latest attempt, waiting for news where asked to.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{Keeper, unusable};
use crate::service::{
    Caller, LeaseState, LeaseStatusInput, MAX_WAIT_SECONDS, OrderState, OrderView, ServiceError,
};

impl Keeper {
    pub(super) async fn status_of(
        &self,
        caller: &Caller,
        input: LeaseStatusInput,
    ) -> Result<OrderView, ServiceError> {
        let Some(order) = self.kept(caller, &input.order_id).await? else {
            return self.pool.order_status(caller, input).await;
        };
        let seconds = input.wait_seconds.unwrap_or(0).min(MAX_WAIT_SECONDS);
        let deadline = Instant::now() + Duration::from_secs(u64::from(seconds));
        let mut latest = self.view_of(order.handle).await?;
        let known = News::of(&latest);
        while Instant::now() < deadline && !is_over(&latest) && News::of(&latest) == known {
            sleep(self.look_every).await;
            latest = self.view_of(order.handle).await?;
        }
        Ok(latest)
    }

    /// The order as it is now.
    pub(super) async fn view_of(&self, handle: Uuid) -> Result<OrderView, ServiceError> {
        let order = self.vault.find(handle).await.map_err(unusable)?.ok_or(ServiceError::Internal)?;
        let view = self.view(&order).await?;
        if is_over(&view) && !order.is_over() {
            // Whoever is told that an order is over may rely on its secret being gone.
            let at_work = self.lock_of(handle).await;
            let _held = at_work.lock().await;
            self.step(handle).await?;
        }
        Ok(view)
    }
}

/// What a waiting caller is told about at once. That a window opens is no news: the vault acts by itself.
#[derive(PartialEq, Eq)]
struct News {
    state: OrderState,
    attempts: usize,
    leases: Vec<LeaseState>,
}

impl News {
    fn of(view: &OrderView) -> Self {
        Self {
            state: view.state,
            attempts: view.attempts.as_ref().map_or(0, |attempts| attempts.made.len()),
            leases: view.leases.iter().map(|lease| lease.state).collect(),
        }
    }
}

fn is_over(view: &OrderView) -> bool {
    matches!(view.state, OrderState::Refunded | OrderState::Closed)
}
