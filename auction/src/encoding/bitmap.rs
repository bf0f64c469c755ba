//! One bit per order of a batch, least significant first: bit `i % 8` of byte `i / 8` (SPEC 6).
//!
//! Must never grow or be shortened with the batch: it always has room for the largest one, and the
//! bits past its orders are zero.

use crate::field::{self, FieldBytes};

/// Room for 1,024 orders, the largest batch.
pub const BITMAP_BYTES: usize = 128;
/// Bits of a bitmap that go into one field element.
pub const LIMB_BITS: usize = 253;
/// Field elements that hold a whole bitmap.
pub const LIMBS: usize = 5;

/// Which orders of a batch something is true of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bitmap([u8; BITMAP_BYTES]);

impl Default for Bitmap {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Bitmap {
    pub const EMPTY: Self = Self([0; BITMAP_BYTES]);

    pub const fn from_bytes(bytes: [u8; BITMAP_BYTES]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; BITMAP_BYTES] {
        &self.0
    }

    /// Sets bit `index`; answers whether it exists.
    #[must_use = "an index past the bitmap sets nothing"]
    pub fn set(&mut self, index: usize) -> bool {
        match self.0.get_mut(index / 8) {
            Some(byte) => {
                *byte |= 1 << (index % 8);
                true
            }
            None => false,
        }
    }

    /// Whether bit `index` is set; bits past the bitmap never are.
    pub fn get(&self, index: usize) -> bool {
        self.0.get(index / 8).is_some_and(|byte| byte >> (index % 8) & 1 == 1)
    }

    /// How many bits are set.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|byte| byte.count_ones()).sum()
    }

    /// Whether every bit set here is set in `other`.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, theirs)| own & !theirs == 0)
    }

    /// Whether no bit at or past `len` is set.
    pub fn fits(&self, len: usize) -> bool {
        let in_last = (1_u8 << (len % 8)) - 1;
        let mut past = self.0.iter().skip(len / 8);
        past.next().is_none_or(|byte| byte & !in_last == 0) && past.all(|byte| *byte == 0)
    }

    /// Five elements of 253 bits: bit `i` is bit `i % 253` of limb `i / 253`.
    pub fn limbs(&self) -> [FieldBytes; LIMBS] {
        [0, 1, 2, 3, 4].map(|limb| self.limb(limb))
    }

    fn limb(&self, limb: usize) -> FieldBytes {
        let (first_byte, shift) = (limb * LIMB_BITS / 8, limb * LIMB_BITS % 8);
        let [a, b, c, d, past] = [0, 1, 2, 3, 4].map(|word| self.word(first_byte + word * 8));
        let shifted = |low: u64, high: u64| (low >> shift) | ((high << 1) << (63 - shift));
        let mut element = field::ZERO;
        let words = [shifted(d, past), shifted(c, d), shifted(b, c), shifted(a, b)];
        for (out, word) in element.chunks_exact_mut(8).zip(words) {
            out.copy_from_slice(&word.to_be_bytes());
        }
        // 32 bytes hold 256 bits; the top three belong to the next limb.
        element[0] &= 0x1f;
        element
    }

    /// Eight bytes from `start` on as a number; zeros past the end.
    fn word(&self, start: usize) -> u64 {
        let mut word = [0; 8];
        let bytes = self.0.get(start..).unwrap_or_default();
        match bytes.first_chunk() {
            Some(whole) => word = *whole,
            None => word.iter_mut().zip(bytes).for_each(|(out, byte)| *out = *byte),
        }
        u64::from_le_bytes(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bitmap(indices: &[usize]) -> Bitmap {
        let mut map = Bitmap::EMPTY;
        assert!(indices.iter().all(|&index| map.set(index)));
        map
    }

    #[test]
    fn bit_i_is_bit_i_mod_8_of_byte_i_div_8() {
        let map = bitmap(&[0, 9, 1023]);
        assert_eq!((map.as_bytes()[0], map.as_bytes()[1], map.as_bytes()[127]), (1, 2, 0x80));
        assert!(map.get(9) && !map.get(8));
        assert_eq!(map.count(), 3);
    }

    #[test]
    fn an_index_past_the_bitmap_is_neither_set_nor_readable() {
        let mut map = Bitmap::EMPTY;
        assert!(!map.set(1024));
        assert!(!map.get(1024));
        assert_eq!(map, Bitmap::EMPTY);
    }

    #[test]
    fn every_single_bit_lands_in_its_limb_and_nowhere_else() {
        for index in 0..1024 {
            let mut expected = [field::ZERO; LIMBS];
            let (limb, bit) = (index / 253, index % 253);
            expected[limb][31 - bit / 8] = 1 << (bit % 8);
            assert_eq!(bitmap(&[index]).limbs(), expected, "bit {index}");
        }
    }

    #[test]
    fn a_full_bitmap_fills_four_limbs_and_twelve_bits() {
        let limbs = Bitmap::from_bytes([0xff; BITMAP_BYTES]).limbs();
        let mut full = [0xff; 32];
        full[0] = 0x1f;
        assert_eq!(limbs[..4], [full; 4]);
        assert_eq!(limbs[4], field::from_u128(0xfff));
    }

    #[test]
    fn subset_and_fit_look_at_every_bit() {
        assert!(bitmap(&[3]).is_subset_of(&bitmap(&[3, 1000])));
        assert!(!bitmap(&[3, 1000]).is_subset_of(&bitmap(&[3])));
        assert!(bitmap(&[15]).fits(16) && !bitmap(&[16]).fits(16));
        assert!(bitmap(&[18]).fits(19) && !bitmap(&[19]).fits(19) && !bitmap(&[99]).fits(19));
        assert!(bitmap(&[1023]).fits(1024) && Bitmap::EMPTY.fits(0) && !bitmap(&[0]).fits(0));
    }
}
