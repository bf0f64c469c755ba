//! What a commit takes, held against what the trader has and what it lets this pool take.

use obscura_auction::lock::Lock;
use obscura_auction::order::Side;
use obscura_client::accounts::{Delegate, MarketParams, Trader};

use super::Pool;
use crate::service::{BudgetView, ServiceError};

impl Pool {
    /// What to lock: the amount named, else the key's cap per order.
    pub(super) fn lock_of(
        &self,
        trader: &Trader,
        side: Side,
        amount: Option<u64>,
    ) -> Result<Lock, ServiceError> {
        let delegate = self
            .delegate_of(trader)
            .ok_or(ServiceError::Unauthorized("the trader's owner has not made this pool its delegate"))?;
        let cap = match side {
            Side::Bid => delegate.max_order_micro,
            Side::Ask => delegate.max_order_gpus,
        };
        let amount = amount.unwrap_or(cap);
        if amount == 0 {
            let (field, what) = lock_field(side);
            let detail = format!("this API key's cap per order is 0 {what}: its owner has to raise it first");
            return Err(ServiceError::CapExceeded { field, detail });
        }
        Ok(Lock { side, amount })
    }

    /// Whether the trader has what the order takes, and lets this pool take it.
    pub(super) fn check_money(
        &self,
        trader: &Trader,
        lock: Lock,
        params: &MarketParams,
    ) -> Result<(), ServiceError> {
        let charges = params.order_fee.saturating_add(params.reveal_deposit);
        let amount = lock.amount;
        match lock.side {
            Side::Bid => {
                let needed = amount.saturating_add(charges);
                check_usdc(trader, needed, amount, params.order_fee, params.reveal_deposit)?;
                self.check_caps(trader, needed, lock)?;
                if amount < params.min_collateral {
                    return Err(ServiceError::invalid_field(
                        "maxTotalMicro",
                        format!("this market's bids lock at least {} micro-USDC", params.min_collateral),
                    ));
                }
            }
            Side::Ask => {
                check_usdc(trader, charges, 0, params.order_fee, params.reveal_deposit)?;
                check_stake(trader, amount, params.stake_per_gpu)?;
                self.check_caps(trader, charges, lock)?;
            }
        }
        Ok(())
    }

    fn check_caps(&self, trader: &Trader, needed: u64, lock: Lock) -> Result<(), ServiceError> {
        let Some(delegate) = self.delegate_of(trader) else {
            return Ok(());
        };
        let (field, unit) = lock_field(lock.side);
        let cap = match lock.side {
            Side::Bid => delegate.max_order_micro,
            Side::Ask => delegate.max_order_gpus,
        };
        if lock.amount > cap {
            let detail = format!(
                "{field} {} is above this API key's cap of {cap} {unit} per order. Send at most {cap}",
                lock.amount
            );
            return Err(ServiceError::CapExceeded { field, detail });
        }
        if delegate.spent.saturating_add(needed) > delegate.spend_cap {
            let detail = format!(
                "this order would bring what this API key has locked or spent to {} micro-USDC, above its \
                 cap of {}. Wait for orders to end: what comes back counts no more",
                delegate.spent.saturating_add(needed),
                delegate.spend_cap
            );
            return Err(ServiceError::CapExceeded { field, detail });
        }
        let gpus = if lock.side == Side::Ask { lock.amount } else { 0 };
        if delegate.gpus_locked.saturating_add(gpus) > delegate.gpu_cap {
            let detail = format!(
                "this ask would bring the GPUs that this API key has locked to {}, above its cap of {}. Wait \
                 for asks to end, or offer fewer",
                delegate.gpus_locked.saturating_add(gpus),
                delegate.gpu_cap
            );
            return Err(ServiceError::CapExceeded { field, detail });
        }
        Ok(())
    }
}

/// What is left of a key's budget.
pub(super) fn budget(trader: &Trader, delegate: &Delegate) -> BudgetView {
    let available = trader.usdc.available;
    let cap_left = delegate.spend_cap.saturating_sub(delegate.spent);
    BudgetView {
        left_micro: available.min(cap_left).min(delegate.max_order_micro),
        available_micro: available,
        spend_cap_left_micro: cap_left,
        order_cap_micro: delegate.max_order_micro,
        expires_at: delegate.expires_at,
    }
}

/// What a request of `side` names to be locked; the other side's field is refused before.
pub(super) fn named_amount(side: Side, max_total_micro: Option<u64>, lock_gpus: Option<u16>) -> Option<u64> {
    match side {
        Side::Bid => max_total_micro,
        Side::Ask => lock_gpus.map(u64::from),
    }
}

/// The field that says what an order of this side locks, and its unit.
pub(super) fn lock_field(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Bid => ("maxTotalMicro", "micro-USDC"),
        Side::Ask => ("lockGpus", "GPUs"),
    }
}

fn check_usdc(trader: &Trader, needed: u64, lock: u64, fee: u64, deposit: u64) -> Result<(), ServiceError> {
    if needed <= trader.usdc.available {
        return Ok(());
    }
    Err(ServiceError::InsufficientAvailable {
        needed,
        available: trader.usdc.available,
        unit: "micro-USDC",
        parts: format!(" ({lock} to lock, {fee} order fee, {deposit} reveal deposit)"),
    })
}

fn check_stake(trader: &Trader, gpus: u64, per_gpu: u64) -> Result<(), ServiceError> {
    let needed = gpus.saturating_mul(per_gpu);
    if needed <= trader.obsc.available {
        return Ok(());
    }
    Err(ServiceError::InsufficientAvailable {
        needed,
        available: trader.obsc.available,
        unit: "micro-OBSC",
        parts: format!(" ({gpus} GPUs at {per_gpu} each)"),
    })
}
