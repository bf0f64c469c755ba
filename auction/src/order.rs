//! An order as its trader writes it, before it is sealed.
//!
//! Must never hold the owner or the secret: those belong to whoever seals or opens it, and a type
//! that is logged must not carry them. From SPEC sections 1 and 4.

use core::fmt;

use sha2::{Digest, Sha256};

use crate::units::{DurationSeconds, Gpus, PriceMicro};

/// What a bid asks for when it names no duration.
pub const DEFAULT_BID_DURATION: DurationSeconds = duration(3600);
/// What an ask offers when it names no duration: the longest there is.
pub const DEFAULT_ASK_DURATION: DurationSeconds = DurationSeconds::MAX;

/// Bytes before the GPU type in the preimage of a market's tag.
const MARKET_TAG_DOMAIN: &[u8] = b"obscura-market-v1:";

/// The terms of one order. `price` is a bid's limit, or the least that an ask accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub side: Side,
    pub market: MarketTag,
    pub price: PriceMicro,
    pub qty: Gpus,
    pub min_qty: Gpus,
    pub duration: DurationSeconds,
}

/// Which way an order trades; the discriminant is the bit that is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Side {
    Bid = 0,
    Ask = 1,
}

/// A byte that is neither 0 (bid) nor 1 (ask).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("side must be 0 (bid) or 1 (ask), got {got}")]
pub struct UnknownSide {
    pub got: u8,
}

impl TryFrom<u8> for Side {
    type Error = UnknownSide;

    fn try_from(byte: u8) -> Result<Self, UnknownSide> {
        match byte {
            0 => Ok(Self::Bid),
            1 => Ok(Self::Ask),
            got => Err(UnknownSide { got }),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bid => "bid",
            Self::Ask => "ask",
        })
    }
}

/// Names a market inside hashes: 8 bytes, derived from the GPU type, so sealing needs no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarketTag(u64);

impl MarketTag {
    /// First 8 bytes of SHA-256 of `obscura-market-v1:` and the GPU type in UTF-8, as it stands:
    /// no trimming, no change of case.
    pub fn of(gpu_type: &str) -> Self {
        let digest: [u8; 32] =
            Sha256::new().chain_update(MARKET_TAG_DOMAIN).chain_update(gpu_type).finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Self(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    pub const fn from_u64(tag: u64) -> Self {
        Self(tag)
    }

    pub const fn get(self) -> u64 {
        self.0
    }

    pub const fn to_be_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for MarketTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Only for constants: a number out of range stops the compiler.
const fn duration(seconds: u32) -> DurationSeconds {
    match DurationSeconds::new(seconds) {
        Ok(duration) => duration,
        Err(_) => panic!("constant out of range"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_decoded_strictly() {
        assert_eq!(Side::try_from(0), Ok(Side::Bid));
        assert_eq!(Side::try_from(1), Ok(Side::Ask));
        assert_eq!(Side::try_from(2), Err(UnknownSide { got: 2 }));
    }
}
