//! What the reference model remembers: money and states, in plain numbers. It must never take one from an
//! account of the program; what it knows it derived from the actions before.

use std::collections::BTreeMap;

use obscura_program_tests::{Clearing, Sealed};

/// Market settings that the model's rules use. Micro-units and seconds.
pub const FEE_BPS: u64 = 100;
pub const MAX_DURATION: i64 = 3_600;
pub const ORDER_FEE: u64 = 10_001;
pub const REVEAL_DEPOSIT: u64 = 1_000_000;
pub const STAKE_PER_GPU: u64 = 100_000_000;
pub const SETTLE: u64 = 120;
pub const ACCEPT: u64 = 60;
pub const CANCEL: i64 = 120;
pub const ANSWER: u64 = 60;
pub const GAP: i64 = 300;
pub const CHALLENGE_DEPOSIT: u64 = 1_000_000;
pub const NO_SHOW_BPS: u64 = 1_000;
pub const FAILURE_BPS: u64 = 2_000;
pub const MATCHER_BOND: u64 = 5_000_000_000;
pub const BOND_COVER_BPS: u64 = 1_000;
pub const VOID_PENALTY: u64 = 100_000_001;
pub const UNOPENED_PENALTY: u64 = 10_000_000;
pub const OMISSION_PENALTY: u64 = 100_000_000;
pub const EVIDENCE: u64 = 600;
pub const CLAIM_GRACE: i64 = 604_800;
pub const UNSTAKE: i64 = 86_400;
pub const BATCH_SECONDS: i64 = 45;
pub const COMMIT_SECONDS: i64 = 30;
pub const MAX_ORDERS: usize = 16;
pub const ROWS: u16 = 16;
const SLOTS_PER_SECOND: u64 = 2;

pub const TRADE: u8 = 1;
pub const LEASE: u8 = 2;

/// Seconds and slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    pub seconds: i64,
    pub slot: u64,
}

impl Moment {
    pub fn later(self, seconds: u64) -> Self {
        Self { seconds: self.seconds + seconds as i64, slot: self.slot + seconds * SLOTS_PER_SECOND }
    }

    /// Both parts have come.
    pub fn is_past(self, now: Self) -> bool {
        now.seconds >= self.seconds && now.slot >= self.slot
    }

    pub fn max(self, other: Self) -> Self {
        Self { seconds: self.seconds.max(other.seconds), slot: self.slot.max(other.slot) }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    pub available: u64,
    pub locked: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Trader {
    pub usdc: Purse,
    pub obsc: Purse,
    pub unstaking: u64,
    pub unstakes_at: i64,
    pub epoch: u32,
    pub delegate: Option<Delegate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegate {
    pub permissions: u8,
    pub expires_at: i64,
    pub spend_cap: u64,
    pub spent: u64,
    pub order_cap: u64,
    pub gpu_cap: u64,
    pub gpus: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Live,
    Void,
    NotRevealed,
    Unmatched,
    OfferExpired,
    Completed,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub sealed: Sealed,
    pub trader: usize,
    pub batch: u64,
    pub index: usize,
    pub is_bid: bool,
    pub lock: u64,
    /// Whether its opening can be forced in.
    pub admissible: bool,
    pub epoch: u32,
    pub ended: Ended,
    pub stake: u64,
    pub paid: u64,
    pub freed: u64,
    pub refunded: u64,
    pub slashed: u64,
    pub leases: u16,
    pub open: u16,
    pub shown_leases: u16,
    pub shown: u64,
    pub refused: u16,
    pub accepts_until: Moment,
    pub omission_paid: bool,
}

impl Order {
    /// What is left of a bid's lock.
    pub fn unspent(&self) -> u64 {
        if self.is_bid { self.lock - self.paid - self.freed } else { 0 }
    }

    pub fn gpus(&self) -> u64 {
        if self.is_bid { 0 } else { self.lock - self.freed }
    }

    /// Micro-USDC in the trader's locked purse.
    pub fn behind(&self) -> u64 {
        self.unspent() + ORDER_FEE + REVEAL_DEPOSIT
    }
}

#[derive(Clone, Debug)]
pub struct Batch {
    /// Into the model's list of orders.
    pub orders: Vec<usize>,
    pub forced: Vec<bool>,
    pub void_at: Moment,
    pub cleared: Option<Cleared>,
    pub exposure: u64,
    pub discharged: bool,
}

#[derive(Clone, Debug)]
pub struct Cleared {
    pub clearing: Clearing,
    pub settles_until: Moment,
    pub opened: u16,
    pub row_count: u16,
}

impl Cleared {
    pub fn may_open(&self, now: Moment) -> bool {
        !self.settles_until.is_past(now) && self.opened < self.row_count
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Offered,
    Active,
    Closed(Reason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Released,
    Claimed,
    NotAccepted,
    NoShow,
    Cancelled,
    Failed,
    Unclaimed,
}

#[derive(Clone, Debug)]
pub struct Lease {
    pub bid: usize,
    pub ask: usize,
    pub price: u64,
    pub qty: u64,
    pub duration: i64,
    pub state: State,
    pub accept_by: Moment,
    pub accepted_at: i64,
    /// Its terms were opened before its close.
    pub shown: bool,
    pub challenged_at: i64,
    pub challenge: Option<Challenge>,
    pub answers: u16,
    pub amount: u64,
    pub fee: u64,
    pub slashed: u64,
}

#[derive(Clone, Copy, Debug)]
pub struct Challenge {
    pub made_at: i64,
    pub answer_by: Moment,
    pub epoch: u32,
}

/// Batch and row.
pub type LeaseId = (u64, u16);

pub struct Model {
    pub genesis: i64,
    pub now: Moment,
    pub traders: Vec<Trader>,
    /// Of the matcher, which trades nothing.
    pub matcher_obsc: u64,
    pub bond: u64,
    pub exposure: u64,
    pub open_batches: u32,
    pub treasury_usdc: u64,
    pub treasury_obsc: u64,
    pub orders: Vec<Order>,
    pub batches: BTreeMap<u64, Batch>,
    pub leases: BTreeMap<LeaseId, Lease>,
}

/// Whose key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Owner(usize),
    DelegateOf(usize),
    Matcher,
    Stranger,
}
