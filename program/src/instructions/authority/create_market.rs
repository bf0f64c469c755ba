//! Opens the one market of a gpuType. It must never take a tag from its caller: the tag is computed from the
//! name, so a sealed order can belong to one market only. Source: SPEC sections 2, 4 and 10.

use anchor_lang::prelude::*;
use obscura_auction::batch_clock::BatchClock;
use obscura_auction::order::MarketTag;

use crate::clock::now;
use crate::constants::*;
use crate::errors::ObscuraError;
use crate::state::market::{market_seed, validate_gpu_type};
use crate::state::{Market, MarketParams, Settings, VerifyingKey};

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct CreateMarketArgs {
    pub gpu_type: String,
    /// Start of batch 0, seconds since the epoch, within a day of now.
    pub genesis: i64,
    pub batch_seconds: u32,
    pub clear_seconds: u32,
    pub matcher: Pubkey,
    pub params: MarketParams,
}

/// CAN: the authority, once per gpuType. CANNOT: open a market on a key that is not frozen, is disabled or
/// is of another size, or with a parameter out of bounds.
#[derive(Accounts)]
#[instruction(args: CreateMarketArgs)]
pub struct CreateMarket<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub authority: Signer<'info>,
    #[account(has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
    #[account(constraint = verifying_key.size == args.params.max_orders @ ObscuraError::WrongVerifyingKey)]
    pub verifying_key: Box<Account<'info, VerifyingKey>>,
    #[account(
        init, payer = payer, space = 8 + Market::INIT_SPACE,
        seeds = [MARKET_SEED, &market_seed(&args.gpu_type)], bump,
    )]
    pub market: Box<Account<'info, Market>>,
    pub system_program: Program<'info, System>,
}

impl CreateMarket<'_> {
    pub fn run(ctx: Context<CreateMarket>, args: CreateMarketArgs) -> Result<()> {
        ctx.accounts.validate(&args, now()?)?;
        let bump = ctx.bumps.market;
        ctx.accounts.apply(args, bump);
        Ok(())
    }

    fn validate(&self, args: &CreateMarketArgs, now: i64) -> Result<()> {
        self.verifying_key.require_usable()?;
        validate_gpu_type(&args.gpu_type)?;
        args.params.validate()?;
        let clear_fits = (MIN_CLEAR_SECONDS..=MAX_CLEAR_SECONDS).contains(&args.clear_seconds);
        require!(clear_fits, ObscuraError::ClearSecondsOutOfRange);
        BatchClock::new(args.genesis, args.batch_seconds, args.clear_seconds)
            .map_err(|_| ObscuraError::BatchSecondsOutOfRange)?;
        let distance = now.abs_diff(args.genesis);
        require_gte!(MAX_GENESIS_DISTANCE_SECONDS, distance, ObscuraError::GenesisTooFar);
        Ok(())
    }

    fn apply(&mut self, args: CreateMarketArgs, bump: u8) {
        let CreateMarketArgs { gpu_type, genesis, batch_seconds, clear_seconds, matcher, params } = args;
        self.market.set_inner(Market {
            tag: MarketTag::of(&gpu_type).get(),
            matcher,
            verifying_key: self.verifying_key.key(),
            genesis,
            batch_seconds,
            clear_seconds,
            params,
            bump,
            gpu_type,
        });
    }
}
