//! Publishes what an owner offers, once; `update_provider` changes it. Source: SPEC sections 10 and 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::constants::PROVIDER_SEED;
use crate::errors::ObscuraError;
use crate::events::ProviderRegistered;
use crate::site::Site;
use crate::state::provider::ProviderArgs;
use crate::state::{Provider, Trader};

/// CAN: the owner of a trader account, once, with anyone paying the rent. CANNOT: a delegate; a key that has
/// no trader account, and so could never lock a stake.
#[derive(Accounts)]
pub struct RegisterProvider<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(has_one = owner @ ObscuraError::WrongTrader)]
    pub trader: Box<Account<'info, Trader>>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [PROVIDER_SEED, owner.key().as_ref()], bump)]
    pub provider: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

impl RegisterProvider<'_> {
    pub fn run(ctx: Context<RegisterProvider>, args: ProviderArgs) -> Result<()> {
        args.validate()?;
        let now = now()?.seconds;
        let RegisterProvider { payer, owner, provider, .. } = ctx.accounts;
        let bump = ctx.bumps.provider;
        let ProviderArgs { host_key, hardware_hash, capacity, label } = args;
        let registered = Box::new(Provider {
            owner: owner.key(),
            host_key,
            hardware_hash,
            capacity,
            registered_at: now,
            updated_at: now,
            bump,
            label,
        });
        let seeds: &[&[u8]] = &[PROVIDER_SEED, owner.key.as_ref(), &[bump]];
        Site { payer, account: provider, seeds }.build(&*registered)?;
        emit!(ProviderRegistered { provider: provider.key(), owner: owner.key() });
        Ok(())
    }
}
