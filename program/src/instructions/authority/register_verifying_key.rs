//! Puts a circuit's verifying key on chain. It must never replace one. Source: SPEC sections 9 and 10.

use anchor_lang::prelude::*;

use crate::constants::*;
use crate::errors::ObscuraError;
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
    #[account(
        init, payer = payer, space = 8 + VerifyingKey::INIT_SPACE,
        seeds = [VERIFYING_KEY_SEED, &size.to_le_bytes()], bump,
    )]
    pub verifying_key: Box<Account<'info, VerifyingKey>>,
    pub system_program: Program<'info, System>,
}

impl RegisterVerifyingKey<'_> {
    pub fn run(ctx: Context<RegisterVerifyingKey>, size: u16, points: KeyPoints) -> Result<()> {
        ctx.accounts.validate(size, &points)?;
        let fingerprint = points.fingerprint();
        let key = &mut ctx.accounts.verifying_key;
        key.size = size;
        key.points = points;
        key.fingerprint = fingerprint;
        key.bump = ctx.bumps.verifying_key;
        Ok(())
    }

    fn validate(&self, size: u16, points: &KeyPoints) -> Result<()> {
        require!(CIRCUIT_SIZES.contains(&size), ObscuraError::UnknownCircuitSize);
        let development = DEVELOPMENT_KEY_ORIGINS.contains(&points.origin());
        require!(self.settings.allow_dev_keys || !development, ObscuraError::DevelopmentKey);
        Ok(())
    }
}
