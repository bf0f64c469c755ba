//! Puts a matcher's own OBSC behind its markets. The bond must never come from anybody else's account: it is
//! what the matcher itself stands to lose. Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;

use crate::conservation;
use crate::constants::MATCHER_SEED;
use crate::errors::ObscuraError;
use crate::events::MatcherBonded;
use crate::site::Site;
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
    /// CHECK: made or read here; its address is its seeds.
    #[account(mut, seeds = [MATCHER_SEED, key.key().as_ref()], bump)]
    pub matcher: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

impl BondMatcher<'_> {
    pub fn run(ctx: Context<BondMatcher>, amount: u64) -> Result<()> {
        require!(amount > 0, ObscuraError::ZeroAmount);
        let BondMatcher { payer, key, trader, matcher: account, .. } = ctx.accounts;
        let bump = ctx.bumps.matcher;
        let seeds: &[&[u8]] = &[MATCHER_SEED, key.key.as_ref(), &[bump]];
        let site = Site { payer, account, seeds };
        if site.is_empty() {
            site.build(&Matcher {
                key: key.key(),
                bond: 0,
                exposure: 0,
                open_batches: 0,
                retired: false,
                bump,
            })?;
        }
        let mut matcher: Matcher = site.read()?;
        let before = trader.obsc.total() + u128::from(matcher.bond);
        trader.obsc.debit(amount)?;
        matcher.add(amount)?;
        site.write(&matcher)?;
        emit!(MatcherBonded { matcher: account.key(), amount, bond: matcher.bond });
        conservation::require_unchanged(before, trader.obsc.total() + u128::from(matcher.bond))
    }
}
