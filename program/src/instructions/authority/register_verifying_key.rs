//! Puts a circuit's verifying key on chain. It must never replace one. Source: SPEC sections 9 and 10.

use anchor_lang::prelude::*;

use crate::constants::*;
use crate::errors::ObscuraError;
use crate::events::VerifyingKeyRegistered;
use crate::site::Site;
use crate::state::verifying_key::KeyPoints;
use crate::state::{Settings, VerifyingKey};

/// CAN: the authority, once per circuit size. CANNOT: overwrite a key, register one for a size without a
/// circuit, or a development key unless the settings allow those.
#[derive(Accounts)]
#[instruction(size: u16)]
pub struct RegisterVerifyingKey<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub authority: Signer<'info>,
    #[account(has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [VERIFYING_KEY_SEED, &size.to_le_bytes()], bump)]
    pub verifying_key: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

impl RegisterVerifyingKey<'_> {
    pub fn run(ctx: Context<RegisterVerifyingKey>, size: u16, points: KeyPoints) -> Result<()> {
        ctx.accounts.validate(size, &points)?;
        let RegisterVerifyingKey { payer, verifying_key, .. } = ctx.accounts;
        let bump = ctx.bumps.verifying_key;
        let fingerprint = points.fingerprint();
        let key = Box::new(VerifyingKey { size, points, fingerprint, frozen: false, disabled: false, bump });
        let seeds: &[&[u8]] = &[VERIFYING_KEY_SEED, &size.to_le_bytes(), &[bump]];
        Site { payer, account: verifying_key, seeds }.build(&*key)?;
        emit!(VerifyingKeyRegistered { size, fingerprint });
        Ok(())
    }

    fn validate(&self, size: u16, points: &KeyPoints) -> Result<()> {
        require!(CIRCUIT_SIZES.contains(&size), ObscuraError::UnknownCircuitSize);
        let development = DEVELOPMENT_KEY_ORIGINS.contains(&points.origin());
        require!(self.settings.allow_dev_keys || !development, ObscuraError::DevelopmentKey);
        Ok(())
    }
}
