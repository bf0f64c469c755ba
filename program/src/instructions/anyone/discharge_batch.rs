//! Takes a batch that is over out of what its matcher answers for. It must never do so before everyone had
//! the time to show that the matcher went wrong. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::BatchDischarged;
use crate::state::{Batch, Matcher};

/// CAN: anyone, once per batch, ten minutes after its last deadline for the matcher. CANNOT: earlier; twice;
/// for another matcher.
#[derive(Accounts)]
pub struct DischargeBatch<'info> {
    #[account(mut)]
    pub batch: Box<Account<'info, Batch>>,
    #[account(mut, constraint = matcher.key == batch.matcher @ ObscuraError::WrongMatcher)]
    pub matcher: Box<Account<'info, Matcher>>,
}

impl DischargeBatch<'_> {
    pub fn run(ctx: Context<DischargeBatch>) -> Result<()> {
        let DischargeBatch { batch, matcher } = ctx.accounts;
        require!(!batch.discharged, ObscuraError::BatchDischarged);
        require!(batch.answered_for_until()?.is_past(now()?), ObscuraError::BatchNotOver);
        matcher.relieve(batch.exposure)?;
        matcher.end_batch()?;
        batch.exposure = 0;
        batch.discharged = true;
        emit!(BatchDischarged { batch: batch.key(), matcher: matcher.key() });
        Ok(())
    }
}
