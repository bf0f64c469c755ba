//! Stops new commits, or lets them through again. It must never stop a refund, a reveal, a withdrawal or a
//! revocation: what is in the program can always leave. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;
use crate::events::PauseSet;
use crate::state::Settings;

/// CAN: the authority. CANNOT: affect anything but `commit`.
#[derive(Accounts)]
pub struct SetPaused<'info> {
    pub authority: Signer<'info>,
    #[account(mut, has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
}

impl SetPaused<'_> {
    pub fn run(ctx: Context<SetPaused>, paused: bool) -> Result<()> {
        ctx.accounts.settings.paused = paused;
        emit!(PauseSet { paused });
        Ok(())
    }
}
