//! Makes a matcher pay for an order that it acknowledged and then left out of its clearing: dishonest match
//! reporting. It must never take a word that the matcher did not sign for this very order, nor twice.
//! Source: SPEC sections 11 and 12.

use anchor_lang::prelude::*;
use solana_sdk_ids::sysvar::instructions;

use crate::acknowledgement::{self, Acknowledged};
use crate::conservation;
use crate::errors::ObscuraError;
use crate::events::MatcherPenalised;
use crate::state::batch::bit;
use crate::state::{Batch, Books, Forfeit, Matcher, Misdeed, Order, Trader};

/// CAN: anyone, in the transaction whose instruction before checks the acknowledgement's signature, while the
/// matcher answers for the batch. CANNOT: use it for an included order, for a batch that is void or not
/// cleared, for another order, or twice.
#[derive(Accounts)]
pub struct SlashMatcher<'info> {
    pub batch: Box<Account<'info, Batch>>,
    #[account(
        mut,
        has_one = trader @ ObscuraError::WrongTrader,
        has_one = batch @ ObscuraError::WrongBatch,
    )]
    pub order: Box<Account<'info, Order>>,
    #[account(mut)]
    pub trader: Box<Account<'info, Trader>>,
    #[account(mut, constraint = matcher.key == batch.matcher @ ObscuraError::WrongMatcher)]
    pub matcher: Box<Account<'info, Matcher>>,
    #[account(mut)]
    pub books: Box<Account<'info, Books>>,
    /// CHECK: the sysvar, by its address.
    #[account(address = instructions::ID)]
    pub instructions: UncheckedAccount<'info>,
}

impl SlashMatcher<'_> {
    pub fn run(ctx: Context<SlashMatcher>) -> Result<()> {
        let accounts = ctx.accounts;
        accounts.validate()?;
        let before = accounts.held();
        let SlashMatcher { batch, order, trader, matcher, books, .. } = accounts;
        let lock_value = batch.params.lock_value(&order.lock()?)?;
        let penalty = lock_value.max(batch.params.omission_penalty);
        let Forfeit { to_victim, to_treasury } = matcher.forfeit(penalty);
        trader.obsc.credit(to_victim)?;
        books.obsc.earn(to_treasury)?;
        order.omission_paid = true;
        let misdeed = Misdeed::OrderOmitted;
        emit!(MatcherPenalised {
            matcher: matcher.key(),
            order: order.key(),
            misdeed,
            to_victim,
            to_treasury
        });
        conservation::require_unchanged(before, accounts.held())
    }

    fn validate(&self) -> Result<()> {
        require!(self.batch.cleared, ObscuraError::NotCleared);
        require!(!self.batch.discharged, ObscuraError::BatchDischarged);
        require!(!bit(&self.batch.included, self.order.index), ObscuraError::NotOmitted);
        require!(!self.order.omission_paid, ObscuraError::AlreadySlashed);
        let expected = Acknowledged {
            market: &self.batch.market,
            batch_index: self.batch.index,
            order: &self.order.key(),
            commit_hash: &self.order.commit_hash,
        };
        acknowledgement::require_signed(&self.instructions, &self.batch.matcher, &expected)
    }

    fn held(&self) -> u128 {
        self.trader.stake() + u128::from(self.matcher.bond) + u128::from(self.books.obsc.treasury)
    }
}
