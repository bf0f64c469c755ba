//! Calls with more than five argument registers, direct and through a vtable: the legaliser packs
//! the tail of the arguments into a struct on the caller's frame.

use super::digest::Digest;
use super::operands::{Operands, Rng};

pub fn many_arguments(o: &Operands, digest: &mut Digest) {
    let (a, b) = (o.a, o.b);
    digest.fold(mix(a, b, a ^ 1, b ^ 2, a.wrapping_add(3), !b, o.x, o.signed_y));
}

/// Which shape is called depends on the operands, so that the call cannot be devirtualised.
pub fn through_a_vtable(o: &Operands, rng: &mut Rng, digest: &mut Digest) {
    let shapes: Vec<Box<dyn Shape>> = vec![
        Box::new(Scaled(o.a)),
        Box::new(Summed { divided: o.b as i64, bytes: o.a.to_le_bytes().to_vec() }),
    ];
    let shape = &shapes[(rng.next() & 1) as usize];
    digest.fold_signed(shape.area(o.a, o.b, rng.next(), rng.next(), rng.next(), rng.next()));
}

// More arguments than registers is the very thing under test.
#[allow(clippy::too_many_arguments)]
#[inline(never)]
fn mix(a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u128, h: i128) -> u128 {
    let product = (a ^ b.rotate_left(3)) as u128 * (c.wrapping_add(d) as u128);
    let pair = e as u128 ^ (f as u128) << 64;
    product.wrapping_add(pair) ^ g.wrapping_mul(3) ^ (h as u128).rotate_right(17)
}

#[allow(clippy::too_many_arguments)]
trait Shape {
    fn area(&self, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64) -> i128;
}

struct Scaled(u64);

impl Shape for Scaled {
    fn area(&self, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64) -> i128 {
        let scaled = (self.0 as i128).wrapping_mul(a as i128 - b as i128);
        scaled.wrapping_add((c % (d | 1)) as i128).wrapping_sub((e / (f | 1)) as i128)
    }
}

struct Summed {
    divided: i64,
    bytes: Vec<u8>,
}

impl Shape for Summed {
    fn area(&self, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64) -> i128 {
        let quotient = (self.divided as i128) / ((a as i128 - b as i128) | 1);
        let sum = self.bytes.iter().map(|byte| *byte as i128).sum::<i128>();
        quotient + sum * ((c ^ d ^ e ^ f) as i64 as i128)
    }
}
