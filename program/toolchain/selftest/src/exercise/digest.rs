//! A running 128-bit digest; it mixes well enough that one wrong bit changes the result. Not a
//! cryptographic hash.

const MULTIPLIER: u128 = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835;
const START: u128 = 0x1234;

pub struct Digest(u128);

impl Digest {
    pub fn new() -> Self {
        Self(START)
    }

    pub fn fold(&mut self, value: u128) {
        self.0 = (self.0.rotate_left(29) ^ value).wrapping_mul(MULTIPLIER);
    }

    /// Folds a signed value, sign-extended to 128 bits.
    pub fn fold_signed(&mut self, value: i128) {
        self.fold(value as u128);
    }

    pub fn to_le_bytes(&self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}
