//! Elements of BN254's scalar field as 32 big-endian bytes, the form the hash takes (SPEC section 3).
//!
//! Must never do field arithmetic beyond bringing a number below the modulus: that is the prover's.

/// A number below [`MODULUS`], big-endian, where nothing else is said.
pub type FieldBytes = [u8; 32];

pub const ZERO: FieldBytes = [0; 32];

/// `r`, the order of BN254's scalar field.
pub const MODULUS: [u8; 32] = [
    0x30, 0x64, 0x4e, 0x72, 0xe1, 0x31, 0xa0, 0x29, 0xb8, 0x50, 0x45, 0xb6, 0x81, 0x81, 0x58, 0x5d, 0x28,
    0x33, 0xe8, 0x48, 0x79, 0xb9, 0x70, 0x91, 0x43, 0xe1, 0xf5, 0x93, 0xf0, 0x00, 0x00, 0x01,
];

/// How often `r` goes into the largest 256-bit number.
const MAX_SUBTRACTIONS: usize = 5;

/// The number modulo `r`: what a public key, program id or secret stands for inside a hash.
pub fn reduce(bytes: [u8; 32]) -> FieldBytes {
    let mut value = bytes;
    for _ in 0..MAX_SUBTRACTIONS {
        if is_canonical(&value) {
            break;
        }
        value = difference(&value, &MODULUS);
    }
    value
}

/// Whether the number is below `r`.
pub fn is_canonical(bytes: &[u8; 32]) -> bool {
    bytes < &MODULUS
}

pub const fn from_u128(value: u128) -> FieldBytes {
    from_words(0, value)
}

/// `high * 2^128 + low`. The caller keeps `high` below `r / 2^128`, about 2^125.
pub(crate) const fn from_words(high: u128, low: u128) -> FieldBytes {
    let (high, low) = (high.to_be_bytes(), low.to_be_bytes());
    let mut bytes = ZERO;
    let (front, back) = bytes.split_at_mut(16);
    front.copy_from_slice(&high);
    back.copy_from_slice(&low);
    bytes
}

/// `r - value`, and zero for zero.
pub(crate) fn negative(value: u64) -> FieldBytes {
    if value == 0 { ZERO } else { difference(&MODULUS, &from_u128(u128::from(value))) }
}

/// `from - taken`, which is not above it.
fn difference(from: &[u8; 32], taken: &[u8; 32]) -> [u8; 32] {
    let mut difference = ZERO;
    let mut borrow = false;
    let words = difference.chunks_exact_mut(8).zip(from.chunks_exact(8)).zip(taken.chunks_exact(8));
    for ((out, a), b) in words.rev() {
        let (partial, first) = word(a).overflowing_sub(word(b));
        let (word, second) = partial.overflowing_sub(u64::from(borrow));
        out.copy_from_slice(&word.to_be_bytes());
        borrow = first || second;
    }
    difference
}

/// Eight bytes, big-endian.
fn word(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modulus_plus(small: u8) -> [u8; 32] {
        let mut bytes = MODULUS;
        bytes[31] += small;
        bytes
    }

    #[test]
    fn a_negative_and_its_number_add_up_to_the_modulus() {
        assert_eq!(negative(0), ZERO);
        for value in [1, 0xffff, u64::MAX] {
            assert_eq!(difference(&MODULUS, &negative(value)), from_u128(u128::from(value)));
        }
    }

    #[test]
    fn the_modulus_is_zero_and_its_neighbours_are_one_and_minus_one() {
        let mut below = MODULUS;
        below[31] = 0;
        assert_eq!(reduce(MODULUS), ZERO);
        assert_eq!(reduce(modulus_plus(1)), from_u128(1));
        assert_eq!(reduce(below), below);
    }

    #[test]
    fn canonical_means_below_the_modulus() {
        assert!(is_canonical(&ZERO));
        assert!(!is_canonical(&MODULUS));
        assert!(!is_canonical(&[0xff; 32]));
    }

    #[test]
    fn the_largest_number_is_reduced_fully() {
        // 2^256 - 1 = 5r + remainder; the remainder is added back five times.
        let mut sum = reduce([0xff; 32]);
        assert!(is_canonical(&sum));
        for _ in 0..5 {
            let mut carry = 0_u16;
            for (byte, r) in sum.iter_mut().zip(&MODULUS).rev() {
                let total = u16::from(*byte) + u16::from(*r) + carry;
                *byte = total as u8;
                carry = total >> 8;
            }
            assert_eq!(carry, 0);
        }
        assert_eq!(sum, [0xff; 32]);
    }

    #[test]
    fn a_word_lands_in_the_low_bytes() {
        let bytes = from_u128(0x0102);
        assert_eq!((bytes[29], bytes[30], bytes[31]), (0, 1, 2));
        assert_eq!(from_words(1, 0)[15], 1);
    }
}
