//! Replaces what a provider says about itself. Running leases do not change by it. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::ProviderUpdated;
use crate::state::provider::ProviderArgs;
use crate::state::Provider;

/// CAN: the owner. CANNOT: a delegate; change the owner.
#[derive(Accounts)]
pub struct UpdateProvider<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ ObscuraError::WrongProvider)]
    pub provider: Box<Account<'info, Provider>>,
}

impl UpdateProvider<'_> {
    pub fn run(ctx: Context<UpdateProvider>, args: ProviderArgs) -> Result<()> {
        args.validate()?;
        let provider = &mut ctx.accounts.provider;
        provider.describe(args, now()?.seconds);
        emit!(ProviderUpdated { provider: provider.key(), owner: provider.owner });
        Ok(())
    }
}
