//! One market: one gpuType, one clock, one matcher and set of parameters at a time. It must never change for a
//! batch that runs: a change names a later batch, and a batch copies what it needs. Source: SPEC sections 1,
//! 2 and 10.

use anchor_lang::prelude::*;
use obscura_auction::batch_clock::BatchClock;
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Side};
use obscura_auction::units::{DurationSeconds, Gpus};

use super::label::is_plain;
use crate::constants::*;
use crate::errors::ObscuraError;

const MICRO_PER_USDC: u128 = 1_000_000;

#[account]
#[derive(InitSpace, Debug)]
pub struct Market {
    /// First eight bytes of a hash of `gpu_type`; the market's address is made from it.
    pub tag: u64,
    /// Start of batch 0, seconds since the epoch.
    pub genesis: i64,
    pub batch_seconds: u32,
    pub clear_seconds: u32,
    pub terms: MarketTerms,
    /// Takes the place of `terms` from a later batch on.
    pub next: Option<NextTerms>,
    pub bump: u8,
    #[max_len(MAX_GPU_TYPE_BYTES)]
    pub gpu_type: String,
}

/// What a batch copies at its first commit.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarketTerms {
    /// The only key that may clear the batch.
    pub matcher: Pubkey,
    pub params: MarketParams,
}

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextTerms {
    /// The first batch under them.
    pub from_batch: u64,
    pub terms: MarketTerms,
}

#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarketParams {
    pub fee_bps: u16,
    /// Most orders of one batch, and slots of the largest circuit: 16, 64, 256 or 1024.
    pub max_orders: u16,
    pub min_duration: u32,
    pub max_duration: u32,
    /// Micro-USDC a bid locks at the least.
    pub min_collateral: u64,
    /// Micro-USDC per order; half pays whoever ends the order.
    pub order_fee: u64,
    /// Micro-USDC per order; lost by an order that was not included.
    pub reveal_deposit: u64,
    /// Micro-OBSC locked for each GPU of an ask.
    pub stake_per_gpu: u64,
    /// A provider has this long to accept, from the end of settlement.
    pub accept_seconds: u32,
    /// Leases open this long from the clearing.
    pub settle_seconds: u32,
    /// A buyer has this long to cancel, from the last accept deadline of its order.
    pub cancel_seconds: u32,
    /// A host has this long to answer a challenge.
    pub answer_seconds: u32,
    /// At least this long between two challenges of a lease.
    pub challenge_gap_seconds: u32,
    /// Micro-USDC behind a challenge; a host that answers gets it.
    pub challenge_deposit: u64,
    /// Basis points of the stake per GPU, for each GPU of a lease that its provider did not accept although
    /// it was shown the terms, or whose host did not answer.
    pub no_show_slash_bps: u16,
    pub failure_slash_bps: u16,
    /// Micro-OBSC that a matcher must have bonded at the least.
    pub matcher_bond: u64,
    /// Micro-OBSC that a lock of one USDC counts in a matcher's exposure; an ask counts its stake.
    pub bond_per_usdc: u64,
    /// Basis points of its exposure that a matcher's bond must cover.
    pub bond_cover_bps: u16,
    /// Micro-OBSC out of the matcher's bond: for a void batch, shared by its orders; for a filled bid that it
    /// let expire; for an acknowledged order that it left out, at the least.
    pub void_penalty: u64,
    pub unopened_penalty: u64,
    pub omission_penalty: u64,
}

impl Market {
    pub fn clock(&self) -> Result<BatchClock> {
        BatchClock::new(self.genesis, self.batch_seconds, self.clear_seconds)
            .map_err(|_| error!(ObscuraError::CorruptState))
    }

    /// What holds for batch `index`.
    pub fn terms_at(&self, index: u64) -> MarketTerms {
        let next = self.next.filter(|next| index >= next.from_batch);
        next.map_or(self.terms, |next| next.terms)
    }
}

impl MarketParams {
    /// Every bound of a parameter, each with its own error.
    pub fn validate(&self) -> Result<()> {
        require_gte!(MAX_FEE_BPS, self.fee_bps, ObscuraError::FeeOutOfRange);
        require!(CIRCUIT_SIZES.contains(&self.max_orders), ObscuraError::UnknownCircuitSize);
        self.validate_durations()?;
        for charge in [self.min_collateral, self.order_fee, self.reveal_deposit, self.challenge_deposit] {
            require_gte!(MAX_CHARGE_MICRO, charge, ObscuraError::ChargeOutOfRange);
        }
        require!((1..=MAX_STAKE_PER_GPU).contains(&self.stake_per_gpu), ObscuraError::StakeOutOfRange);
        self.validate_deadlines()?;
        for share in [self.no_show_slash_bps, self.failure_slash_bps, self.bond_cover_bps] {
            require_gte!(BPS_PER_WHOLE, share, ObscuraError::ShareOutOfRange);
        }
        self.validate_bond()
    }

    fn validate_deadlines(&self) -> Result<()> {
        let deadlines = [
            self.accept_seconds,
            self.settle_seconds,
            self.cancel_seconds,
            self.answer_seconds,
            self.challenge_gap_seconds,
        ];
        let fits = |seconds: &u32| (1..=MAX_DEADLINE_SECONDS).contains(seconds);
        require!(deadlines.iter().all(fits), ObscuraError::DeadlineOutOfRange);
        Ok(())
    }

    fn validate_bond(&self) -> Result<()> {
        let penalties = [self.void_penalty, self.unopened_penalty, self.omission_penalty];
        let fits = (1..=MAX_MATCHER_BOND).contains(&self.matcher_bond)
            && penalties.iter().all(|penalty| *penalty <= MAX_MATCHER_BOND)
            && self.bond_per_usdc <= MAX_BOND_PER_USDC;
        require!(fits, ObscuraError::BondOutOfRange);
        Ok(())
    }

    /// Micro-OBSC that `lock` counts in a matcher's exposure.
    pub fn lock_value(&self, lock: &Lock) -> Result<u64> {
        let value = match lock.side {
            Side::Bid => u128::from(lock.amount) * u128::from(self.bond_per_usdc) / MICRO_PER_USDC,
            Side::Ask => u128::from(lock.amount) * u128::from(self.stake_per_gpu),
        };
        u64::try_from(value).map_err(|_| error!(ObscuraError::Overflow))
    }

    /// `bps` of the stake behind `gpus` GPUs, micro-OBSC, rounded down.
    pub fn slash(&self, bps: u16, gpus: Gpus) -> Result<u64> {
        let stake = u128::from(self.stake_per_gpu) * u128::from(gpus.get());
        let slash = stake * u128::from(bps) / u128::from(BPS_PER_WHOLE);
        u64::try_from(slash).map_err(|_| error!(ObscuraError::Overflow))
    }

    fn validate_durations(&self) -> Result<()> {
        let in_range = [self.min_duration, self.max_duration]
            .into_iter()
            .all(|seconds| DurationSeconds::new(seconds).is_ok());
        require!(in_range && self.min_duration <= self.max_duration, ObscuraError::DurationsOutOfRange);
        Ok(())
    }
}

/// What a market's address is made from: its tag, computed from its name.
pub fn market_seed(gpu_type: &str) -> [u8; 8] {
    MarketTag::of(gpu_type).to_be_bytes()
}

/// One to 32 printable ASCII characters, no space at either end: two names that look alike to a reader must
/// not be two markets.
pub fn validate_gpu_type(gpu_type: &str) -> Result<()> {
    require!(is_plain(gpu_type, MAX_GPU_TYPE_BYTES), ObscuraError::MalformedGpuType);
    Ok(())
}
