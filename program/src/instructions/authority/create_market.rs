//! Opens the one market of a gpuType. It must never take a tag from its caller: the tag is computed from the
//! name, so a sealed order can belong to one market only. Source: SPEC sections 2, 4 and 10.

use anchor_lang::prelude::*;
use obscura_auction::batch_clock::BatchClock;
use obscura_auction::order::MarketTag;

use crate::clock::now;
use crate::constants::*;
use crate::errors::ObscuraError;
use crate::events::MarketCreated;
use crate::site::Site;
use crate::state::market::{market_seed, validate_gpu_type};
use crate::state::{Market, MarketTerms, Settings, VerifyingKey};

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct CreateMarketArgs {
    pub gpu_type: String,
    /// Start of batch 0, seconds since the epoch, within a day of now.
    pub genesis: i64,
    pub batch_seconds: u32,
    pub clear_seconds: u32,
    pub terms: MarketTerms,
}

/// CAN: the authority, once per gpuType. CANNOT: open a market while a key that its batches may need is
/// missing, not frozen or disabled, or with a parameter out of bounds.
#[derive(Accounts)]
#[instruction(args: CreateMarketArgs)]
pub struct CreateMarket<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub authority: Signer<'info>,
    #[account(has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [MARKET_SEED, &market_seed(&args.gpu_type)], bump)]
    pub market: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
    // Then the key accounts of every circuit size up to `maxOrders`, smallest first.
}

impl CreateMarket<'_> {
    pub fn run<'info>(ctx: Context<'info, CreateMarket<'info>>, args: CreateMarketArgs) -> Result<()> {
        validate(&args, now()?.seconds)?;
        validate_keys(ctx.remaining_accounts, args.terms.params.max_orders)?;
        let bump = ctx.bumps.market;
        let CreateMarket { payer, market, .. } = ctx.accounts;
        let seed = market_seed(&args.gpu_type);
        let seeds: &[&[u8]] = &[MARKET_SEED, &seed, &[bump]];
        Site { payer, account: market, seeds }.build(&*Box::new(new_market(args, bump)))?;
        emit!(MarketCreated { market: market.key() });
        Ok(())
    }
}

fn validate(args: &CreateMarketArgs, now: i64) -> Result<()> {
    validate_gpu_type(&args.gpu_type)?;
    args.terms.params.validate()?;
    let clear_fits = (MIN_CLEAR_SECONDS..=MAX_CLEAR_SECONDS).contains(&args.clear_seconds);
    require!(clear_fits, ObscuraError::ClearSecondsOutOfRange);
    BatchClock::new(args.genesis, args.batch_seconds, args.clear_seconds)
        .map_err(|_| ObscuraError::BatchSecondsOutOfRange)?;
    let distance = now.abs_diff(args.genesis);
    require_gte!(MAX_GENESIS_DISTANCE_SECONDS, distance, ObscuraError::GenesisTooFar);
    Ok(())
}

/// Whatever number of orders a batch gets, a key that can clear it is there, and final.
pub(super) fn validate_keys<'info>(keys: &'info [AccountInfo<'info>], max_orders: u16) -> Result<()> {
    let sizes = CIRCUIT_SIZES.iter().copied().take_while(|size| *size <= max_orders);
    require!(keys.len() == sizes.clone().count(), ObscuraError::MissingVerifyingKey);
    for (key, size) in keys.iter().zip(sizes) {
        let key = Box::new(Account::<VerifyingKey>::try_from(key)?);
        require!(key.size == size, ObscuraError::MissingVerifyingKey);
        key.require_usable()?;
    }
    Ok(())
}

fn new_market(args: CreateMarketArgs, bump: u8) -> Market {
    let CreateMarketArgs { gpu_type, genesis, batch_seconds, clear_seconds, terms } = args;
    let tag = MarketTag::of(&gpu_type).get();
    Market { tag, genesis, batch_seconds, clear_seconds, terms, next: None, bump, gpu_type }
}
