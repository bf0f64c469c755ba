//! Which batch, and which window of it, a second of the chain's clock falls into (SPEC section 2).
//!
//! Must never read a clock: every time is passed in, in seconds of the chain's clock. All windows
//! are half-open, so every second belongs to exactly one of them.

use core::ops::Range;

use crate::units::OutOfRange;

/// Bounds of a batch's length; three seconds leave one for reveals.
const BATCH_SECONDS: (u32, u32) = (3, 3600);
/// Bounds of the time a matcher has to clear.
const CLEAR_SECONDS: (u32, u32) = (1, 3600);

/// A market's timetable, fixed when the market is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchClock {
    genesis: i64,
    batch_seconds: u32,
    clear_seconds: u32,
}

/// A window in the life of one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    NotOpen,
    Open,
    Revealing,
    Clearing,
    /// The deadline is past: the batch is void unless it was cleared before.
    Void,
}

impl Phase {
    pub const fn accepts_commits(self) -> bool {
        matches!(self, Self::Open)
    }

    pub const fn accepts_reveals(self) -> bool {
        matches!(self, Self::Revealing)
    }

    pub const fn accepts_clearing(self) -> bool {
        matches!(self, Self::Clearing)
    }
}

impl BatchClock {
    /// A batch takes 3 to 3,600 seconds, clearing 1 to 3,600.
    pub fn new(genesis: i64, batch_seconds: u32, clear_seconds: u32) -> Result<Self, OutOfRange> {
        in_range("batchSeconds", batch_seconds, BATCH_SECONDS)?;
        in_range("clearSeconds", clear_seconds, CLEAR_SECONDS)?;
        Ok(Self { genesis, batch_seconds, clear_seconds })
    }

    pub const fn genesis(&self) -> i64 {
        self.genesis
    }

    pub const fn batch_seconds(&self) -> u32 {
        self.batch_seconds
    }

    pub const fn clear_seconds(&self) -> u32 {
        self.clear_seconds
    }

    /// The batch that is open or revealing at `t`; none before the market's genesis.
    pub fn index_at(&self, t: i64) -> Option<u64> {
        let elapsed = u64::try_from(i128::from(t) - i128::from(self.genesis)).ok()?;
        elapsed.checked_div(u64::from(self.batch_seconds))
    }

    /// First second of batch `index`; `i64::MAX` for batches past the end of time, here and below.
    pub fn starts_at(&self, index: u64) -> i64 {
        self.after_start(index, 0)
    }

    /// First second of the reveal window, two thirds into the batch.
    pub fn reveal_opens_at(&self, index: u64) -> i64 {
        self.after_start(index, u64::from(self.batch_seconds) * 2 / 3)
    }

    /// First second after the reveal window: clearing may start.
    pub fn ends_at(&self, index: u64) -> i64 {
        self.after_start(index, u64::from(self.batch_seconds))
    }

    /// First second at which a batch that was not cleared is void.
    pub fn void_at(&self, index: u64) -> i64 {
        self.after_start(index, u64::from(self.batch_seconds) + u64::from(self.clear_seconds))
    }

    /// The batches that are in their clearing window at `t`, unless they were cleared before; oldest
    /// first. Empty before the first batch has ended.
    pub fn clearing_at(&self, t: i64) -> Range<u64> {
        let Some(current) = self.index_at(t) else {
            return 0..0;
        };
        let windows = u64::from(self.clear_seconds).div_ceil(u64::from(self.batch_seconds));
        let oldest = current.saturating_sub(windows);
        // The oldest one's window may have ended inside the current batch.
        let oldest = if t < self.void_at(oldest) { oldest } else { oldest.saturating_add(1) };
        oldest.min(current)..current
    }

    /// The window of batch `index` that `t` falls into.
    pub fn phase(&self, index: u64, t: i64) -> Phase {
        if t < self.starts_at(index) {
            Phase::NotOpen
        } else if t < self.reveal_opens_at(index) {
            Phase::Open
        } else if t < self.ends_at(index) {
            Phase::Revealing
        } else if t < self.void_at(index) {
            Phase::Clearing
        } else {
            Phase::Void
        }
    }

    fn after_start(&self, index: u64, seconds: u64) -> i64 {
        let since_genesis = i128::from(index) * i128::from(self.batch_seconds) + i128::from(seconds);
        i64::try_from(i128::from(self.genesis) + since_genesis).unwrap_or(i64::MAX)
    }
}

fn in_range(quantity: &'static str, got: u32, (min, max): (u32, u32)) -> Result<(), OutOfRange> {
    if (min..=max).contains(&got) {
        return Ok(());
    }
    Err(OutOfRange { quantity, min: min.into(), max: max.into(), got: got.into() })
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn every_window_of_the_default_batch_is_half_open() {
        let clock = BatchClock::new(1_000, 45, 45).unwrap();
        let table = [
            (1_089, Phase::NotOpen),
            (1_090, Phase::Open),
            (1_119, Phase::Open),
            (1_120, Phase::Revealing),
            (1_134, Phase::Revealing),
            (1_135, Phase::Clearing),
            (1_179, Phase::Clearing),
            (1_180, Phase::Void),
        ];
        for (t, phase) in table {
            assert_eq!(clock.phase(2, t), phase, "at {t}");
        }
    }

    #[test]
    fn the_index_counts_whole_batches_since_genesis() {
        let clock = BatchClock::new(1_000, 45, 45).unwrap();
        assert_eq!(clock.index_at(999), None);
        assert_eq!(clock.index_at(1_000), Some(0));
        assert_eq!(clock.index_at(1_044), Some(0));
        assert_eq!(clock.index_at(1_045), Some(1));
    }

    #[test]
    fn the_shortest_batch_has_two_seconds_to_commit_and_one_to_reveal() {
        let clock = BatchClock::new(0, 3, 45).unwrap();
        assert_eq!((clock.reveal_opens_at(0), clock.ends_at(0), clock.void_at(0)), (2, 3, 48));
    }

    #[test]
    fn the_batches_in_their_clearing_window_are_those_whose_phase_says_so() {
        for (batch, clear) in [(45, 45), (45, 44), (45, 46), (3, 45), (7, 20), (3600, 1)] {
            let clock = BatchClock::new(100, batch, clear).unwrap();
            for t in (90..700).chain(3_690..3_710) {
                let expected: Vec<u64> =
                    (0..1_300).filter(|i| clock.phase(*i, t) == Phase::Clearing).collect();
                assert_eq!(clock.clearing_at(t).collect::<Vec<_>>(), expected, "{batch}, {clear} at {t}");
            }
        }
    }

    #[test]
    fn a_timetable_out_of_bounds_is_refused() {
        assert_eq!(
            BatchClock::new(0, 2, 45),
            Err(OutOfRange { quantity: "batchSeconds", min: 3, max: 3600, got: 2 })
        );
        assert!(BatchClock::new(0, 3601, 45).is_err());
        assert!(BatchClock::new(0, 45, 0).is_err() && BatchClock::new(0, 45, 3601).is_err());
    }

    #[test]
    fn extreme_times_and_indices_do_not_wrap() {
        let clock = BatchClock::new(i64::MIN, 3, 1).unwrap();
        assert_eq!(clock.index_at(i64::MAX), Some(u64::MAX / 3));
        let clock = BatchClock::new(i64::MAX, 3600, 3600).unwrap();
        assert_eq!(clock.index_at(i64::MIN), None);
        assert_eq!(clock.starts_at(u64::MAX), i64::MAX);
        assert_eq!(clock.phase(u64::MAX, 0), Phase::NotOpen);
    }
}
