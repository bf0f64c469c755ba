//! What a commit would do, said without doing it: the same lock and the same checks of money.

use obscura_auction::order::Side;
use obscura_client::accounts::MarketTerms;

use super::Pool;
use super::batches::RunningBatch;
use super::commit_checks::{budget, named_amount};
use super::order_view::split_lock;
use crate::service::{
    BatchPhase, BudgetView, Caller, CommitPreview, NextAction, PreviewInput, ServiceError, SideInput,
};

impl Pool {
    pub(super) async fn preview(
        &self,
        caller: &Caller,
        input: PreviewInput,
    ) -> Result<CommitPreview, ServiceError> {
        let market = self.markets.meant(Some(&input.gpu_type))?;
        let side = input.side.unwrap_or(SideInput::Bid).into();
        let amount = named_amount(side, input.max_total_micro, input.lock_gpus);
        let trader = self.trader_of(caller).await?;
        let lock = self.lock_of(&trader, side, amount)?;
        let RunningBatch { batch, terms: MarketTerms { params, .. } } = self.running_batch(market).await?;
        self.check_money(&trader, lock, &params)?;
        let (locked_micro, lock_gpus) = split_lock(side, lock.amount);
        let worst = locked_micro.saturating_add(params.order_fee).saturating_add(params.reveal_deposit);
        let now = self
            .delegate_of(&trader)
            .map(|delegate| budget(&trader, delegate))
            .ok_or(ServiceError::Unauthorized("the trader's owner has not made this pool its delegate"))?;
        Ok(CommitPreview {
            dry_run: true,
            gpu_type: market.gpu_type.clone(),
            side: side.into(),
            locked_micro,
            lock_gpus,
            order_fee_micro: params.order_fee,
            reveal_deposit_micro: params.reveal_deposit,
            worst_cost_micro: worst,
            batch_index: batch.index,
            batch_phase: batch.phase,
            seconds_left: batch.seconds_left,
            order_count: batch.order_count,
            terms: None,
            budget: after(now, worst),
            next_actions: vec![NextAction::commit(
                &market.gpu_type,
                (side == Side::Bid).then_some(lock.amount),
                match batch.phase {
                    BatchPhase::Open => format!("without dryRun, within {} s", batch.seconds_left),
                    _ => format!("without dryRun, when the next batch opens in {} s", batch.seconds_left),
                },
            )],
        })
    }
}

/// What is left once `taken` is locked or gone.
fn after(budget: BudgetView, taken: u64) -> BudgetView {
    let available = budget.available_micro.saturating_sub(taken);
    let cap_left = budget.spend_cap_left_micro.saturating_sub(taken);
    BudgetView {
        left_micro: available.min(cap_left).min(budget.order_cap_micro),
        available_micro: available,
        spend_cap_left_micro: cap_left,
        ..budget
    }
}
