//! A kept order as its owner sees it: the pool's view of the latest attempt under the order's own handle, or
//! one made here where nothing is on the chain.

use obscura_client::vault::{Attempt, AttemptState, KeptOrder, KeptTerms};
use serde_json::Value;

use super::Keeper;
use super::revealing::NO_SIGNER;
use super::settling::note_end;
use crate::service::{
    Acknowledgement, AttemptView, AttemptsView, BatchPhase, MAX_WAIT_SECONDS, MarketView, NextAction,
    OrderReason, OrderState, OrderView, OwnTerms, ServiceError,
};

impl Keeper {
    /// What the order's owner is told.
    pub(super) async fn view(&self, order: &KeptOrder) -> Result<OrderView, ServiceError> {
        if let Some(outcome) = &order.outcome {
            return serde_json::from_value(outcome.clone()).map_err(|_| ServiceError::Internal);
        }
        match &order.latest().state {
            AttemptState::Drawn => self.queued(order).await,
            AttemptState::Sent => match self.ask(order, order.latest()).await {
                Ok(view) => self.waited_for(order, view).await,
                Err(error) if error.code() == "order_not_found" => self.queued(order).await,
                Err(error) => Err(error),
            },
            AttemptState::Committed | AttemptState::Revealed(_) | AttemptState::Ended { .. } => {
                let view = self.ask(order, order.latest()).await?;
                self.waited_for(order, view).await
            }
        }
    }

    /// The pool's view under the handle; an order that is tried again is not over.
    async fn waited_for(&self, order: &KeptOrder, mut view: OrderView) -> Result<OrderView, ServiceError> {
        let mut order = order.clone();
        if matches!(view.state, OrderState::Refunded | OrderState::Closed) {
            // The pool may know before the keeper has looked.
            note_end(order.latest_mut(), &view)?;
        }
        let order = &order;
        // While its money is on the way back, too: whoever follows a `refund` in its next actions would end it.
        let unfilled = view.state == OrderState::Refunded
            || view.state == OrderState::Refundable && view.leases.is_empty();
        if unfilled && view.reason != Some(OrderReason::NotRevealed) && order.batches_left() > 0 {
            view.state = OrderState::Queued;
            view.reason = None;
            view.next_actions = vec![wait(order, "not filled; answers when it is committed again".into())];
        }
        if view.state == OrderState::Committed {
            let warned = self.remembered(order.latest().order_id).await.warned;
            view.next_actions = vec![wait(order, until_revealed(&view, warned))];
        }
        self.decorated(order, view)
    }

    /// What only the vault knows, and the handle wherever the attempt's id stood.
    pub(super) fn decorated(
        &self,
        order: &KeptOrder,
        mut view: OrderView,
    ) -> Result<OrderView, ServiceError> {
        let (handle, id) = (order.handle.to_string(), view.order_id.clone());
        view.order_id = handle.clone();
        view.attempts = Some(attempts(order)?);
        view.terms = (!self.kept_by_pool).then(|| own_terms(&order.terms));
        view.matcher_knows_since = self.kept_by_pool.then_some(order.kept_at);
        for action in &mut view.next_actions {
            action.http = action.http.replace(&id, &handle);
            if let Some(named) = action.arguments.get_mut("orderId") {
                *named = Value::String(handle.clone());
            }
        }
        Ok(view)
    }

    async fn queued(&self, order: &KeptOrder) -> Result<OrderView, ServiceError> {
        let market = self.market(&order.terms.gpu_type).await?;
        let mut view = blank(order, &market, OrderState::Queued)?;
        let condition = match order.caps.min_batch_orders {
            0 | 1 => String::new(),
            least => format!(" and its batch holds {} other orders", least - 1),
        };
        view.next_actions = vec![wait(
            order,
            format!("nothing is locked yet; answers when a commit window is open{condition}"),
        )];
        self.decorated(order, view)
    }

    /// The end of an order that never was on the chain.
    pub(super) async fn never_placed(&self, order: &KeptOrder) -> Result<OrderView, ServiceError> {
        let market = self.market(&order.terms.gpu_type).await?;
        let mut view = blank(order, &market, OrderState::Refunded)?;
        let reason = "over, and nothing was ever locked; look at the market again";
        view.next_actions = vec![NextAction::quote(&order.terms.gpu_type, reason)];
        let mut view = self.decorated(order, view)?;
        view.attempts = view.attempts.map(|attempts| AttemptsView { made: Vec::new(), ..attempts });
        Ok(view)
    }
}

