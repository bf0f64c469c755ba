//! One round's operands: two 64-bit, two unsigned and two signed 128-bit integers.

/// Xorshift, 64 bits. A zero seed would stay zero, so the lowest bit of the state is not the seed's.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed << 1 | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn next_wide(&mut self) -> u128 {
        (self.next() as u128) << 64 | self.next() as u128
    }
}

pub struct Operands {
    pub a: u64,
    pub b: u64,
    pub x: u128,
    pub y: u128,
    /// `x` with a random sign.
    pub signed_x: i128,
    /// `y`, negated.
    pub signed_y: i128,
}

impl Operands {
    /// Draws operands of random magnitude.
    pub fn draw(rng: &mut Rng) -> Self {
        let a = rng.next() >> (rng.next() % 64);
        let b = rng.next() >> (rng.next() % 64);
        let x = rng.next_wide() >> (rng.next() % 128);
        let y = rng.next_wide() >> (rng.next() % 128);
        let sign = if rng.next() & 1 == 0 { 1 } else { -1 };
        let signed_x = (x as i128).wrapping_mul(sign);
        Self { a, b, x, y, signed_x, signed_y: (y as i128).wrapping_neg() }
    }
}
