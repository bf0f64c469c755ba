//! `refund`: ends an order whose batch has decided. The program moves the money,
//! to the order's owner only; this file asks and explains.

use obscura_client::accounts::Ended;
use obscura_client::instructions::anyone;
use obscura_client::ledger::LedgerError;
use obscura_client::transactions::Submission;
use solana_sdk::signer::Signer;

use super::order_lookup::FoundOrder;
use super::{Pool, chain_error};
use crate::service::{Caller, NextAction, OrderState, OrderView, RefundInput, ServiceError};

impl Pool {
    pub(super) async fn refund_order(
        &self,
        caller: &Caller,
        input: RefundInput,
    ) -> Result<OrderView, ServiceError> {
        let found = self.find_order(caller, &input.order_id).await?;
        if !matches!(found.order.ended, Ended::Live) {
            return self.already_refunded(&found).await;
        }
        let view = self.order_view(&found).await?;
        check_over(&view)?;
        let cranked_elsewhere = !self.send_refund(&found).await?;
        let found = self.find_order(caller, &input.order_id).await?;
        if cranked_elsewhere {
            return self.already_refunded(&found).await;
        }
        self.order_view(&found).await
    }

    async fn already_refunded(&self, found: &FoundOrder<'_>) -> Result<OrderView, ServiceError> {
        let mut view = self.order_view(found).await?;
        view.already_refunded = Some(true);
        Ok(view)
    }

    /// False where somebody else ended the order first.
    async fn send_refund(&self, found: &FoundOrder<'_>) -> Result<bool, ServiceError> {
        let step = anyone::refund(self.relayer.pubkey(), found.address, &found.order, &found.batch, None);
        match Submission::new(&self.relayer, [step]).send(self.ledger.as_ref()).await {
            Ok(_) => Ok(true),
            Err(error) if error.program_error() == Some("AlreadyEnded") => Ok(false),
            Err(error) => Err(explain(error, &found.id.to_string(), found.batch.index)),
        }
    }
}

fn check_over(view: &OrderView) -> Result<(), ServiceError> {
    let id = &view.order_id;
    match view.state {
        OrderState::Refundable | OrderState::Refunded | OrderState::Closed => Ok(()),
        OrderState::Queued | OrderState::Committed | OrderState::Revealed => {
            Err(undecided(id, view.batch_index))
        }
        OrderState::Offered | OrderState::Leased => Err(filled(id)),
    }
}

/// What the program says where the order's state was read a moment too early, or
/// by another clock.
fn explain(error: LedgerError, order_id: &str, batch_index: u64) -> ServiceError {
    match error.program_error() {
        Some("BatchNotFinal") => undecided(order_id, batch_index),
        Some("LeasesMayOpen" | "LeaseNotClosed") => filled(order_id),
        _ => chain_error::refused(error),
    }
}

fn undecided(order_id: &str, batch_index: u64) -> ServiceError {
    ServiceError::WrongPhase {
        detail: format!(
            "batch {batch_index} has not decided yet: an order ends when its batch is cleared or void. What \
             is left then comes back by itself"
        ),
        next: vec![NextAction::wait(order_id, 40, "answers when the batch has decided")],
    }
}

fn filled(order_id: &str) -> ServiceError {
    ServiceError::OrderMatched {
        order_id: order_id.to_owned(),
        detail:
            "this order was filled: its lock stays behind its leases, and what they do not use comes back \
                 by itself when they end"
                .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(name: &str) -> ServiceError {
        let refusal = LedgerError::Program {
            code: 0,
            name: name.into(),
            message: String::new(),
            instruction: 0,
            logs: Vec::new(),
        };
        explain(refusal, "an-order", 7)
    }

    #[test]
    fn a_refund_that_comes_too_early_is_no_fault_of_the_pool() {
        assert!(matches!(explained("BatchNotFinal"), ServiceError::WrongPhase { .. }));
        assert!(matches!(explained("LeasesMayOpen"), ServiceError::OrderMatched { .. }));
        assert!(matches!(explained("LeaseNotClosed"), ServiceError::OrderMatched { .. }));
        assert!(matches!(explained("Overflow"), ServiceError::Internal));
    }
}
