//! Status of an order, waiting for news where asked to.
//!
//! It answers at once where waiting cannot help: the order is over, or its reveal
//! window is open and the caller has something to do. Otherwise it answers when
//! the state, a lease or the phase of the batch changes.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Pool;
use crate::service::{
    BatchPhase, Caller, LeaseState, LeaseStatusInput, MAX_WAIT_SECONDS, OrderState, OrderView, ServiceError,
};

/// How often a waiting call looks. The chain's clock ticks in seconds.
const LOOK_EVERY: Duration = Duration::from_millis(200);

impl Pool {
    pub(super) async fn status_of_order(
        &self,
        caller: &Caller,
        input: LeaseStatusInput,
    ) -> Result<OrderView, ServiceError> {
        let seconds = input.wait_seconds.unwrap_or(0).min(MAX_WAIT_SECONDS);
        let deadline = Instant::now() + Duration::from_secs(u64::from(seconds));
        let first = self.view_by_id(caller, &input.order_id).await?;
        let known = News::of(&first);
        let mut latest = first;
        while Instant::now() < deadline && !has_news(&latest, &known) {
            sleep(LOOK_EVERY).await;
            latest = self.view_by_id(caller, &input.order_id).await?;
        }
        Ok(latest)
    }

    async fn view_by_id(&self, caller: &Caller, order_id: &str) -> Result<OrderView, ServiceError> {
        let found = self.find_order(caller, order_id).await?;
        self.order_view(&found).await
    }
}

/// What a waiting caller is told about at once.
#[derive(PartialEq, Eq)]
struct News {
    state: OrderState,
    leases: Vec<LeaseState>,
}

impl News {
    fn of(view: &OrderView) -> Self {
        Self { state: view.state, leases: view.leases.iter().map(|lease| lease.state).collect() }
    }
}

fn has_news(view: &OrderView, known: &News) -> bool {
    let over = matches!(view.state, OrderState::Refunded | OrderState::Closed);
    let must_reveal = view.state == OrderState::Committed && view.batch_phase == BatchPhase::Revealing;
    over || must_reveal || News::of(view) != *known
}
