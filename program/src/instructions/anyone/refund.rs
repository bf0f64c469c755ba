//! Ends an order and gives back what is left of it, by the table in SPEC section 11. It must never need
//! anybody's consent or secret, never run while something can still be paid out of the order, and never
//! move anything twice.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::conservation;
use crate::errors::ObscuraError;
use crate::events::{MatcherPenalised, OrderEnded};
use crate::state::batch::bit;
use crate::state::{Batch, Books, Ended, Forfeit, Matcher, Misdeed, Moment, Order, Trader, VerifyingKey};

/// CAN: anyone who signs, also while paused; half of the order fee is for that. CANNOT: end an order whose
/// batch is open, or that has a lease running or still to open; end an order twice.
#[derive(Accounts)]
pub struct Refund<'info> {
    pub cranker: Signer<'info>,
    #[account(
        mut,
        has_one = trader @ ObscuraError::WrongTrader,
        has_one = batch @ ObscuraError::WrongBatch,
    )]
    pub order: Box<Account<'info, Order>>,
    #[account(mut)]
    pub batch: Box<Account<'info, Batch>>,
    #[account(mut)]
    pub trader: Box<Account<'info, Trader>>,
    /// The cranker's own account. Left out, or the order's own: see `CrankPay`.
    #[account(mut, dup)]
    pub cranker_trader: Option<Box<Account<'info, Trader>>>,
    #[account(mut)]
    pub books: Box<Account<'info, Books>>,
    /// Of the batch: what it may owe the order, and the lock that it no longer answers for.
    #[account(mut, constraint = matcher.key == batch.matcher @ ObscuraError::WrongMatcher)]
    pub matcher: Box<Account<'info, Matcher>>,
    /// The smallest that holds a void batch, and only of one: where it is disabled, the matcher could not clear.
    pub verifying_key: Option<Box<Account<'info, VerifyingKey>>>,
}

/// Where the cranker's half of the order fee goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CrankPay {
    /// The cranker's account, which is not the order's.
    Cranker,
    /// The order's account: its owner cranked.
    OwnTrader,
    /// Nobody's account was named.
    Treasury,
}

/// Where an order's remaining micro-USDC goes. The three add up to it.
struct Split {
    back: u64,
    cranker: u64,
    treasury: u64,
}

