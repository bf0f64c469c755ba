//! 128-bit integers: the legaliser turns each of these into a call of its runtime.

use super::digest::Digest;
use super::operands::Operands;

pub fn arithmetic(o: &Operands, digest: &mut Digest) {
    digest.fold(o.x.wrapping_mul(o.y));
    digest.fold(o.x / (o.y | 1));
    digest.fold(o.x % (o.y | 1));
    digest.fold_signed(o.signed_x.wrapping_div(o.signed_y | 1));
    digest.fold_signed(o.signed_x.wrapping_rem(o.signed_y | 1));
    digest.fold((o.x.leading_zeros() + o.y.trailing_zeros() * 1000 + o.x.count_ones() * 1_000_000) as u128);
    digest.fold(o.x.swap_bytes() ^ o.y.reverse_bits());
}

pub fn shifts(o: &Operands, digest: &mut Digest) {
    let (left, right) = (o.a & 127, o.b & 127);
    digest.fold(o.x << left);
    digest.fold(o.x >> right);
    digest.fold_signed(o.signed_x >> right);
    digest.fold(o.y.rotate_left(left as u32));
}

/// Overflow is an answer here, not an error: each fallback is a value of its own.
pub fn checked(o: &Operands, digest: &mut Digest) {
    digest.fold(o.x.checked_mul(o.y).unwrap_or(77));
    digest.fold_signed(o.signed_x.checked_mul(o.signed_y).unwrap_or(-78));
    digest.fold_signed(o.signed_x.checked_add(o.signed_y).unwrap_or(5));
    digest.fold_signed(o.signed_x.checked_sub(o.signed_y).unwrap_or(6));
    digest.fold(o.x.checked_add(o.y).unwrap_or(8));
    digest.fold(o.x.checked_sub(o.y).unwrap_or(9));
    digest.fold(o.x.saturating_mul(o.y));
}
