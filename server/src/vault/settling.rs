//! What became of a revealed order: taken back where it is over, tried again where it was not filled.

use obscura_client::accounts::Ended;
use obscura_client::vault::{Attempt, AttemptState, KeptOrder};
use serde_json::Value;

use tokio::time::Instant;

use super::Keeper;
use super::placing::caller;
use crate::service::{Caller, NextAction, OrderReason, OrderState, OrderView, RefundInput, ServiceError};

/// A clearing takes seconds and a lease hours, and nothing of either waits for the keeper.
const ROUNDS_OF_A_CLEARING: u32 = 2;
const ROUNDS_OF_A_LEASE: u32 = 20;

impl Keeper {
    /// Looks at the latest attempt, and ends it where it is over.
    pub(super) async fn settle(&self, order: &mut KeptOrder) -> Result<(), ServiceError> {
        let mut view = self.ask(order, order.latest()).await?;
        if view.state == OrderState::Refundable {
            view = self.take_back(order).await?;
        }
        if matches!(view.state, OrderState::Refunded | OrderState::Closed) {
            return self.attempt_over(order, view).await;
        }
        let rounds = if view.state == OrderState::Leased { ROUNDS_OF_A_LEASE } else { ROUNDS_OF_A_CLEARING };
        let look_at = Instant::now() + self.look_every * rounds;
        self.remember(order.latest().order_id, |memory| memory.look_at = Some(look_at)).await;
        Ok(())
    }

    /// The pool does this by itself; where it does not, anyone may.
    async fn take_back(&self, order: &KeptOrder) -> Result<OrderView, ServiceError> {
        let input = RefundInput { order_id: order.latest().order_id.to_string() };
        match self.pool.refund(&caller(order), input).await {
            Ok(view) => Ok(view),
            Err(error) => {
                if let Some(chain) = self.chain.as_ref().filter(|chain| chain.can_sign()) {
                    tracing::warn!(order = %order.handle, code = error.code(), "the pool gives no refund: asking the chain");
                    chain.refund(order).await.map_err(|error| super::window::unreadable(&error))?;
                    return self.ask(order, order.latest()).await;
                }
                Err(error)
            }
        }
    }

    async fn attempt_over(&self, order: &mut KeptOrder, view: OrderView) -> Result<(), ServiceError> {
        self.check_ended(order).await?;
        note_end(order.latest_mut(), &view)?;
        if view.reason == Some(OrderReason::NotRevealed) {
            // What cost a deposit once would cost it again.
            order.stopped = true;
            if order.latest().acknowledgement.is_some() {
                tracing::error!(order = %order.handle, "the matcher acknowledged this order and left it out: `lease-status` shows its signed word");
            }
        }
        if view.state == OrderState::Refunded && order.batches_left() > 0 {
            let terms = order.terms.terms().map_err(|_| ServiceError::Internal)?;
            let next = Attempt::draw(&terms, &order.owner, None).map_err(|_| ServiceError::Internal)?;
            tracing::info!(order = %order.handle, attempt = %next.order_id, "not filled: trying again");
            order.attempts.push(next);
            return self.save(order).await;
        }
        let view = self.decorated(order, view)?;
        self.end(order, view).await
    }

    /// No pool's word erases a secret, or commits an order again, while the chain says that it is live.
    async fn check_ended(&self, order: &KeptOrder) -> Result<(), ServiceError> {
        let Some(chain) = &self.chain else { return Ok(()) };
        let found = chain.order(order).await.map_err(|error| super::window::unreadable(&error))?;
        match found {
            Some((account, _)) if matches!(account.ended, Ended::Live) => {
                tracing::error!(order = %order.handle, "the pool says that this order is over, and the chain that it is not");
                Err(ServiceError::Unavailable {
                    detail: "the chain does not know of this order's end yet".into(),
                })
            }
            _ => Ok(()),
        }
    }

    /// The order ends without an attempt on the chain that is not over.
    pub(super) async fn end_unplaced(&self, order: &mut KeptOrder) -> Result<(), ServiceError> {
        let view = match order.attempts.iter().rev().find(|attempt| attempt.is_over()) {
            Some(attempt) => {
                let view = self.ask(order, attempt).await?;
                order.attempts.pop();
                self.decorated(order, view)?
            }
            None => self.never_placed(order).await?,
        };
        self.end(order, view).await
    }

    async fn end(&self, order: &mut KeptOrder, view: OrderView) -> Result<(), ServiceError> {
        let state = view.state;
        self.forget(order).await;
        order.end(serde_json::to_value(&view).map_err(|_| ServiceError::Internal)?);
        self.save(order).await?;
        tracing::info!(order = %order.handle, ?state, "over: its secret is erased");
        Ok(())
    }

    /// `refund`: no further attempt, and back what is not needed any more.
    pub(super) async fn give_back(&self, by: &Caller, input: RefundInput) -> Result<OrderView, ServiceError> {
        let Some(order) = self.kept(by, &input.order_id).await? else {
            return self.pool.refund(by, input).await;
        };
        let handle = order.handle;
        let at_work = self.lock_of(handle).await;
        let _held = at_work.lock().await;
        let mut order =
            self.vault.find(handle).await.map_err(super::unusable)?.ok_or(ServiceError::Internal)?;
        if order.is_over() {
            let mut view = self.view(&order).await?;
            view.already_refunded = Some(true);
            return Ok(view);
        }
        order.stopped = true;
        self.save(&order).await?;
        if matches!(order.latest().state, AttemptState::Drawn | AttemptState::Sent) {
            self.place(&mut order).await?;
            return self.view(&order).await;
        }
        let asked = RefundInput { order_id: order.latest().order_id.to_string() };
        let view = self.pool.refund(by, asked).await.map_err(|error| tried_no_more(&order, error))?;
        if matches!(view.state, OrderState::Refunded | OrderState::Closed) {
            let again = view.already_refunded;
            self.attempt_over(&mut order, view).await?;
            let mut view = self.view(&order).await?;
            view.already_refunded = again;
            return Ok(view);
        }
        self.decorated(&order, view)
    }
}

/// Writes down how an attempt ended.
pub fn note_end(attempt: &mut Attempt, view: &OrderView) -> Result<(), ServiceError> {
    attempt.lost_micro = lost(view);
    attempt.state = AttemptState::Ended { state: named(&view.state)?, reason: reason(view)? };
    Ok(())
}

/// The pool's refusal to refund an order that is not over, under the order's handle.
fn tried_no_more(order: &KeptOrder, error: ServiceError) -> ServiceError {
    if error.code() != "wrong_phase" {
        return error;
    }
    ServiceError::WrongPhase {
        detail: format!("{}. It will not be committed again", error.to_problem().detail),
        next: vec![NextAction::wait(&order.handle.to_string(), 40, "answers when the batch has decided")],
    }
}

/// Fee and deposit that did not come back: a void batch gives back both.
fn lost(view: &OrderView) -> u64 {
    if view.reason == Some(OrderReason::BatchVoid) {
        return 0;
    }
    view.order_fee_micro.saturating_add(view.forfeited_micro)
}

fn named(state: &OrderState) -> Result<Value, ServiceError> {
    serde_json::to_value(state).map_err(|_| ServiceError::Internal)
}

fn reason(view: &OrderView) -> Result<Option<Value>, ServiceError> {
    view.reason.map(serde_json::to_value).transpose().map_err(|_| ServiceError::Internal)
}
