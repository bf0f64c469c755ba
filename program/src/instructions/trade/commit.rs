//! Puts a sealed order into the running batch and locks what backs it. It must never learn a term of the
//! order, and never reuse an address: the order's is its idempotency key. Source: SPEC sections 5 and 11.

use anchor_lang::error::ErrorCode;
use anchor_lang::prelude::*;
use obscura_auction::encoding::chained_order;
use obscura_auction::field::{is_canonical, ZERO};
use obscura_auction::lock::Lock;
use obscura_auction::order::Side;

use crate::clock::now;
use crate::conservation;
use crate::constants::*;
use crate::errors::ObscuraError;
use crate::events::OrderCommitted;
use crate::site::Site;
use crate::state::order::usdc_behind;
use crate::state::tally;
use crate::state::{Batch, Caller, Ended, Market, MarketParams, Matcher, Moment, Order, Settings, Trader};

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug)]
pub struct CommitArgs {
    /// Chosen by the client: the order's address is made from it.
    pub order_id: [u8; 16],
    /// The batch meant; any other refuses the order.
    pub batch_index: u64,
    /// 0 bid, 1 ask.
    pub side: u8,
    pub commit_hash: [u8; 32],
    /// A bid: micro-USDC. An ask: GPUs.
    pub lock: u64,
    /// Micro-USDC that order fee and reveal deposit may come to, whatever the market asks by now.
    pub max_charges: u64,
}

/// CAN: the trader's owner, or its delegate with TRADE inside its caps and before its expiry, while the
/// batch takes commits. CANNOT: commit while paused, to a full batch, to a market whose matcher is not
/// bonded for one more such lock, twice under one order id, more than 32 times in
/// one batch, more than is available, or at charges above what it allows.
#[derive(Accounts)]
#[instruction(args: CommitArgs)]
pub struct Commit<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    pub authority: Signer<'info>,
    pub settings: Box<Account<'info, Settings>>,
    pub market: Box<Account<'info, Market>>,
    #[account(mut)]
    pub matcher: Box<Account<'info, Matcher>>,
    /// Made by the batch's first commit. It is never closed, so it can never be made a second time.
    /// CHECK: made at the address of its seeds, or read and compared with market and index: see `running_batch`.
    #[account(mut)]
    pub batch: UncheckedAccount<'info>,
    #[account(mut)]
    pub trader: Box<Account<'info, Trader>>,
    /// CHECK: made here; its address is its seeds.
    #[account(mut, seeds = [ORDER_SEED, trader.key().as_ref(), &args.order_id], bump)]
    pub order: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

/// What a commit takes out of `available`.
struct Cost {
    usdc: u64,
    gpus: u64,
    stake: u64,
}

impl<'info> Commit<'info> {
    pub fn run(ctx: Context<Commit>, args: CommitArgs) -> Result<()> {
        require!(is_commitment(&args.commit_hash), ObscuraError::MalformedCommitment);
        let now = now()?;
        let accounts = ctx.accounts;
        let lock = lock_of(&args)?;
        let caller = accounts.validate(&args, now)?;
        let before = accounts.held();

        let mut batch = accounts.running_batch(args.batch_index, now)?;
        validate_charges(&batch.params, args.max_charges)?;
        accounts.validate_lock(&batch.params, &lock, caller)?;
        let cost = accounts.lock_up(&batch.params, &lock, caller)?;
        accounts.charge_matcher(&mut batch, &lock)?;
        accounts.count(&batch, now)?;
        let owner = accounts.trader.owner.to_bytes();
        let index = batch.append(chained_order(args.commit_hash, owner, lock))?;
        accounts.keep_batch(&batch)?;
        let order = accounts.new_order(
            &args,
            &batch.params,
            Placing { cost, caller, index, now: now.seconds, bump: ctx.bumps.order },
        );
        accounts.make_order(&order)?;
        emit!(OrderCommitted { order: accounts.order.key(), batch: accounts.batch.key(), index });
        conservation::require_unchanged(before, accounts.held())
    }

    fn validate(&self, args: &CommitArgs, now: Moment) -> Result<Caller> {
        require!(!self.settings.paused, ObscuraError::Paused);
        let phase = self.market.clock()?.phase(args.batch_index, now.seconds);
        require!(phase.accepts_commits(), ObscuraError::NotCommitPhase);
        self.trader.authorise(&self.authority.key(), PERMISSION_TRADE, now.seconds)
    }

    fn validate_lock(&self, params: &MarketParams, lock: &Lock, caller: Caller) -> Result<()> {
        let least = match lock.side {
            Side::Bid => params.min_collateral.max(1),
            Side::Ask => 1,
        };
        require_gte!(lock.amount, least, ObscuraError::LockTooSmall);
        self.validate_order_cap(caller, lock)
    }

    fn validate_order_cap(&self, caller: Caller, lock: &Lock) -> Result<()> {
        let (Caller::Delegate { .. }, Some(delegate)) = (caller, self.trader.delegate) else {
            return Ok(());
        };
        let cap = match lock.side {
            Side::Bid => delegate.max_order_micro,
            Side::Ask => delegate.max_order_gpus,
        };
        require_gte!(cap, lock.amount, ObscuraError::DelegateOrderCap);
        Ok(())
    }

