//! The one seam to the chain: read accounts, read the clock, send a transaction.
//!
//! Must never tell its users which implementation they hold, and must never acknowledge a
//! transaction that a restart could lose. Times are the chain's, never a machine's.

mod error;
mod refusal;
pub mod rpc;

#[cfg(feature = "embedded")]
pub mod local;

use async_trait::async_trait;
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::Transaction;

pub use error::LedgerError;
pub use solana_sdk::account::Account;

/// The chain, as everything above it sees it.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The account at `address`, or `None` where there is none.
    async fn account(&self, address: &Pubkey) -> Result<Option<Account>, LedgerError>;

    /// Accounts owned by the Obscura program that satisfy every filter, in ascending address order.
    ///
    /// The first filter should be an account type's discriminator at offset 0: implementations keep
    /// an index on it.
    async fn program_accounts(&self, filters: &[MemcmpFilter])
    -> Result<Vec<(Pubkey, Account)>, LedgerError>;

    /// A blockhash to sign with, good for about a minute or 150 slots.
    async fn latest_blockhash(&self) -> Result<Hash, LedgerError>;

    /// The chain's clock as the program will read it.
    async fn clock(&self) -> Result<ChainClock, LedgerError>;

    /// Sends a signed transaction and returns once it has landed and cannot be lost.
    ///
    /// Sending the same transaction again gives [`LedgerError::AlreadyProcessed`]. A transaction that
    /// fails changes nothing.
    async fn send(&self, transaction: &Transaction) -> Result<Landed, LedgerError>;

    /// Runs a signed transaction without effect, and shows what it would leave at `accounts`.
    ///
    /// That the chain would refuse it is an answer and no error: see [`Simulated::refusal`].
    async fn simulate(
        &self,
        transaction: &Transaction,
        accounts: &[Pubkey],
    ) -> Result<Simulated, LedgerError>;

    /// What tells this moment of the chain from others without asking it: while it stays equal, reads give
    /// what they gave. None where that cannot be told.
    fn mark(&self) -> Option<ChainMark> {
        None
    }

    /// Micro-lamports to offer for each compute unit. None by default: nobody competes for a chain in
    /// this process.
    fn compute_unit_price(&self) -> u64 {
        0
    }
}

/// Account data must hold `bytes` at `offset`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemcmpFilter {
    pub offset: usize,
    pub bytes: Vec<u8>,
}

impl MemcmpFilter {
    pub fn new(offset: usize, bytes: impl Into<Vec<u8>>) -> Self {
        Self { offset, bytes: bytes.into() }
    }

    /// Whether `data` holds the bytes at the offset; data that ends before does not.
    pub fn matches(&self, data: &[u8]) -> bool {
        data.get(self.offset..).is_some_and(|rest| rest.starts_with(&self.bytes))
    }
}

/// The chain's clock: slot, and seconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainClock {
    pub slot: u64,
    pub unix_seconds: i64,
}

/// One moment of a chain, for comparing with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainMark {
    pub unix_seconds: i64,
    /// How many accounts have changed so far.
    pub changes: u64,
}

/// A transaction that is on the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    pub signature: Signature,
    pub slot: u64,
    pub compute_units: u64,
    pub logs: Vec<String>,
}

/// What a transaction would do, had it been sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// Why the chain would refuse it.
    pub refusal: Option<LedgerError>,
    pub compute_units: u64,
    pub logs: Vec<String>,
    /// The accounts that were asked for, in that order; none where it would be refused.
    pub accounts: Vec<(Pubkey, Option<Account>)>,
}
