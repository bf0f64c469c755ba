//! Declares a registered key final, after everyone could compare its fingerprint with the circuit's. Markets
//! open on frozen keys only, and nothing can undo it. Source: SPEC sections 9 and 10.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;
use crate::events::VerifyingKeyFrozen;
use crate::state::{Settings, VerifyingKey};

/// CAN: the authority, once. CANNOT: freeze a key that was disabled before.
#[derive(Accounts)]
pub struct FreezeVerifyingKey<'info> {
    pub authority: Signer<'info>,
    #[account(has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
    #[account(mut)]
    pub verifying_key: Box<Account<'info, VerifyingKey>>,
}

impl FreezeVerifyingKey<'_> {
    pub fn run(ctx: Context<FreezeVerifyingKey>) -> Result<()> {
        let key = &mut ctx.accounts.verifying_key;
        require!(!key.disabled, ObscuraError::KeyDisabled);
        require!(!key.frozen, ObscuraError::KeyAlreadyFrozen);
        key.frozen = true;
        emit!(VerifyingKeyFrozen { size: key.size });
        Ok(())
    }
}