fn wait(order: &KeptOrder, reason: String) -> NextAction {
    NextAction::wait(&order.handle.to_string(), MAX_WAIT_SECONDS, reason)
}

fn until_revealed(view: &OrderView, warned: bool) -> String {
    match view.batch_phase {
        BatchPhase::Open => {
            format!("the vault reveals it by itself in {} s, when the reveal window opens", view.seconds_left)
        }
        BatchPhase::Revealing if warned => format!("{NO_SIGNER}, in {} s", view.seconds_left),
        BatchPhase::Revealing => "the vault is revealing it".into(),
        _ => "the reveal window is over; the lock comes back once the batch is cleared or void".into(),
    }
}

/// As its owner wrote it, with every default.
pub fn own_terms(terms: &KeptTerms) -> OwnTerms {
    let KeptTerms { gpu_type: _, ask: _, price_micro, qty, min_qty, duration_seconds } = terms;
    OwnTerms { price_micro: *price_micro, qty: *qty, min_qty: *min_qty, duration_seconds: *duration_seconds }
}

fn attempts(order: &KeptOrder) -> Result<AttemptsView, ServiceError> {
    let made = order.attempts.iter().filter_map(|attempt| attempt_view(attempt).transpose());
    Ok(AttemptsView {
        good_for_batches: order.caps.good_for_batches,
        batches_left: order.batches_left(),
        made: made.collect::<Result<_, _>>()?,
    })
}

/// None where nothing of it was sent.
fn attempt_view(attempt: &Attempt) -> Result<Option<AttemptView>, ServiceError> {
    let Some(batch_index) = attempt.batch else { return Ok(None) };
    let read = |value: &Value| serde_json::from_value(value.clone()).map_err(|_| ServiceError::Internal);
    let (state, reason) = match &attempt.state {
        AttemptState::Drawn => return Ok(None),
        AttemptState::Sent => (OrderState::Queued, None),
        AttemptState::Committed => (OrderState::Committed, None),
        AttemptState::Revealed(_) => (OrderState::Revealed, None),
        AttemptState::Ended { state, reason } => {
            let reason = reason.clone().map(serde_json::from_value).transpose();
            (read(state)?, reason.map_err(|_| ServiceError::Internal)?)
        }
    };
    let left_out = reason == Some(OrderReason::NotRevealed);
    let acknowledgement = attempt.acknowledgement.as_ref().filter(|_| left_out).map(read_acknowledgement);
    Ok(Some(AttemptView {
        order_id: attempt.order_id.to_string(),
        batch_index,
        state,
        reason,
        lost_micro: attempt.lost_micro,
        broken_acknowledgement: acknowledgement.transpose()?,
    }))
}

fn read_acknowledgement(kept: &Value) -> Result<Acknowledgement, ServiceError> {
    serde_json::from_value(kept.clone()).map_err(|_| ServiceError::Internal)
}

/// An order of which nothing is on the chain.
fn blank(order: &KeptOrder, market: &MarketView, state: OrderState) -> Result<OrderView, ServiceError> {
    let attempt = order.latest();
    let waits = u64::from(market.current_phase != BatchPhase::Open);
    Ok(OrderView {
        order_id: order.handle.to_string(),
        state,
        reason: None,
        gpu_type: order.terms.gpu_type.clone(),
        side: order.terms.side().into(),
        batch_index: market.current_batch_index.saturating_add(waits),
        index_in_batch: 0,
        commit_hash: attempt.commit_hash.clone(),
        owner: order.owner.to_string(),
        address: attempt.address(&order.owner).to_string(),
        locked_micro: 0,
        lock_gpus: 0,
        order_fee_micro: 0,
        reveal_deposit_micro: 0,
        paid_micro: 0,
        refunded_micro: 0,
        forfeited_micro: 0,
        earned_micro: 0,
        clearing_price_micro: None,
        leases: Vec::new(),
        seconds_left: market.seconds_left,
        batch_phase: if waits == 0 { BatchPhase::Open } else { BatchPhase::NotOpen },
        acknowledgement: None,
        already_committed: None,
        already_refunded: None,
        attempts: None,
        matcher_knows_since: None,
        client_tag: order.client_tag.clone(),
        budget: None,
        terms: None,
        next_actions: Vec::new(),
    })
}
