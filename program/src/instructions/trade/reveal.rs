//! Opens an order in public and forces it into the clearing: the answer to a matcher that ignores a trader.
//! It must never force an order that the circuit could not include, so it asks the one predicate that the
//! circuit proves. Source: SPEC sections 9 and 11.

use anchor_lang::prelude::*;
use obscura_auction::admissible::{admissible, Inadmissible};
use obscura_auction::hashing;
use obscura_auction::order::{self, MarketTag};
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};

use crate::clock::now;
use crate::constants::PERMISSION_TRADE;
use crate::errors::ObscuraError;
use crate::events::OrderRevealed;
use crate::poseidon::SyscallPoseidon;
use crate::state::batch::{bit, set_bit};
use crate::state::{Batch, Moment, Order, PublicOpening, Trader};

/// CAN: the owner, or its delegate with TRADE, once, in the reveal window, also while paused. CANNOT: reveal
/// for another trader, before the commits of the batch ended, or something else than was committed.
#[derive(Accounts)]
pub struct Reveal<'info> {
    pub authority: Signer<'info>,
    pub trader: Box<Account<'info, Trader>>,
    #[account(
        mut,
        has_one = trader @ ObscuraError::WrongTrader,
        has_one = batch @ ObscuraError::WrongBatch,
    )]
    pub order: Box<Account<'info, Order>>,
    #[account(mut)]
    pub batch: Box<Account<'info, Batch>>,
}

impl Reveal<'_> {
    pub fn run(ctx: Context<Reveal>, opening: PublicOpening) -> Result<()> {
        ctx.accounts.validate(&opening, now()?)?;
        let (order, batch) = (&mut ctx.accounts.order, &mut ctx.accounts.batch);
        order.public_opening = Some(opening);
        set_bit(&mut batch.forced, order.index)?;
        emit!(OrderRevealed { order: order.key(), batch: batch.key() });
        Ok(())
    }

    fn validate(&self, opening: &PublicOpening, now: Moment) -> Result<()> {
        self.trader.authorise(&self.authority.key(), PERMISSION_TRADE, now.seconds)?;
        require!(self.batch.phase(now)?.accepts_reveals(), ObscuraError::NotRevealPhase);
        require!(!bit(&self.batch.forced, self.order.index), ObscuraError::AlreadyRevealed);
        let opened = self.opened_order(opening)?;
        let owner = self.order.owner.to_bytes();
        let hash = hashing::commit_hash::<SyscallPoseidon>(&opened, owner, opening.secret)?;
        require!(hash == self.order.commit_hash, ObscuraError::HashMismatch);
        admissible(&opened, &self.batch.rules()?, self.order.lock()?).map_err(refusal)
    }

    fn opened_order(&self, opening: &PublicOpening) -> Result<order::Order> {
        let gpus = |count| Gpus::new(count).map_err(|_| error!(ObscuraError::OpeningOutOfRange));
        Ok(order::Order {
            side: self.order.side()?,
            market: MarketTag::from_u64(self.batch.tag),
            price: PriceMicro::new(opening.price_micro).map_err(|_| ObscuraError::OpeningOutOfRange)?,
            qty: gpus(opening.qty)?,
            min_qty: gpus(opening.min_qty)?,
            duration: DurationSeconds::new(opening.duration).map_err(|_| ObscuraError::OpeningOutOfRange)?,
        })
    }
}

/// The market and the side come from accounts here, so they cannot differ.
fn refusal(reason: Inadmissible) -> Error {
    match reason {
        Inadmissible::OtherMarket { .. } | Inadmissible::OtherSide { .. } => {
            error!(ObscuraError::CorruptState)
        }
        Inadmissible::MinQtyAboveQty { .. } => error!(ObscuraError::MinQtyAboveQty),
        Inadmissible::BidTooShort { .. } => error!(ObscuraError::BidTooShort),
        Inadmissible::BidTooLong { .. } => error!(ObscuraError::BidTooLong),
        Inadmissible::CollateralTooSmall { .. } => error!(ObscuraError::CollateralTooSmall),
        Inadmissible::AskNotDivisible { .. } => error!(ObscuraError::AskNotDivisible),
        Inadmissible::AskTooShort { .. } => error!(ObscuraError::AskTooShort),
        Inadmissible::CapacityTooSmall { .. } => error!(ObscuraError::CapacityTooSmall),
    }
}
