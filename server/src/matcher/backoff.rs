//! Growing pauses after failures, so that a lasting fault fills no log and a
//! passing one costs a second.

use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_millis(500);
/// Short beside the shortest clearing window.
const MAX: Duration = Duration::from_secs(5);

/// When a step may be tried again.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
    not_before: Option<Instant>,
}

impl Backoff {
    pub fn is_ready(&self) -> bool {
        self.not_before.is_none_or(|instant| Instant::now() >= instant)
    }

    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub fn failed(&mut self) {
        self.not_before = Some(Instant::now() + pause_after(self.failures));
        self.failures = self.failures.saturating_add(1);
    }

    /// Looks again only after `pause`, without a failure.
    pub fn rest(&mut self, pause: Duration) {
        self.failures = 0;
        self.not_before = Some(Instant::now() + pause);
    }
}

/// Doubles with every failure, up to the bound.
fn pause_after(failures: u32) -> Duration {
    FIRST.saturating_mul(2u32.saturating_pow(failures)).min(MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_bound() {
        assert_eq!(
            [0, 1, 2, 3].map(pause_after),
            [1, 2, 4, 8].map(|halves| FIRST * halves).map(|p| p.min(MAX))
        );
        assert_eq!(pause_after(u32::MAX), MAX);
    }

    #[test]
    fn a_success_ends_a_pause() {
        let mut backoff = Backoff::default();
        backoff.failed();
        assert!(!backoff.is_ready());
        backoff.succeeded();
        assert!(backoff.is_ready());
    }
}
