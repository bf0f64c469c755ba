//! The matcher: clears every batch of its markets and carries out what follows.
//!
//! Two loops per market. One has clearings proven and posts them. The other opens leases, ends settlements, expires what nobody accepted and
//! sends refunds. Both read the chain at every step and keep nothing that matters
//! in memory, so a restart in any phase goes on where it stopped. An error is
//! logged and tried again with growing pauses, and a loop that panics is started
//! again: none ever ends by itself.

mod backoff;
mod batch_book;
mod clear_batch;
mod error;
mod open_leases;
mod tend_leases;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use obscura_client::ledger::{ChainClock, Ledger};
use solana_sdk::signature::Keypair;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::pool::Market;
use crate::prover::Prover;
use crate::storage::Storage;
use crate::supervise::supervise;

pub use error::MatcherError;

/// How often a loop looks at the chain; its clock ticks in seconds.
const TICK: Duration = Duration::from_millis(500);

/// What a matcher is made of.
pub struct MatcherParts {
    pub ledger: Arc<dyn Ledger>,
    /// The same chain, as sure as a clearing must be before leases open and money moves.
    pub settled: Arc<dyn Ledger>,
    pub storage: Storage,
    /// Pays fees and rents, and cranks.
    pub relayer: Arc<Keypair>,
    /// Signs clearings.
    pub key: Arc<Keypair>,
    pub prover: Prover,
    /// Since when reveals can reach this pool; seconds of the chain's clock.
    pub up_since: i64,
}

/// A matcher for any number of markets.
pub struct Matcher {
    ledger: Arc<dyn Ledger>,
    settled: Arc<dyn Ledger>,
    storage: Storage,
    relayer: Arc<Keypair>,
    key: Arc<Keypair>,
    prover: Prover,
    up_since: i64,
}

impl Matcher {
    pub fn new(parts: MatcherParts) -> Self {
        let MatcherParts { ledger, settled, storage, relayer, key, prover, up_since } = parts;
        Self { ledger, settled, storage, relayer, key, prover, up_since }
    }

    /// Starts the loops of every market. They end when `stop` is cancelled, after
    /// the step under way.
    pub fn spawn(self: Arc<Self>, markets: &[Market], stop: &CancellationToken) -> Vec<JoinHandle<()>> {
        let mut loops = Vec::with_capacity(markets.len() * 2);
        for market in markets {
            let parts = (self.clone(), market.clone(), stop.clone());
            loops.push(supervise("clearing", stop, move || {
                let (matcher, market, stop) = parts.clone();
                async move { matcher.clear_forever(&market, &stop).await }
            }));
            let parts = (self.clone(), market.clone(), stop.clone());
            loops.push(supervise("upkeep", stop, move || {
                let (matcher, market, stop) = parts.clone();
                async move { matcher.upkeep_forever(&market, &stop).await }
            }));
        }
        loops
    }

    async fn clock(&self) -> Result<ChainClock, MatcherError> {
        Ok(self.ledger.clock().await?)
    }
}

/// Waits one tick; false once the loop has to end.
async fn next_tick(stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = tokio::time::sleep(TICK) => true,
    }
}