    /// The batch as it stands, with room for one more; the first commit makes it. One that is there needs no
    /// derived address: only this instruction makes batches, and each of them names its market and index.
    #[inline(never)]
    fn running_batch(&mut self, index: u64, now: Moment) -> Result<Box<Batch>> {
        let market = self.market.key();
        let site = Site { payer: &self.payer, account: &self.batch, seeds: &[] };
        if site.is_empty() {
            let seeds: &[&[u8]] = &[BATCH_SEED, market.as_ref(), &index.to_le_bytes()];
            let (address, bump) = Pubkey::find_program_address(seeds, &crate::ID);
            require_keys_eq!(self.batch.key(), address, ErrorCode::ConstraintSeeds);
            let seeds: &[&[u8]] = &[BATCH_SEED, market.as_ref(), &index.to_le_bytes(), &[bump]];
            let site = Site { payer: &self.payer, account: &self.batch, seeds };
            let batch = Box::new(Batch::begin(&self.market, index, now, bump)?);
            site.build(&*batch)?;
            self.matcher.begin_batch()?;
            return Ok(batch);
        }
        let batch: Box<Batch> = Box::new(site.read()?);
        require_keys_eq!(batch.market, market, ObscuraError::WrongBatch);
        require!(batch.index == index, ObscuraError::WrongBatch);
        require!(batch.order_count < batch.params.max_orders, ObscuraError::BatchFull);
        Ok(batch)
    }

    /// The batch's matcher answers for one more lock, if its bond covers it.
    fn charge_matcher(&mut self, batch: &mut Batch, lock: &Lock) -> Result<()> {
        require_keys_eq!(self.matcher.key, batch.matcher, ObscuraError::WrongMatcher);
        let value = batch.params.lock_value(lock)?;
        self.matcher.require_bonded(&batch.params, value)?;
        self.matcher.expose(value)?;
        batch.exposure = batch.exposure.checked_add(value).ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// Counts the order among its owner's in this batch.
    fn count(&mut self, batch: &Batch, now: Moment) -> Result<()> {
        let commits_end = batch.clock()?.reveal_opens_at(batch.index);
        tally::count(&mut self.trader.tallies, batch.tag, commits_end, now.seconds)
    }

    /// Moves what the order costs out of `available`.
    fn lock_up(&mut self, params: &MarketParams, lock: &Lock, caller: Caller) -> Result<Cost> {
        let cost = cost(params, lock)?;
        self.trader.charge_caps(caller, cost.usdc, cost.gpus)?;
        self.trader.usdc.lock(cost.usdc)?;
        self.trader.obsc.lock(cost.stake)?;
        Ok(cost)
    }

    fn keep_batch(&self, batch: &Batch) -> Result<()> {
        Site { payer: &self.payer, account: &self.batch, seeds: &[] }.write(batch)
    }

    fn make_order(&self, order: &Order) -> Result<()> {
        let trader = self.trader.key();
        let seeds: &[&[u8]] = &[ORDER_SEED, trader.as_ref(), &order.order_id, &[order.bump]];
        Site { payer: &self.payer, account: &self.order, seeds }.build(order)
    }

    fn new_order(&self, args: &CommitArgs, params: &MarketParams, placing: Placing) -> Order {
        let Placing { cost, caller, index, now, bump } = placing;
        Order {
            trader: self.trader.key(),
            owner: self.trader.owner,
            batch: self.batch.key(),
            market: self.market.key(),
            order_id: args.order_id,
            index,
            side: args.side,
            ended: Ended::Live,
            commit_hash: args.commit_hash,
            lock: args.lock,
            stake_locked: cost.stake,
            order_fee: params.order_fee,
            reveal_deposit: params.reveal_deposit,
            delegate_epoch: caller.epoch(),
            paid: 0,
            refunded: 0,
            freed: 0,
            slashed: 0,
            leases: 0,
            open_leases: 0,
            shown_leases: 0,
            shown: 0,
            refused_leases: 0,
            accepts_until: Moment::default(),
            omission_paid: false,
            committed_at: now,
            public_opening: None,
            bump,
        }
    }

    /// Micro-USDC and micro-OBSC.
    fn held(&self) -> (u128, u128) {
        (self.trader.usdc.total(), self.trader.obsc.total())
    }
}

/// How an order came into its batch.
struct Placing {
    cost: Cost,
    caller: Caller,
    index: u16,
    now: i64,
    bump: u8,
}

fn validate_charges(params: &MarketParams, max_charges: u64) -> Result<()> {
    let charges = params.order_fee.checked_add(params.reveal_deposit).ok_or(ObscuraError::Overflow)?;
    require_gte!(max_charges, charges, ObscuraError::ChargesTooHigh);
    Ok(())
}

fn cost(params: &MarketParams, lock: &Lock) -> Result<Cost> {
    let (micro, gpus) = match lock.side {
        Side::Bid => (lock.amount, 0),
        Side::Ask => (0, lock.amount),
    };
    let usdc = usdc_behind(micro, params.order_fee, params.reveal_deposit)?;
    let stake = gpus.checked_mul(params.stake_per_gpu).ok_or(ObscuraError::Overflow)?;
    Ok(Cost { usdc, gpus, stake })
}

fn lock_of(args: &CommitArgs) -> Result<Lock> {
    let side = Side::try_from(args.side).map_err(|_| ObscuraError::UnknownSide)?;
    Ok(Lock { side, amount: args.lock })
}

/// Not zero, and below the modulus: anything else could never be opened or would break the chain's hash.
fn is_commitment(hash: &[u8; 32]) -> bool {
    *hash != ZERO && is_canonical(hash)
}