impl Refund<'_> {
    pub fn run(ctx: Context<Refund>) -> Result<()> {
        let ended = ctx.accounts.outcome(now()?)?;
        let crank_pay = ctx.accounts.crank_pay()?;
        let split = ctx.accounts.split(ended)?;
        let before = ctx.accounts.held(crank_pay);
        ctx.accounts.penalise(ended)?;
        ctx.accounts.relieve_matcher(ended)?;
        ctx.accounts.apply(ended, crank_pay, &split)?;
        conservation::require_unchanged(before, ctx.accounts.held(crank_pay))
    }

    fn outcome(&self, now: Moment) -> Result<Ended> {
        self.order.require_live()?;
        if !self.batch.cleared {
            require!(self.batch.is_void(now), ObscuraError::BatchNotFinal);
            return Ok(Ended::Void);
        }
        if !bit(&self.batch.included, self.order.index) {
            return Ok(Ended::NotRevealed);
        }
        if !bit(&self.batch.filled, self.order.index) {
            return Ok(Ended::Unmatched);
        }
        require!(!self.batch.leases_may_open(now), ObscuraError::LeasesMayOpen);
        require!(self.order.open_leases == 0, ObscuraError::LeaseNotClosed);
        Ok(if self.order.paid > 0 { Ended::Completed } else { Ended::OfferExpired })
    }

    fn crank_pay(&self) -> Result<CrankPay> {
        if let Some(named) = self.cranker_trader.as_ref().filter(|named| named.key() != self.trader.key()) {
            require_keys_eq!(named.owner, self.cranker.key(), ObscuraError::WrongTrader);
            return Ok(CrankPay::Cranker);
        }
        let own = self.cranker.key() == self.trader.owner;
        Ok(if own { CrankPay::OwnTrader } else { CrankPay::Treasury })
    }

    fn split(&self, ended: Ended) -> Result<Split> {
        let (unspent, fee, deposit) =
            (self.order.unspent()?, self.order.order_fee, self.order.reveal_deposit);
        let half = fee / 2;
        let (back, forfeited, cranker) = match ended {
            Ended::Live => return err!(ObscuraError::BatchNotFinal),
            Ended::Void => (self.order.usdc_locked()?, 0, 0),
            Ended::NotRevealed => (unspent, deposit, half),
            Ended::Unmatched | Ended::OfferExpired | Ended::Completed => {
                (unspent.checked_add(deposit).ok_or(ObscuraError::Overflow)?, 0, half)
            }
        };
        let fee_rest = if ended == Ended::Void { 0 } else { fee - half };
        let treasury = fee_rest.checked_add(forfeited).ok_or(ObscuraError::Overflow)?;
        Ok(Split { back, cranker, treasury })
    }

    fn apply(&mut self, ended: Ended, crank_pay: CrankPay, split: &Split) -> Result<()> {
        let Split { back, cranker, treasury } = *split;
        self.trader.usdc.take_locked(self.order.usdc_locked()?)?;
        self.trader.usdc.credit(back)?;
        self.trader.obsc.unlock(self.order.stake_locked)?;
        self.trader.restore_caps(self.order.delegate_epoch, back, self.order.gpus()?);
        self.books.usdc.earn(treasury)?;
        self.pay_cranker(crank_pay, cranker)?;
        self.order.ended = ended;
        self.order.refunded = back;
        emit!(OrderEnded { order: self.order.key(), ended, refunded: back });
        Ok(())
    }

    /// Moves what the batch's matcher owes the order, as far as its bond reaches.
    fn penalise(&mut self, ended: Ended) -> Result<()> {
        let Some((misdeed, penalty)) = self.penalty(ended)? else { return Ok(()) };
        let Forfeit { to_victim, to_treasury } = self.matcher.forfeit(penalty);
        self.trader.obsc.credit(to_victim)?;
        self.books.obsc.earn(to_treasury)?;
        emit!(MatcherPenalised {
            matcher: self.matcher.key(),
            order: self.order.key(),
            misdeed,
            to_victim,
            to_treasury
        });
        Ok(())
    }

    /// An order that ended can cost the matcher nothing more, unless it was left out: that may have been
    /// against an acknowledgement.
    fn relieve_matcher(&mut self, ended: Ended) -> Result<()> {
        if self.batch.discharged || ended == Ended::NotRevealed {
            return Ok(());
        }
        let value = self.batch.params.lock_value(&self.order.lock()?)?;
        let left = self.batch.exposure.checked_sub(value).ok_or(ObscuraError::CorruptState)?;
        self.batch.exposure = left;
        self.matcher.relieve(value)
    }

    /// What was done to the order, and the micro-OBSC it costs. None once the matcher no longer answers for
    /// the batch.
    fn penalty(&self, ended: Ended) -> Result<Option<(Misdeed, u64)>> {
        let Batch { params, discharged, order_count, .. } = &**self.batch;
        if *discharged {
            return Ok(None);
        }
        Ok(match ended {
            Ended::Void if self.key_is_disabled()? => None,
            Ended::Void => {
                let share = params.void_penalty.checked_div(u64::from(*order_count));
                Some((Misdeed::VoidBatch, share.ok_or(ObscuraError::CorruptState)?))
            }
            Ended::OfferExpired if self.order.is_bid()? && self.order.leases == 0 => {
                Some((Misdeed::LeaseNotOpened, params.unopened_penalty))
            }
            _ => None,
        })
    }

    /// Of the void batch's smallest key: disabling it keeps a matcher from clearing.
    fn key_is_disabled(&self) -> Result<bool> {
        let key = self.verifying_key.as_ref().ok_or(ObscuraError::MissingVerifyingKey)?;
        require!(key.size == self.batch.smallest_size()?, ObscuraError::WrongVerifyingKey);
        Ok(key.disabled)
    }

    /// Last of the moves: where both places name the order's trader, the second becomes the first's copy.
    fn pay_cranker(&mut self, crank_pay: CrankPay, amount: u64) -> Result<()> {
        match (crank_pay, self.cranker_trader.as_mut()) {
            (CrankPay::Cranker, Some(named)) => return named.usdc.credit(amount),
            (CrankPay::OwnTrader, _) => self.trader.usdc.credit(amount)?,
            (CrankPay::Cranker | CrankPay::Treasury, _) => self.books.usdc.earn(amount)?,
        }
        if let Some(named) = self.cranker_trader.as_mut() {
            named.set_inner((**self.trader).clone());
        }
        Ok(())
    }

    /// Micro-USDC and micro-OBSC.
    fn held(&self, crank_pay: CrankPay) -> (u128, u128) {
        let cranker = match (crank_pay, self.cranker_trader.as_ref()) {
            (CrankPay::Cranker, Some(named)) => named.usdc.total(),
            _ => 0,
        };
        let usdc = self.trader.usdc.total() + cranker + u128::from(self.books.usdc.treasury);
        let obsc = self.trader.stake() + u128::from(self.books.obsc.treasury);
        (usdc, obsc + u128::from(self.matcher.bond))
    }
}
