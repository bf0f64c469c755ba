//! Gives back what an order's lock holds beyond the shown terms of its leases. It must never free what a lease
//! with hidden terms may still need. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::conservation;
use crate::errors::ObscuraError;
use crate::events::SurplusFreed;
use crate::state::batch::bit;
use crate::state::{Batch, Order, Trader};

/// CAN: anyone, for a filled order of a cleared batch whose leases have all opened, and whose running ones
/// all show their terms. CANNOT: free what these need; pay anybody else than the order's trader.
#[derive(Accounts)]
pub struct FreeSurplus<'info> {
    #[account(
        mut,
        has_one = trader @ ObscuraError::WrongTrader,
        has_one = batch @ ObscuraError::WrongBatch,
    )]
    pub order: Box<Account<'info, Order>>,
    pub batch: Box<Account<'info, Batch>>,
    #[account(mut)]
    pub trader: Box<Account<'info, Trader>>,
}

impl FreeSurplus<'_> {
    pub fn run(ctx: Context<FreeSurplus>) -> Result<()> {
        let FreeSurplus { order, batch, trader } = ctx.accounts;
        validate(order, batch)?;
        let before = (trader.usdc.total(), trader.stake());
        let (usdc, gpus, stake) = surplus(order, batch)?;
        trader.usdc.unlock(usdc)?;
        trader.obsc.unlock(stake)?;
        trader.restore_caps(order.delegate_epoch, usdc, gpus);
        order.stake_locked = order.stake_locked.checked_sub(stake).ok_or(ObscuraError::CorruptState)?;
        let freed = order.freed.checked_add(usdc).and_then(|freed| freed.checked_add(gpus));
        order.freed = freed.ok_or(ObscuraError::Overflow)?;
        emit!(SurplusFreed { order: order.key(), usdc, gpus, stake });
        conservation::require_unchanged(before, (trader.usdc.total(), trader.stake()))
    }
}

fn validate(order: &Order, batch: &Batch) -> Result<()> {
    order.require_live()?;
    require!(batch.cleared, ObscuraError::NotCleared);
    require!(bit(&batch.filled, order.index), ObscuraError::NotFilled);
    require!(!batch.leases_may_open(now()?), ObscuraError::LeasesMayOpen);
    Ok(())
}

/// Micro-USDC of a bid; GPUs and the micro-OBSC behind them of an ask.
fn surplus(order: &Order, batch: &Batch) -> Result<(u64, u64, u64)> {
    let surplus = order.surplus()?;
    require!(surplus > 0, ObscuraError::NothingToFree);
    let gpus = order.gpus()?;
    if gpus == 0 {
        return Ok((surplus, 0, 0));
    }
    let needed = order.shown.checked_mul(batch.params.stake_per_gpu).ok_or(ObscuraError::Overflow)?;
    Ok((0, surplus, order.stake_locked.saturating_sub(needed)))
}
