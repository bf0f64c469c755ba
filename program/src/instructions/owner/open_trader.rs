//! Opens an owner's account in the program, empty. Source: SPEC section 10.

use anchor_lang::prelude::*;

use crate::constants::TRADER_SEED;
use crate::state::{Balance, Trader};

/// CAN: an owner, once, with anyone paying the rent. CANNOT: be opened for a key that did not sign.
#[derive(Accounts)]
pub struct OpenTrader<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub owner: Signer<'info>,
    #[account(
        init, payer = payer, space = 8 + Trader::INIT_SPACE,
        seeds = [TRADER_SEED, owner.key().as_ref()], bump,
    )]
    pub trader: Box<Account<'info, Trader>>,
    pub system_program: Program<'info, System>,
}

impl OpenTrader<'_> {
    pub fn run(ctx: Context<OpenTrader>) -> Result<()> {
        ctx.accounts.trader.set_inner(Trader {
            owner: ctx.accounts.owner.key(),
            usdc: Balance::default(),
            obsc: Balance::default(),
            bump: ctx.bumps.trader,
            delegate_epoch: 0,
            delegate: None,
        });
        Ok(())
    }
}
