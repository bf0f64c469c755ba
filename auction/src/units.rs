//! The market's quantities as types: a value that exists is in range.
//!
//! Must never offer arithmetic that can leave the range, nor a conversion between quantities.
//! Ranges are those of SPEC section 1; a bare number is turned into a unit once, at the edge.

use core::fmt;

/// A number outside the range of its quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{quantity} must be between {min} and {max}, got {got}")]
pub struct OutOfRange {
    pub quantity: &'static str,
    pub min: u64,
    pub max: u64,
    pub got: u64,
}

macro_rules! ranged_unit {
    ($(#[$doc:meta])* $name:ident($int:ty), $quantity:literal, $min:expr, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name($int);

        impl $name {
            pub const MIN: Self = Self($min);
            pub const MAX: Self = Self($max);

            /// Fails with the range and the number given when that is outside `MIN..=MAX`.
            #[allow(clippy::absurd_extreme_comparisons)]
            pub const fn new(value: $int) -> Result<Self, OutOfRange> {
                if value < Self::MIN.0 || value > Self::MAX.0 {
                    return Err(Self::out_of_range(value as u64));
                }
                Ok(Self(value))
            }

            pub const fn get(self) -> $int {
                self.0
            }

            const fn out_of_range(got: u64) -> OutOfRange {
                OutOfRange { quantity: $quantity, min: Self::MIN.0 as u64, max: Self::MAX.0 as u64, got }
            }
        }

        /// For numbers from JSON and files, which are wider than the unit.
        impl TryFrom<u64> for $name {
            type Error = OutOfRange;

            fn try_from(value: u64) -> Result<Self, OutOfRange> {
                Self::new(<$int>::try_from(value).map_err(|_| Self::out_of_range(value))?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

ranged_unit!(
    /// A price in micro-USDC per GPU-hour; 40 bits, never zero.
    PriceMicro(u64), "priceMicro", 1, (1 << 40) - 1
);
ranged_unit!(
    /// A number of GPUs in one order, fill or lease; 13 bits, never zero.
    Gpus(u16), "qty", 1, 4096
);
ranged_unit!(
    /// How long a lease runs, in seconds; 22 bits, a minute to thirty days.
    DurationSeconds(u32), "durationSeconds", 60, 2_592_000
);
ranged_unit!(
    /// The market's fee in hundredths of a percent of a lease's amount.
    FeeBps(u16), "feeBps", 0, 10_000
);

impl PriceMicro {
    /// `floor((a + b) / 2)`; never outside the two prices, so never out of range.
    pub const fn midpoint_floor(self, other: Self) -> Self {
        Self(self.0.midpoint(other.0))
    }
}

impl Gpus {
    /// One GPU: the `minQty` of every ask.
    pub const ONE: Self = Self::MIN;
}

/// An amount of money in micro-USDC; any `u64`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MicroUsdc(u64);

impl MicroUsdc {
    pub const ZERO: Self = Self(0);

    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    pub const fn get(self) -> u64 {
        self.0
    }

    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }
}

impl fmt::Display for MicroUsdc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_accepts_both_ends_of_its_range_and_nothing_beyond() {
        assert!(PriceMicro::new(1).is_ok() && PriceMicro::new((1 << 40) - 1).is_ok());
        assert!(PriceMicro::new(0).is_err() && PriceMicro::new(1 << 40).is_err());
        assert!(Gpus::new(1).is_ok() && Gpus::new(4096).is_ok());
        assert!(Gpus::new(0).is_err() && Gpus::new(4097).is_err());
        assert!(DurationSeconds::new(60).is_ok() && DurationSeconds::new(2_592_000).is_ok());
        assert!(DurationSeconds::new(59).is_err() && DurationSeconds::new(2_592_001).is_err());
        assert!(FeeBps::new(0).is_ok() && FeeBps::new(10_000).is_ok());
        assert!(FeeBps::new(10_001).is_err());
    }

    #[test]
    fn a_number_too_wide_for_the_unit_is_reported_whole_not_cut() {
        let error = Gpus::try_from(65_537_u64).expect_err("65,537 cut to 16 bits would be 1");
        assert_eq!(error, OutOfRange { quantity: "qty", min: 1, max: 4096, got: 65_537 });
    }

    #[test]
    fn money_never_wraps() {
        assert_eq!(MicroUsdc::new(u64::MAX).checked_add(MicroUsdc::new(1)), None);
        assert_eq!(MicroUsdc::ZERO.checked_sub(MicroUsdc::new(1)), None);
    }
}
