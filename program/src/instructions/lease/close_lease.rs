//! What both closes of a running lease share: the accounts, and the payment out of the bid's lock. It must
//! never pay before the terms were opened, and never count one trader twice where a key trades with itself.
//! Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::conservation;
use crate::errors::ObscuraError;
use crate::events::LeaseClosed;
use crate::state::lease::{LeaseTerms, Payment};
use crate::state::{Books, CloseReason, Lease, Order, Trader};

/// Where buyer and provider are one trader, both places name it: the payment moves within the buyer's copy,
/// and the provider's becomes equal to it before either is written back.
#[derive(Accounts)]
pub struct CloseLease<'info> {
    pub authority: Signer<'info>,
    #[account(
        mut,
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

impl CloseLease<'_> {
    /// Checks that the terms are the lease's and that the bid's lock still covers them.
    pub(super) fn open_terms(&self, terms: &LeaseTerms) -> Result<Payment> {
        self.lease.require_active()?;
        let payment = self.lease.open_terms(terms)?;
        require_gte!(self.bid_order.unspent()?, payment.amount, ObscuraError::AmountExceedsLock);
        Ok(payment)
    }

    /// Pays, closes the lease, and checks that nothing was made or lost.
    pub(super) fn settle(
        &mut self,
        terms: &LeaseTerms,
        payment: &Payment,
        reason: CloseReason,
        now: i64,
    ) -> Result<()> {
        let before = self.held();
        self.pay(payment)?;
        self.bid_order.close_one(payment.amount)?;
        self.ask_order.close_one(payment.payout)?;
        self.lease.close_paid(terms, payment, reason, now);
        emit!(LeaseClosed { lease: self.lease.key(), reason, amount: payment.amount });
        conservation::require_unchanged(before, self.held())
    }

    fn pay(&mut self, payment: &Payment) -> Result<()> {
        self.buyer_trader.usdc.take_locked(payment.amount)?;
        self.books.usdc.earn(payment.fee)?;
        if self.is_self_trade() {
            self.buyer_trader.usdc.credit(payment.payout)?;
            self.provider_trader.set_inner((**self.buyer_trader).clone());
            return Ok(());
        }
        self.provider_trader.usdc.credit(payment.payout)
    }

    fn is_self_trade(&self) -> bool {
        self.buyer_trader.key() == self.provider_trader.key()
    }

    fn held(&self) -> u128 {
        let provider = if self.is_self_trade() { 0 } else { self.provider_trader.usdc.total() };
        self.buyer_trader.usdc.total() + provider + u128::from(self.books.usdc.treasury)
    }
}
