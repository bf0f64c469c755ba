//! Integers of 64 bits and less: overflow checks, signed division, sign extension, dense matches.

use super::digest::Digest;
use super::operands::Operands;

pub fn checked(o: &Operands, digest: &mut Digest) {
    let (a, b) = (o.a, o.b);
    digest.fold(a.checked_mul(b).unwrap_or(1) as u128);
    digest.fold_signed((a as i64).checked_mul((b as i64 >> 1).wrapping_neg()).unwrap_or(2) as i128);
    digest.fold((a as u32).checked_mul(b as u32).unwrap_or(3) as u128);
    digest.fold_signed((a as i32).checked_mul(b as i32).unwrap_or(4) as i128);
    digest.fold((a as u16).checked_mul(b as u16).unwrap_or(5) as u128);
    digest.fold_signed((a as i8).checked_mul(b as i8).unwrap_or(6) as i128);
    digest.fold(a.checked_add(b).unwrap_or(7) as u128);
    digest.fold((a as u32).checked_sub(b as u32).unwrap_or(8) as u128);
}

/// BPF v2 has no signed division: the legaliser builds it from the unsigned one.
pub fn signed_division(o: &Operands, digest: &mut Digest) {
    let (a, b) = (o.a, o.b);
    digest.fold_signed((a as i8).wrapping_rem((b as i8) | 1) as i128);
    digest.fold_signed((a as i16).wrapping_div((b as i16) | 1) as i128);
    digest.fold_signed((a as i32).wrapping_div((b as i32) | 1) as i128);
    digest.fold_signed((a as i64).wrapping_rem((b as i64) | 1) as i128);
    digest.fold_signed((a as i64).wrapping_div((b as i64).wrapping_neg() | 1) as i128);
    digest.fold_signed((a as i64).div_euclid((b as i64 >> 1) | 1) as i128);
}

pub fn sign_extension(o: &Operands, digest: &mut Digest) {
    let (a, b) = (o.a, o.b);
    digest.fold_signed((a as i64 >> (b & 63)) as i128);
    digest.fold_signed(((a as i32) >> (b & 31)) as i128);
    digest.fold_signed((a as u8 as i8 as i64) as i128);
    digest.fold((a as u16 as i16 as i64 > b as i32 as i64) as u128);
    digest.fold((a.swap_bytes() ^ b.reverse_bits()) as u128);
}

/// Constants without a formula, so that the compiler emits a table rather than arithmetic.
pub fn jump_table(o: &Operands, digest: &mut Digest) {
    digest.fold(match (o.a % 13) as u8 {
        0 => 11,
        1 => 22,
        2 => 7,
        3 => 1,
        4..=6 => o.b as u128,
        7 => 99,
        8 => 3,
        _ => 0,
    });
}
