//! Puts a matcher's own OBSC behind its markets. The bond must never come from anybody else's account: it is
//! what the matcher itself stands to lose. Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;

use crate::conservation;
use crate::constants::MATCHER_SEED;
use crate::errors::ObscuraError;
use crate::state::{Matcher, Trader};

/// CAN: a matcher's key, from the available OBSC of the trader account of that same key. CANNOT: bond for
/// another key, or more than is available.
#[derive(Accounts)]
pub struct BondMatcher<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub key: Signer<'info>,
    #[account(mut, constraint = trader.owner == key.key() @ ObscuraError::WrongTrader)]
    pub trader: Box<Account<'info, Trader>>,
    /// Never closed, so never made a second time: a later bond adds to it.
    #[account(
        init_if_needed, payer = payer, space = 8 + Matcher::INIT_SPACE,
        seeds = [MATCHER_SEED, key.key().as_ref()], bump,
    )]
    pub matcher: Box<Account<'info, Matcher>>,
    pub system_program: Program<'info, System>,
}

impl BondMatcher<'_> {
    pub fn run(ctx: Context<BondMatcher>, amount: u64) -> Result<()> {
        require!(amount > 0, ObscuraError::ZeroAmount);
        let before = ctx.accounts.held();
        let bump = ctx.bumps.matcher;
        ctx.accounts.apply(amount, bump)?;
        conservation::require_unchanged(before, ctx.accounts.held())
    }

    fn apply(&mut self, amount: u64, bump: u8) -> Result<()> {
        self.matcher.key = self.key.key();
        self.matcher.bump = bump;
        self.trader.obsc.debit(amount)?;
        self.matcher.add(amount)
    }

    fn held(&self) -> u128 {
        self.trader.obsc.total() + u128::from(self.matcher.bond)
    }
}
