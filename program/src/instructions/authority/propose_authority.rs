//! Names who may become the authority; nothing changes until that key accepts, so that a mistyped key cannot
//! take the program over. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;
use crate::events::AuthorityProposed;
use crate::state::Settings;

/// CAN: the authority; `None` takes a proposal back. CANNOT: give the authority away at once.
#[derive(Accounts)]
pub struct ProposeAuthority<'info> {
    pub authority: Signer<'info>,
    #[account(mut, has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
}

impl ProposeAuthority<'_> {
    pub fn run(ctx: Context<ProposeAuthority>, proposed: Option<Pubkey>) -> Result<()> {
        ctx.accounts.settings.proposed_authority = proposed;
        emit!(AuthorityProposed { proposed });
        Ok(())
    }
}
