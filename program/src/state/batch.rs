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

use super::{Market, MarketParams, MarketTerms, Moment};
use crate::constants::{BITMAP_BYTES, CIRCUIT_SIZES, EVIDENCE_SECONDS};
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
    /// The batch is void once this is past and it was not cleared.
    pub void_at: Moment,
    pub cleared: bool,
    /// Zero until cleared, as is `settles_until`.
    pub cleared_at: i64,
    /// No lease opens any more once this is past.
    pub settles_until: Moment,
    /// Micro-USDC per GPU-hour; zero until cleared, and where nothing traded.
    pub price_micro: u64,
    pub leases_root: [u8; 32],
    /// Slots of the circuit that cleared it; zero until then.
    pub size: u16,
    /// Leases opened so far.
    pub rows_opened: u16,
    /// No row at or above this one is used: the circuit's size, until `complete_settlement` lowers it.
    pub row_count: u16,
    /// Micro-OBSC: what its locks count in the matcher's exposure.
    pub exposure: u64,
    /// The matcher no longer answers for it.
    pub discharged: bool,
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
    pub fn begin(market: &Account<Market>, index: u64, now: Moment, bump: u8) -> Result<Self> {
        let tag = MarketTag::from_u64(market.tag);
        let MarketTerms { matcher, params } = market.terms_at(index);
        Ok(Self {
            market: market.key(),
            index,
            tag: market.tag,
            matcher,
            genesis: market.genesis,
            batch_seconds: market.batch_seconds,
            clear_seconds: market.clear_seconds,
            params,
            order_count: 0,
            void_at: now.until(market.clock()?.void_at(index))?,
            cleared: false,
            cleared_at: 0,
            settles_until: Moment::default(),
            price_micro: 0,
            leases_root: [0; 32],
            size: 0,
            rows_opened: 0,
            row_count: 0,
            exposure: 0,
            discharged: false,
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
    pub fn record(&mut self, clearing: &Clearing, now: Moment) -> Result<()> {
        let Clearing { size, price, leases_root, included, filled } = clearing;
        self.cleared = true;
        self.size = *size;
        self.cleared_at = now.seconds;
        self.settles_until = now.later(self.params.settle_seconds)?;
        self.price_micro = price.map_or(0, PriceMicro::get);
        self.leases_root = *leases_root;
        self.included = *included.as_bytes();
        self.filled = *filled.as_bytes();
        self.row_count = *size;
        Ok(())
    }

    pub fn clock(&self) -> Result<BatchClock> {
        BatchClock::new(self.genesis, self.batch_seconds, self.clear_seconds)
            .map_err(|_| error!(ObscuraError::CorruptState))
    }

    pub fn phase(&self, now: Moment) -> Result<Phase> {
        Ok(self.clock()?.phase(self.index, now.seconds))
    }

    /// In the clearing window, or past its seconds while the cluster stood still.
    pub fn accepts_clearing(&self, now: Moment) -> Result<bool> {
        let phase = self.phase(now)?;
        Ok(phase.accepts_clearing() || (phase == Phase::Void && !self.void_at.is_past(now)))
    }

    /// Past its deadline without a clearing.
    pub fn is_void(&self, now: Moment) -> bool {
        !self.cleared && self.void_at.is_past(now)
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

    /// The first deadline to accept a lease.
    pub fn accept_by(&self) -> Result<Moment> {
        self.settles_until.later(self.params.accept_seconds)
    }

    /// The last moment at which the matcher's bond still answers for this batch.
    pub fn answered_for_until(&self) -> Result<Moment> {
        let over = if self.cleared { self.accept_by()? } else { self.void_at };
        over.later(EVIDENCE_SECONDS)
    }

    /// Slots of the smallest circuit that holds the batch's orders.
    pub fn smallest_size(&self) -> Result<u16> {
        let holding = CIRCUIT_SIZES.iter().find(|size| **size >= self.order_count);
        holding.copied().ok_or_else(|| error!(ObscuraError::CorruptState))
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
    pub fn leases_may_open(&self, now: Moment) -> bool {
        !self.settles_until.is_past(now) && self.rows_opened < self.row_count
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
