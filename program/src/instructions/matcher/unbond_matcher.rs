//! Gives a bond back. It must never do so while a batch that took commits under the bond can still go wrong.
//! Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;

use crate::conservation;
use crate::errors::ObscuraError;
use crate::events::MatcherUnbonded;
use crate::state::{Matcher, Trader};

/// CAN: the matcher's key, back to the trader account of that key, once every batch it answered for is discharged.
/// CANNOT: before; more than the bond.
#[derive(Accounts)]
pub struct UnbondMatcher<'info> {
    pub key: Signer<'info>,
    #[account(mut, constraint = trader.owner == key.key() @ ObscuraError::WrongTrader)]
    pub trader: Box<Account<'info, Trader>>,
    #[account(mut, has_one = key @ ObscuraError::WrongMatcher)]
    pub matcher: Box<Account<'info, Matcher>>,
}

impl UnbondMatcher<'_> {
    pub fn run(ctx: Context<UnbondMatcher>, amount: u64) -> Result<()> {
        require!(amount > 0, ObscuraError::ZeroAmount);
        require!(ctx.accounts.matcher.open_batches == 0, ObscuraError::BondExposed);
        let before = ctx.accounts.held();
        ctx.accounts.matcher.take(amount)?;
        ctx.accounts.trader.obsc.credit(amount)?;
        let matcher = &ctx.accounts.matcher;
        emit!(MatcherUnbonded { matcher: matcher.key(), amount, bond: matcher.bond });
        conservation::require_unchanged(before, ctx.accounts.held())
    }

    fn held(&self) -> u128 {
        self.trader.obsc.total() + u128::from(self.matcher.bond)
    }
}
