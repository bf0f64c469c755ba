//! Stops a key that turned out to be unsound. Batches that it has not cleared go void and everything in them
//! is refunded; it must never touch a cleared one, and nothing can undo it. Source: SPEC sections 9 and 10.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;
use crate::events::VerifyingKeyDisabled;
use crate::state::{Settings, VerifyingKey};

/// CAN: the authority, once, also while paused. CANNOT: enable a key again.
#[derive(Accounts)]
pub struct DisableVerifyingKey<'info> {
    pub authority: Signer<'info>,
    #[account(has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
    #[account(mut)]
    pub verifying_key: Box<Account<'info, VerifyingKey>>,
}

impl DisableVerifyingKey<'_> {
    pub fn run(ctx: Context<DisableVerifyingKey>) -> Result<()> {
        let key = &mut ctx.accounts.verifying_key;
        require!(!key.disabled, ObscuraError::KeyDisabled);
        key.disabled = true;
        emit!(VerifyingKeyDisabled { size: key.size });
        Ok(())
    }
}
