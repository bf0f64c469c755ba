//! Numbers of a text: whole, in digits alone, and in the range of their quantity.
//!
//! Must never round, cut or wrap one.

use std::fmt;
use std::marker::PhantomData;

use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use serde::de::{self, Deserializer, Visitor};

use super::malformed::Problem;
use super::reading::{Readable, Reading};

/// From here on a number is no `u64`, and the parser hands it over as a float.
const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;

/// What a number can stand for; it converts from exactly the numbers of its range.
pub(super) trait Quantity: TryFrom<u64> {
    const MIN: u64;
    const MAX: u64;
}

impl Quantity for PriceMicro {
    const MIN: u64 = Self::MIN.get();
    const MAX: u64 = Self::MAX.get();
}

impl Quantity for Gpus {
    const MIN: u64 = Self::MIN.get() as u64;
    const MAX: u64 = Self::MAX.get() as u64;
}

impl Quantity for DurationSeconds {
    const MIN: u64 = Self::MIN.get() as u64;
    const MAX: u64 = Self::MAX.get() as u64;
}

/// An order's index.
impl Quantity for u32 {
    const MIN: u64 = 0;
    const MAX: u64 = u32::MAX as u64;
}

/// A number that somebody claims, in whatever range.
impl Quantity for u64 {
    const MIN: u64 = 0;
    const MAX: u64 = u64::MAX;
}

/// How a quantity stands in a text.
pub(super) struct Number<Q>(PhantomData<Q>);

impl<'de, N, Q: Quantity> Readable<'de, N> for Number<Q> {
    type Value = Q;

    fn read<D: Deserializer<'de>>(json: D, reading: &mut Reading<'de, N>) -> Result<Q, D::Error> {
        json.deserialize_u64(NumberVisitor(reading, PhantomData))
    }
}

struct NumberVisitor<'r, 'de, N, Q>(&'r mut Reading<'de, N>, PhantomData<Q>);

impl<N, Q: Quantity> NumberVisitor<'_, '_, N, Q> {
    fn out_of_range<E: de::Error>(self, got: impl fmt::Display) -> E {
        let field = self.0.field_name();
        self.0.stop(Problem::OutOfRange { field, min: Q::MIN, max: Q::MAX, got: got.to_string() })
    }
}

impl<N, Q: Quantity> Visitor<'_> for NumberVisitor<'_, '_, N, Q> {
    type Value = Q;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Q, E> {
        Q::try_from(number).map_err(|_| self.out_of_range(number))
    }

    /// Only negative numbers come this way.
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Q, E> {
        Err(self.out_of_range(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Q, E> {
        if number.fract() == 0.0 && number.abs() >= TWO_TO_64 {
            return Err(self.out_of_range(format_args!("about {number:e}")));
        }
        Err(self.0.stop(Problem::NotWhole { got: number.to_string() }))
    }
}

/// How a quantity stands where null means none.
pub(super) struct Nullable<Q>(PhantomData<Q>);

impl<'de, N, Q: Quantity> Readable<'de, N> for Nullable<Q> {
    type Value = Option<Q>;

    fn read<D: Deserializer<'de>>(json: D, reading: &mut Reading<'de, N>) -> Result<Option<Q>, D::Error> {
        json.deserialize_option(NullableVisitor(reading, PhantomData))
    }
}

struct NullableVisitor<'r, 'de, N, Q>(&'r mut Reading<'de, N>, PhantomData<Q>);

impl<'de, N, Q: Quantity> Visitor<'de> for NullableVisitor<'_, 'de, N, Q> {
    type Value = Option<Q>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Option<Q>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, json: D) -> Result<Option<Q>, D::Error> {
        Number::<Q>::read(json, self.0).map(Some)
    }
}
