//! An order's secret: what hides it until it is opened, and its leases' terms for ever.
//!
//! Stored reduced modulo `r`, so two texts of one secret compare equal. Must never be printed,
//! logged or left in memory after use; `to_hex` is the one way out.

use obscura_auction::field::{FieldBytes, reduce};
use rand::{CryptoRng, RngCore};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A secret, reduced. A fresh one per attempt: reusing one links commitments.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(FieldBytes);

/// A text that is not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    #[error("a secret is 64 hex digits, got {got} characters")]
    Length { got: usize },
    #[error("a secret is 64 hex digits; this has another character in it")]
    NotHex,
}

impl Secret {
    /// A fresh secret.
    pub fn random(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut());
        Self::from_bytes(*bytes)
    }

    /// Reduces 32 big-endian bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(reduce(bytes))
    }

    /// Reads 64 hex digits of either case.
    pub fn from_hex(text: &str) -> Result<Self, SecretError> {
        let got = text.chars().count();
        if got != 64 {
            return Err(SecretError::Length { got });
        }
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text, bytes.as_mut()).map_err(|_| SecretError::NotHex)?;
        Ok(Self::from_bytes(*bytes))
    }

    /// The reduced bytes, big-endian.
    pub fn reduced(&self) -> &FieldBytes {
        &self.0
    }

    /// 64 lower-case hex digits of the reduced secret.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_auction::field::{MODULUS, ZERO, from_u128};

    #[test]
    fn a_secret_is_stored_reduced() {
        assert_eq!(Secret::from_bytes(MODULUS).reduced(), &ZERO);
        let mut modulus_plus_five = MODULUS;
        modulus_plus_five[31] += 5;
        assert_eq!(Secret::from_bytes(modulus_plus_five).reduced(), &from_u128(5));
    }

    #[test]
    fn a_secret_never_shows_in_debug_output() {
        let secret = Secret::from_bytes([7; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
    }

    #[test]
    fn a_malformed_text_says_what_is_wrong() {
        assert_eq!(Secret::from_hex("12").err(), Some(SecretError::Length { got: 2 }));
        let text = "g".repeat(64);
        assert_eq!(Secret::from_hex(&text).err(), Some(SecretError::NotHex));
    }

    #[test]
    fn hex_of_either_case_reads_back() {
        let text = "0A".repeat(32);
        let secret = Secret::from_hex(&text).unwrap();
        assert_eq!(secret.to_hex().as_str(), text.to_lowercase());
    }
}
