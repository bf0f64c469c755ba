//! A matcher stops taking commits, so that the batches it answers for run out and its bond can leave; or takes
//! them again. It must never end a duty that it has. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;
use crate::events::MatcherRetiring;
use crate::state::Matcher;

/// CAN: the matcher's key. CANNOT: anybody else.
#[derive(Accounts)]
pub struct RetireMatcher<'info> {
    pub key: Signer<'info>,
    #[account(mut, has_one = key @ ObscuraError::WrongMatcher)]
    pub matcher: Box<Account<'info, Matcher>>,
}

impl RetireMatcher<'_> {
    pub fn run(ctx: Context<RetireMatcher>, retired: bool) -> Result<()> {
        let matcher = &mut ctx.accounts.matcher;
        matcher.retired = retired;
        emit!(MatcherRetiring { matcher: matcher.key(), retired });
        Ok(())
    }
}
