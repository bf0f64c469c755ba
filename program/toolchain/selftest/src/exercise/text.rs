//! Floating point (software routines on this target), formatting and parsing.

use super::digest::Digest;
use super::operands::Operands;

pub fn floats(o: &Operands, digest: &mut Digest) {
    let (a, b) = (o.a as f64, o.b as f64);
    digest.fold((a * 1.5 + b / 3.0).to_bits() as u128);
    digest.fold((a - b).to_bits() as u128);
    let smaller = if o.a < o.b { a } else { b };
    digest.fold((smaller * 0.001) as u64 as u128);
    digest.fold((a < b) as u128 + 2 * (a == b) as u128);
    digest.fold_signed((o.b as i64 as f64 * -0.5) as i64 as i128);
    let single = (a / 7.0) as f32;
    digest.fold(single.to_bits() as u128);
    digest.fold((single * 1.5 - single / 3.0).to_bits() as u128);
    digest.fold((single as f64 + b).to_bits() as u128);
}

pub fn format_and_parse(o: &Operands, round: u32, digest: &mut Digest) {
    let debugged = (o.b as i32, "q\"é\n");
    let text = format!("{:>20}|{:x}|{debugged:?}|{}|{round:08.3}", o.a, o.x, o.signed_x);
    for byte in text.bytes() {
        digest.fold(byte as u128);
    }
    let parsed = text.split('|').nth(1).and_then(|hex| u128::from_str_radix(hex, 16).ok());
    digest.fold(parsed.unwrap_or(1) ^ o.x);
}
