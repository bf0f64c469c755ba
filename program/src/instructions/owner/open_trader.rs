//! Opens an owner's account in the program, empty. Source: SPEC section 10.

use anchor_lang::prelude::*;

use crate::constants::{TALLIES, TRADER_SEED};
use crate::events::TraderOpened;
use crate::site::Site;
use crate::state::{Balance, Tally, Trader};

/// CAN: an owner, once, with anyone paying the rent. CANNOT: be opened for a key that did not sign.
#[derive(Accounts)]
pub struct OpenTrader<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [TRADER_SEED, owner.key().as_ref()], bump)]
    pub trader: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

impl OpenTrader<'_> {
    pub fn run(ctx: Context<OpenTrader>) -> Result<()> {
        let OpenTrader { payer, owner, trader, .. } = ctx.accounts;
        let empty = Trader {
            owner: owner.key(),
            usdc: Balance::default(),
            obsc: Balance::default(),
            unstaking: 0,
            unstakes_at: 0,
            tallies: [Tally::default(); TALLIES],
            bump: ctx.bumps.trader,
            delegate_epoch: 0,
            delegate: None,
        };
        let seeds: &[&[u8]] = &[TRADER_SEED, owner.key.as_ref(), &[ctx.bumps.trader]];
        Site { payer, account: trader, seeds }.build(&empty)?;
        emit!(TraderOpened { trader: trader.key(), owner: owner.key() });
        Ok(())
    }
}
