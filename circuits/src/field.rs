//! Field elements to and from 32 big-endian bytes.
//!
//! Must never reduce silently: a number that is not below the modulus is an error here. Reducing a
//! key or a secret is `auction::field::reduce`, by name.

use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};
use obscura_auction::field::{FieldBytes, is_canonical};

/// Bytes that are not a number below the modulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a field element: the number is not below the modulus")]
pub struct NotCanonical;

/// The element that `bytes` stand for.
pub fn element(bytes: &FieldBytes) -> Result<Fr, NotCanonical> {
    if !is_canonical(bytes) {
        return Err(NotCanonical);
    }
    Ok(Fr::from_be_bytes_mod_order(bytes))
}

/// The 32 bytes of an element.
pub fn bytes(element: Fr) -> FieldBytes {
    let mut bytes = [0; 32];
    let digits = element.into_bigint().to_bytes_be();
    for (out, digit) in bytes.iter_mut().rev().zip(digits.into_iter().rev()) {
        *out = digit;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::{AdditiveGroup, Field};
    use obscura_auction::field::MODULUS;

    #[test]
    fn the_modulus_is_the_one_that_the_curve_has() {
        let mut largest = MODULUS;
        largest[31] -= 1;
        assert_eq!(element(&largest), Ok(Fr::ZERO - Fr::ONE));
        assert_eq!(element(&MODULUS), Err(NotCanonical));
    }

    #[test]
    fn bytes_and_elements_round_trip() {
        let mut expected = [0; 32];
        expected[30..].copy_from_slice(&[0x12, 0x34]);
        assert_eq!(bytes(Fr::from(0x1234u64)), expected);
        assert_eq!(element(&bytes(-Fr::ONE)), Ok(-Fr::ONE));
    }
}
