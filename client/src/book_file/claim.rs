//! A clearing that somebody claims: the text of an outcome, with whatever numbers.
//!
//! Must never refuse a wrong number: those are for `verdict` to name. From SPEC section 7.1.

use serde::de::{self, MapAccess};

use super::malformed::{Kind, Malformed};
use super::numbers::{Nullable, Number};
use super::reading::{List, Object, Reading, Value, read};

/// A clearing as claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub price_micro: Option<u64>,
    pub lo: Option<u64>,
    pub hi: Option<u64>,
    pub volume: u64,
    pub fills: Vec<ClaimedFill>,
    pub refused_for_size: Vec<u64>,
}

/// What one order got, and pays or earns, as claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedFill {
    pub index: u64,
    pub qty: u64,
    pub amount_micro: u64,
}

/// Reads a claimed clearing.
pub fn read_claim(text: &[u8]) -> Result<Claim, Malformed> {
    read::<_, ClaimFields>(text, ())
}

#[derive(Default)]
struct ClaimFields {
    price_micro: Option<Option<u64>>,
    lo: Option<Option<u64>>,
    hi: Option<Option<u64>>,
    volume: Option<u64>,
    fills: Option<Vec<ClaimedFill>>,
    refused_for_size: Option<Vec<u64>>,
}

impl<'de> Object<'de, ()> for ClaimFields {
    type Whole = Claim;
    const KIND: Kind =
        Kind { name: "a clearing", fields: "priceMicro, lo, hi, volume, fills, refusedForSize" };

    fn field<A: MapAccess<'de>>(&mut self, name: &str, value: Value<'_, 'de, A, ()>) -> Result<(), A::Error> {
        match name {
            "priceMicro" => value.read_into::<Nullable<u64>>(&mut self.price_micro),
            "lo" => value.read_into::<Nullable<u64>>(&mut self.lo),
            "hi" => value.read_into::<Nullable<u64>>(&mut self.hi),
            "volume" => value.read_into::<Number<u64>>(&mut self.volume),
            "fills" => value.read_into::<List<FillFields>>(&mut self.fills),
            "refusedForSize" => value.read_into::<List<Number<u64>>>(&mut self.refused_for_size),
            _ => value.unknown(),
        }
    }

    fn whole<E: de::Error>(self, reading: &mut Reading<'de, ()>) -> Result<Claim, E> {
        Ok(Claim {
            price_micro: reading.required::<Self, _, E>("priceMicro", self.price_micro)?,
            lo: reading.required::<Self, _, E>("lo", self.lo)?,
            hi: reading.required::<Self, _, E>("hi", self.hi)?,
            volume: reading.required::<Self, _, E>("volume", self.volume)?,
            fills: reading.required::<Self, _, E>("fills", self.fills)?,
            refused_for_size: reading.required::<Self, _, E>("refusedForSize", self.refused_for_size)?,
        })
    }
}

#[derive(Default)]
struct FillFields {
    index: Option<u64>,
    qty: Option<u64>,
    amount_micro: Option<u64>,
}

impl<'de> Object<'de, ()> for FillFields {
    type Whole = ClaimedFill;
    const KIND: Kind = Kind { name: "a fill", fields: "index, qty, amountMicro" };

    fn field<A: MapAccess<'de>>(&mut self, name: &str, value: Value<'_, 'de, A, ()>) -> Result<(), A::Error> {
        match name {
            "index" => value.read_into::<Number<u64>>(&mut self.index),
            "qty" => value.read_into::<Number<u64>>(&mut self.qty),
            "amountMicro" => value.read_into::<Number<u64>>(&mut self.amount_micro),
            _ => value.unknown(),
        }
    }

    fn whole<E: de::Error>(self, reading: &mut Reading<'de, ()>) -> Result<ClaimedFill, E> {
        Ok(ClaimedFill {
            index: reading.required::<Self, _, E>("index", self.index)?,
            qty: reading.required::<Self, _, E>("qty", self.qty)?,
            amount_micro: reading.required::<Self, _, E>("amountMicro", self.amount_micro)?,
        })
    }
}
