//! The proposed key becomes the authority; the one before has no power from then on. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;
use crate::events::AuthorityChanged;
use crate::state::Settings;

/// CAN: the key that the authority proposed, once. CANNOT: anybody else.
#[derive(Accounts)]
pub struct AcceptAuthority<'info> {
    pub proposed: Signer<'info>,
    #[account(mut)]
    pub settings: Box<Account<'info, Settings>>,
}

impl AcceptAuthority<'_> {
    pub fn run(ctx: Context<AcceptAuthority>) -> Result<()> {
        let AcceptAuthority { proposed, settings } = ctx.accounts;
        require!(settings.proposed_authority == Some(proposed.key()), ObscuraError::NotProposedAuthority);
        settings.authority = proposed.key();
        settings.proposed_authority = None;
        emit!(AuthorityChanged { authority: settings.authority });
        Ok(())
    }
}
