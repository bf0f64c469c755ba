//! How many orders a batch may have: one of four sizes, each with its own circuit and keys.

use obscura_auction::hashing;

/// A batch's size; its number of slots is a power of four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchSize(u16);

/// A number of slots that no circuit has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a batch has 16, 64, 256 or 1024 slots, got {got}")]
pub struct UnknownSize {
    pub got: u16,
}

impl BatchSize {
    pub const S16: Self = Self(16);
    pub const S64: Self = Self(64);
    pub const S256: Self = Self(256);
    pub const S1024: Self = Self(1024);
    pub const ALL: [Self; 4] = [Self::S16, Self::S64, Self::S256, Self::S1024];

    /// Fails on anything but 16, 64, 256 and 1024.
    pub fn new(slots: u16) -> Result<Self, UnknownSize> {
        match hashing::lease_tree_levels(slots) {
            Some(_) => Ok(Self(slots)),
            None => Err(UnknownSize { got: slots }),
        }
    }

    pub const fn get(self) -> u16 {
        self.0
    }

    pub fn slots(self) -> usize {
        usize::from(self.0)
    }
}

impl BatchSize {
    /// The smallest size that holds `orders`; none if no size does.
    pub fn holding(orders: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|size| orders <= size.slots())
    }

    /// Every size that batches of at most `max_orders` orders may need, ascending.
    pub fn up_to(max_orders: u16) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |size| size.get() <= max_orders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_size_that_holds_a_batch_is_taken() {
        let holding = |orders| BatchSize::holding(orders).map(BatchSize::get);
        assert_eq!(
            [0, 1, 16, 17, 64, 65, 256, 257, 1024].map(holding),
            [16, 16, 16, 64, 64, 256, 256, 1024, 1024].map(Some)
        );
        assert_eq!(holding(1025), None);
    }

    #[test]
    fn a_market_needs_every_size_up_to_its_own() {
        let up_to = |orders| BatchSize::up_to(orders).map(BatchSize::get).collect::<Vec<_>>();
        assert_eq!(up_to(64), [16, 64]);
        assert_eq!(up_to(1024), [16, 64, 256, 1024]);
        assert!(up_to(15).is_empty());
    }

    #[test]
    fn only_the_four_sizes_exist() {
        for size in BatchSize::ALL {
            assert_eq!(BatchSize::new(size.get()), Ok(size));
        }
        for got in [0, 4, 15, 17, 4096] {
            assert_eq!(BatchSize::new(got), Err(UnknownSize { got }));
        }
    }
}
