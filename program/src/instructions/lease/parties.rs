//! The accounts of every instruction on a lease, and the moves they share: payment out of the bid's lock, a
//! slash of the ask's stake, a challenge's deposit. It must never pay before the terms were opened, and never
//! count one trader twice where a key trades with itself. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::conservation;
use crate::constants::PERMISSION_LEASE;
use crate::errors::ObscuraError;
use crate::events::{LeaseClosed, TermsShown};
use crate::state::lease::{OpenedTerms, Payment};
use crate::state::{Batch, Books, Caller, CloseReason, Lease, Moment, Order, Trader};

/// Where buyer and provider are one trader, both places name it: every move is made in the buyer's copy, and
/// the provider's becomes equal to it before either is written back.
#[derive(Accounts)]
pub struct LeaseParties<'info> {
    pub signer: Signer<'info>,
    pub batch: Box<Account<'info, Batch>>,
    #[account(
        mut,
        has_one = batch @ ObscuraError::WrongBatch,
        has_one = bid_order @ ObscuraError::WrongOrder,
        has_one = ask_order @ ObscuraError::WrongOrder,
    )]
    pub lease: Box<Account<'info, Lease>>,
    #[account(mut)]
    pub bid_order: Box<Account<'info, Order>>,
    #[account(mut)]
    pub ask_order: Box<Account<'info, Order>>,
    #[account(mut, constraint = buyer_trader.key() == bid_order.trader @ ObscuraError::WrongTrader)]
    pub buyer_trader: Box<Account<'info, Trader>>,
    #[account(mut, dup, constraint = provider_trader.key() == ask_order.trader @ ObscuraError::WrongTrader)]
    pub provider_trader: Box<Account<'info, Trader>>,
    #[account(mut)]
    pub books: Box<Account<'info, Books>>,
}

/// Micro-USDC and micro-OBSC.
type Held = (u128, u128);

impl<'info> LeaseParties<'info> {
    pub(super) fn authorise_buyer(&self, now: Moment) -> Result<Caller> {
        self.buyer_trader.authorise(self.signer.key, PERMISSION_LEASE, now.seconds)
    }

    pub(super) fn authorise_provider(&self, now: Moment) -> Result<Caller> {
        self.provider_trader.authorise(self.signer.key, PERMISSION_LEASE, now.seconds)
    }

    /// The first second after the term of `terms`.
    pub(super) fn term_ends(&self, terms: &OpenedTerms) -> Result<i64> {
        let starts = self.lease.term_starts(&self.bid_order, &self.batch.params)?;
        let ends = starts.checked_add(i64::from(terms.duration.get()));
        ends.ok_or_else(|| error!(ObscuraError::Overflow))
    }

    /// Keeps opened terms, and counts in both orders what they need.
    pub(super) fn show(&mut self, terms: &OpenedTerms) -> Result<()> {
        self.bid_order.show_one(self.lease.whole_payment(terms)?.amount)?;
        self.ask_order.show_one(u64::from(terms.qty.get()))?;
        self.lease.keep_terms(terms);
        let (qty, duration) = (terms.qty.get(), terms.duration.get());
        emit!(TermsShown { lease: self.lease.key(), qty, duration });
        Ok(())
    }

    /// Pays, slashes, gives an open challenge's deposit back, closes the lease, and checks that nothing was
    /// made or lost. `terms` are kept in the lease where they were opened.
    pub(super) fn close(
        &mut self,
        reason: CloseReason,
        terms: Option<&OpenedTerms>,
        payment: &Payment,
        slash: u64,
        now: Moment,
    ) -> Result<()> {
        let before = self.held();
        self.return_deposit()?;
        self.pay(payment)?;
        let slashed = self.slash(slash)?;
        self.close_in_orders(payment)?;
        if let Some(terms) = terms {
            self.lease.keep_terms(terms);
        }
        self.lease.end(reason, payment, slashed, now);
        self.finish();
        let fault = reason.fault();
        emit!(LeaseClosed { lease: self.lease.key(), reason, fault, amount: payment.amount, slashed });
        conservation::require_unchanged(before, self.held())
    }

    fn close_in_orders(&mut self, payment: &Payment) -> Result<()> {
        let shown = self.lease.shown_terms()?;
        let amount = shown.map(|terms| self.lease.whole_payment(&terms)).transpose()?;
        self.bid_order.close_one(payment.amount, amount.map(|whole| whole.amount))?;
        self.ask_order.close_one(payment.payout, shown.map(|terms| u64::from(terms.qty.get())))
    }

    fn pay(&mut self, payment: &Payment) -> Result<()> {
        require_gte!(self.bid_order.unspent()?, payment.amount, ObscuraError::AmountExceedsLock);
        self.buyer_trader.usdc.take_locked(payment.amount)?;
        self.books.usdc.earn(payment.fee)?;
        self.provider_mut().usdc.credit(payment.payout)
    }

    /// Moves up to `slash` micro-OBSC from the stake behind the ask to the treasury.
    fn slash(&mut self, slash: u64) -> Result<u64> {
        let taken = self.ask_order.slash(slash)?;
        self.provider_mut().obsc.take_locked(taken)?;
        self.books.obsc.earn(taken)?;
        Ok(taken)
    }

    /// A challenge that was not answered costs the buyer nothing.
    fn return_deposit(&mut self) -> Result<()> {
        let Some(challenge) = self.lease.challenge.take() else { return Ok(()) };
        self.buyer_trader.usdc.unlock(challenge.deposit)?;
        self.buyer_trader.restore_caps(challenge.delegate_epoch, challenge.deposit, 0);
        Ok(())
    }

    pub(super) fn provider_mut(&mut self) -> &mut Trader {
        if self.is_self_trade() {
            &mut self.buyer_trader
        } else {
            &mut self.provider_trader
        }
    }

    /// After the last move: both places of one trader hold the same.
    pub(super) fn finish(&mut self) {
        if self.is_self_trade() {
            self.provider_trader.set_inner((**self.buyer_trader).clone());
        }
    }

    fn is_self_trade(&self) -> bool {
        self.buyer_trader.key() == self.provider_trader.key()
    }

    pub(super) fn held(&self) -> Held {
        let mut held = (u128::from(self.books.usdc.treasury), u128::from(self.books.obsc.treasury));
        let provider = Some(&self.provider_trader).filter(|_| !self.is_self_trade());
        for trader in [Some(&self.buyer_trader), provider].into_iter().flatten() {
            held.0 += trader.usdc.total();
            held.1 += trader.stake();
        }
        held
    }
}
