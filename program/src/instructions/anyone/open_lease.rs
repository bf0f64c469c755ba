//! Opens one row of a cleared batch as a lease. It must never need the buyer, the provider or the matcher:
//! whoever has the path may send it. Source: SPEC sections 8 and 11.

use anchor_lang::prelude::*;
use obscura_auction::encoding::packed_row;
use obscura_auction::order::Side;

use crate::clock::now;
use crate::constants::LEASE_SEED;
use crate::errors::ObscuraError;
use crate::events::LeaseOpened;
use crate::site::Site;
use crate::state::batch::bit;
use crate::state::{Batch, CloseReason, Fault, Lease, LeaseState, Moment, Order};

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct OpenLeaseArgs {
    pub row: u16,
    pub terms_hash: [u8; 32],
    /// Siblings from the row to the root; the length is fixed by the size of the circuit that cleared the batch.
    pub path: Vec<[u8; 32]>,
}

/// CAN: anyone, once per row, before the end of settlement. CANNOT: open what the leases root does not hold,
/// or name other orders than the row's.
#[derive(Accounts)]
#[instruction(args: OpenLeaseArgs)]
pub struct OpenLease<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut)]
    pub batch: Box<Account<'info, Batch>>,
    #[account(mut, has_one = batch @ ObscuraError::WrongBatch)]
    pub bid_order: Box<Account<'info, Order>>,
    #[account(mut, has_one = batch @ ObscuraError::WrongBatch)]
    pub ask_order: Box<Account<'info, Order>>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [LEASE_SEED, batch.key().as_ref(), &args.row.to_le_bytes()], bump)]
    pub lease: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

impl OpenLease<'_> {
    pub fn run(ctx: Context<OpenLease>, args: OpenLeaseArgs) -> Result<()> {
        let now = now()?;
        ctx.accounts.validate(&args, now)?;
        let bump = ctx.bumps.lease;
        ctx.accounts.apply(&args, now, bump)
    }

    fn validate(&self, args: &OpenLeaseArgs, now: Moment) -> Result<()> {
        require!(self.batch.cleared, ObscuraError::NotCleared);
        require!(!self.batch.settles_until.is_past(now), ObscuraError::SettlementOver);
        require_gt!(self.batch.row_count, args.row, ObscuraError::RowOutOfRange);
        self.validate_order(&self.bid_order, Side::Bid)?;
        self.validate_order(&self.ask_order, Side::Ask)?;
        let row = packed_row(self.bid_order.index, self.ask_order.index);
        self.batch.require_row(args.row, (row, args.terms_hash), &args.path)
    }

    fn validate_order(&self, order: &Order, side: Side) -> Result<()> {
        require!(order.side()? == side, ObscuraError::WrongSide);
        require!(bit(&self.batch.filled, order.index), ObscuraError::NotFilled);
        order.require_live()
    }

    fn apply(&mut self, args: &OpenLeaseArgs, now: Moment, bump: u8) -> Result<()> {
        self.batch.rows_opened = self.batch.rows_opened.checked_add(1).ok_or(ObscuraError::Overflow)?;
        let accept_by = self.batch.accept_by()?;
        self.bid_order.open_one(accept_by)?;
        self.ask_order.open_one(accept_by)?;
        let lease = Box::new(self.new_lease(args, now.seconds, accept_by, bump));
        let seeds: &[&[u8]] =
            &[LEASE_SEED, self.batch.to_account_info().key.as_ref(), &args.row.to_le_bytes(), &[bump]];
        Site { payer: &self.payer, account: &self.lease, seeds }.build(&*lease)?;
        emit!(LeaseOpened {
            lease: self.lease.key(),
            bid_order: self.bid_order.key(),
            ask_order: self.ask_order.key(),
        });
        Ok(())
    }

    fn new_lease(&self, args: &OpenLeaseArgs, now: i64, accept_by: Moment, bump: u8) -> Lease {
        Lease {
            batch: self.batch.key(),
            market: self.batch.market,
            bid_order: self.bid_order.key(),
            ask_order: self.ask_order.key(),
            buyer: self.bid_order.owner,
            provider: self.ask_order.owner,
            row: args.row,
            bid_index: self.bid_order.index,
            ask_index: self.ask_order.index,
            state: LeaseState::Offered,
            reason: CloseReason::None,
            fault: Fault::Nobody,
            terms_hash: args.terms_hash,
            price_micro: self.batch.price_micro,
            fee_bps: self.batch.params.fee_bps,
            accept_by,
            max_duration: self.batch.params.max_duration,
            offered_at: now,
            accepted_at: 0,
            closed_at: 0,
            qty: 0,
            duration: 0,
            amount: 0,
            fee: 0,
            slashed: 0,
            challenged_at: 0,
            answers: 0,
            bump,
            challenge: None,
        }
    }
}
