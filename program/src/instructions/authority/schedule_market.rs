//! Changes a market's matcher and parameters from a later batch on. It must never change a batch that takes
//! orders, nor one whose orders could be sealed under other rules than they meet. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::create_market::validate_keys;
use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::MarketScheduled;
use crate::state::market::NextTerms;
use crate::state::{Market, MarketTerms, Settings};

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug)]
pub struct ScheduleMarketArgs {
    /// The first batch under the new terms: later than the one that runs.
    pub from_batch: u64,
    pub terms: MarketTerms,
}

/// CAN: the authority; a change that has not begun is replaced. CANNOT: touch a batch that runs or ran; set a
/// parameter out of bounds; need a key that is missing, not frozen or disabled.
#[derive(Accounts)]
pub struct ScheduleMarket<'info> {
    pub authority: Signer<'info>,
    #[account(has_one = authority @ ObscuraError::NotAuthority)]
    pub settings: Box<Account<'info, Settings>>,
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    // Then the key accounts of every circuit size up to `maxOrders`, smallest first.
}

impl ScheduleMarket<'_> {
    pub fn run<'info>(ctx: Context<'info, ScheduleMarket<'info>>, args: ScheduleMarketArgs) -> Result<()> {
        let ScheduleMarketArgs { from_batch, terms } = args;
        terms.params.validate()?;
        validate_keys(ctx.remaining_accounts, terms.params.max_orders)?;
        let market = &mut ctx.accounts.market;
        let running = market.clock()?.index_at(now()?.seconds);
        require!(running.is_none_or(|running| from_batch > running), ObscuraError::NotLaterBatch);
        market.terms = market.terms_at(running.unwrap_or(0));
        market.next = Some(NextTerms { from_batch, terms });
        emit!(MarketScheduled { market: market.key(), from_batch, matcher: terms.matcher });
        Ok(())
    }
}
