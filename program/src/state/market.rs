//! One market: one gpuType, one clock, one set of parameters. It must never change after its creation in
//! this version; a batch copies what it needs all the same. Source: SPEC sections 1, 2 and 10.

use anchor_lang::prelude::*;
use obscura_auction::batch_clock::BatchClock;
use obscura_auction::order::MarketTag;
use obscura_auction::units::DurationSeconds;

use super::label::is_plain;
use crate::constants::*;
use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct Market {
    /// First eight bytes of a hash of `gpu_type`; the market's address is made from it.
    pub tag: u64,
    /// The only key that may clear this market's batches.
    pub matcher: Pubkey,
    /// Start of batch 0, seconds since the epoch.
    pub genesis: i64,
    pub batch_seconds: u32,
    pub clear_seconds: u32,
    pub params: MarketParams,
    pub bump: u8,
    #[max_len(MAX_GPU_TYPE_BYTES)]
    pub gpu_type: String,
}

/// What a batch copies at its first commit.
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
}

impl Market {
    pub fn clock(&self) -> Result<BatchClock> {
        BatchClock::new(self.genesis, self.batch_seconds, self.clear_seconds)
            .map_err(|_| error!(ObscuraError::CorruptState))
    }
}

impl MarketParams {
    /// Every bound of a parameter, each with its own error.
    pub fn validate(&self) -> Result<()> {
        require_gte!(MAX_FEE_BPS, self.fee_bps, ObscuraError::FeeOutOfRange);
        require!(CIRCUIT_SIZES.contains(&self.max_orders), ObscuraError::UnknownCircuitSize);
        self.validate_durations()?;
        for charge in [self.min_collateral, self.order_fee, self.reveal_deposit] {
            require_gte!(MAX_CHARGE_MICRO, charge, ObscuraError::ChargeOutOfRange);
        }
        require!((1..=MAX_STAKE_PER_GPU).contains(&self.stake_per_gpu), ObscuraError::StakeOutOfRange);
        for deadline in [self.accept_seconds, self.settle_seconds] {
            require!((1..=MAX_DEADLINE_SECONDS).contains(&deadline), ObscuraError::DeadlineOutOfRange);
        }
        Ok(())
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
