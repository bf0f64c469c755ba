//! One batch of one market: the chain of its orders, the bitmaps, the clearing. It must never read anything
//! that can change later: the first commit copies clock, parameters and matcher, and keys are never replaced. Its phase is a
//! function of the chain's clock and of whether it was cleared. Source: SPEC sections 2, 5, 6 and 10.

use anchor_lang::prelude::*;
use obscura_auction::admissible::MarketRules;
use obscura_auction::batch_clock::{BatchClock, Phase};
use obscura_auction::encoding::{Bitmap, ChainedOrder, RowFields, StatementFields};
use obscura_auction::field::{is_canonical, FieldBytes};
use obscura_auction::hashing::{self, LeasePathError};
use obscura_auction::order::MarketTag;
use obscura_auction::units::{DurationSeconds, FeeBps, PriceMicro};

use super::{Market, MarketParams};
use crate::constants::BITMAP_BYTES;
use crate::errors::ObscuraError;
use crate::poseidon::SyscallPoseidon;

const NO_ORDER: ChainedOrder = [[0; 32]; 3];

#[account]
#[derive(InitSpace, Debug)]
pub struct Batch {
    pub market: Pubkey,
    pub index: u64,
    /// The market's tag: an opening names it.
    pub tag: u64,
    pub matcher: Pubkey,
    pub genesis: i64,
    pub batch_seconds: u32,
    pub clear_seconds: u32,
    pub params: MarketParams,
    pub order_count: u16,
    pub cleared: bool,
    /// Seconds; zero until cleared.
    pub cleared_at: i64,
    /// Micro-USDC per GPU-hour; zero until cleared, and where nothing traded.
    pub price_micro: u64,
    pub leases_root: [u8; 32],
    /// Slots of the circuit that cleared it; zero until then.
    pub size: u16,
    /// Leases opened so far.
    pub rows_opened: u16,
    /// No row at or above this one is used: the circuit's size, until `complete_settlement` lowers it.
    pub row_count: u16,
    pub orders_root: [u8; 32],
    /// Orders that the root has not absorbed yet: `order_count % 3` of them.
    pub pending: [[[u8; 32]; 3]; 2],
    /// Publicly revealed orders. Bit `i % 8` of byte `i / 8` is order `i`, here and below.
    pub forced: [u8; BITMAP_BYTES],
    pub included: [u8; BITMAP_BYTES],
    pub filled: [u8; BITMAP_BYTES],
    pub bump: u8,
}

impl Batch {
    /// Copies what the batch must not read again, and starts the chain.
    pub fn begin(market: &Account<Market>, index: u64, bump: u8) -> Result<Self> {
        let tag = MarketTag::from_u64(market.tag);
        Ok(Self {
            market: market.key(),
            index,
            tag: market.tag,
            matcher: market.matcher,
            genesis: market.genesis,
            batch_seconds: market.batch_seconds,
            clear_seconds: market.clear_seconds,
            params: market.params,
            order_count: 0,
            cleared: false,
            cleared_at: 0,
            price_micro: 0,
            leases_root: [0; 32],
            size: 0,
            rows_opened: 0,
            row_count: 0,
            orders_root: hashing::orders_root_start::<SyscallPoseidon>(tag, index)?,
            pending: [NO_ORDER; 2],
            forced: [0; BITMAP_BYTES],
            included: [0; BITMAP_BYTES],
            filled: [0; BITMAP_BYTES],
            bump,
        })
    }

    /// Takes the next index for `order`, absorbing a group when it is whole. Returns the index.
    pub fn append(&mut self, order: ChainedOrder) -> Result<u16> {
        let index = self.order_count;
        let [first, second] = self.pending;
        match index % 3 {
            0 => self.pending = [order, NO_ORDER],
            1 => self.pending = [first, order],
            _ => {
                let group = [first, second, order];
                self.orders_root = hashing::orders_root_step::<SyscallPoseidon>(&self.orders_root, &group)?;
                self.pending = [NO_ORDER; 2];
            }
        }
        self.order_count = index.checked_add(1).ok_or(ObscuraError::Overflow)?;
        Ok(index)
    }

    /// The root over all orders: a last partial group is padded with zeros, a whole one adds nothing.
    pub fn closed_root(&self) -> Result<FieldBytes> {
        let waiting = self.pending.get(..usize::from(self.order_count % 3));
        let waiting = waiting.ok_or(ObscuraError::CorruptState)?;
        hashing::orders_root_close::<SyscallPoseidon>(&self.orders_root, waiting)
    }

