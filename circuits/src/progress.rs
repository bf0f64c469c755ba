//! How far a proof or a setup is, and the way to stop it, for whoever waits on another thread.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Shared by whoever works and whoever watches.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU32,
    steps: AtomicU32,
    cancelled: AtomicBool,
}

/// The work was told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl Progress {
    /// Steps done of how many; both zero before the work has begun.
    pub fn steps(&self) -> (u32, u32) {
        (self.done.load(Ordering::Relaxed), self.steps.load(Ordering::Relaxed))
    }

    /// The work ends soon, with an error.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(crate) fn begin(&self, steps: u32) {
        self.done.store(0, Ordering::Relaxed);
        self.steps.store(steps, Ordering::Relaxed);
    }

    pub(crate) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn check(&self) -> Result<(), Stopped> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Stopped) } else { Ok(()) }
    }
}
