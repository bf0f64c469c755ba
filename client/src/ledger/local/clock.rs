//! Where the in-process chain's time comes from.
//!
//! The only place in this crate that reads a machine's clock. Must never run backwards for the
//! program: [`super::chain`] holds the last second it showed, across restarts too.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The chain's source of seconds since the Unix epoch.
#[derive(Debug, Clone)]
pub enum ClockSource {
    /// This machine's clock.
    Machine,
    /// A clock that moves only when it is told to.
    Manual(ManualClock),
}

impl ClockSource {
    pub(super) fn unix_seconds(&self) -> i64 {
        match self {
            Self::Machine => machine_seconds(),
            Self::Manual(clock) => clock.unix_seconds(),
        }
    }
}

/// Clones share one time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    pub fn starting_at(unix_seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(unix_seconds)))
    }

    pub fn advance(&self, seconds: u32) {
        self.0.fetch_add(i64::from(seconds), Ordering::SeqCst);
    }

    pub fn set(&self, unix_seconds: i64) {
        self.0.store(unix_seconds, Ordering::SeqCst);
    }

    pub fn unix_seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A machine whose clock stands before 1970 reads as 0: the chain then keeps its last second.
fn machine_seconds() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}