    /// The fields of the statement that a proof for this clearing must show.
    pub fn statement(&self, clearing: &Clearing) -> Result<StatementFields> {
        let Clearing { size, price, leases_root, included, filled } = clearing;
        let MarketRules { tag: _, min_duration, max_duration } = self.rules()?;
        Ok(StatementFields {
            size: *size,
            order_count: self.order_count,
            batch_index: self.index,
            program: crate::ID.to_bytes(),
            market: self.market.to_bytes(),
            orders_root: self.closed_root()?,
            included: *included,
            filled: *filled,
            price: *price,
            fee_bps: FeeBps::new(self.params.fee_bps).map_err(|_| ObscuraError::CorruptState)?,
            min_duration,
            max_duration,
            leases_root: *leases_root,
        })
    }

    /// Keeps a clearing whose proof was verified.
    pub fn record(&mut self, clearing: &Clearing, now: i64) {
        let Clearing { size, price, leases_root, included, filled } = clearing;
        self.cleared = true;
        self.size = *size;
        self.cleared_at = now;
        self.price_micro = price.map_or(0, PriceMicro::get);
        self.leases_root = *leases_root;
        self.included = *included.as_bytes();
        self.filled = *filled.as_bytes();
        self.row_count = *size;
    }

    pub fn clock(&self) -> Result<BatchClock> {
        BatchClock::new(self.genesis, self.batch_seconds, self.clear_seconds)
            .map_err(|_| error!(ObscuraError::CorruptState))
    }

    pub fn phase(&self, now: i64) -> Result<Phase> {
        Ok(self.clock()?.phase(self.index, now))
    }

    /// Past its deadline without a clearing.
    pub fn is_void(&self, now: i64) -> Result<bool> {
        Ok(!self.cleared && self.phase(now)? == Phase::Void)
    }

    pub fn rules(&self) -> Result<MarketRules> {
        let duration =
            |seconds| DurationSeconds::new(seconds).map_err(|_| error!(ObscuraError::CorruptState));
        Ok(MarketRules {
            tag: MarketTag::from_u64(self.tag),
            min_duration: duration(self.params.min_duration)?,
            max_duration: duration(self.params.max_duration)?,
        })
    }

    /// The second from which no lease opens any more. Only of use once cleared.
    pub fn settles_until(&self) -> Result<i64> {
        later(self.cleared_at, self.params.settle_seconds)
    }

    /// The second from which no lease can be accepted any more.
    pub fn accept_by(&self) -> Result<i64> {
        later(self.settles_until()?, self.params.accept_seconds)
    }

    /// The last moment at which the matcher's bond still stands for this batch.
    pub fn bond_exposed_until(&self) -> Result<i64> {
        let latest_clearing = self.clock()?.void_at(self.index);
        later(later(latest_clearing, self.params.settle_seconds)?, self.params.accept_seconds)
    }

    /// Checks that row `row` of the lease tree holds `fields`.
    pub fn require_row(&self, row: u16, fields: RowFields, path: &[FieldBytes]) -> Result<()> {
        let (_, terms) = &fields;
        require!(is_canonical(terms), ObscuraError::PathMismatch);
        let root = hashing::lease_root_from_path::<SyscallPoseidon>(row, self.size, fields, path);
        let root = root.map_err(|refused| match refused {
            LeasePathError::UnknownSize { .. } => error!(ObscuraError::CorruptState),
            LeasePathError::RowOutsideTree { .. } => error!(ObscuraError::RowOutOfRange),
            LeasePathError::PathLength { .. } => error!(ObscuraError::PathLength),
            LeasePathError::Hash(hash_failed) => hash_failed,
        })?;
        require!(root == self.leases_root, ObscuraError::PathMismatch);
        Ok(())
    }

    /// Whether another lease may still open: time is left, and a row that is not known to be unused.
    pub fn leases_may_open(&self, now: i64) -> Result<bool> {
        Ok(now < self.settles_until()? && self.rows_opened < self.row_count)
    }
}

/// What a matcher posts, decoded: the part of it that the statement binds.
pub struct Clearing {
    /// Slots of the circuit it was proven with.
    pub size: u16,
    /// None exactly when nothing traded.
    pub price: Option<PriceMicro>,
    pub leases_root: FieldBytes,
    pub included: Bitmap,
    pub filled: Bitmap,
}

/// Whether order `index` is in `bitmap`.
pub fn bit(bitmap: &[u8; BITMAP_BYTES], index: u16) -> bool {
    Bitmap::from_bytes(*bitmap).get(usize::from(index))
}

/// Puts order `index` into `bitmap`.
pub fn set_bit(bitmap: &mut [u8; BITMAP_BYTES], index: u16) -> Result<()> {
    let mut changed = Bitmap::from_bytes(*bitmap);
    require!(changed.set(usize::from(index)), ObscuraError::CorruptState);
    *bitmap = *changed.as_bytes();
    Ok(())
}

fn later(start: i64, seconds: u32) -> Result<i64> {
    start.checked_add(i64::from(seconds)).ok_or_else(|| error!(ObscuraError::Overflow))
}
