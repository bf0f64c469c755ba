//! Code whose result must be the same on every machine: integers of all widths, floats, calls,
//! formatting and collections, folded into one 128-bit digest.
//!
//! Nothing here may depend on pointer width, addresses, time or a random hasher: a difference
//! between two machines has to mean a wrong code generator. Operands come from the seed and are
//! shifted by random amounts, so that every magnitude and the carries between words are hit.

mod calls;
mod collections;
mod digest;
mod narrow;
mod operands;
mod text;
mod wide;

use collections::Collections;
use digest::Digest;
use operands::{Operands, Rng};

/// Runs `rounds` rounds from `seed` and returns the digest, little-endian.
pub fn run(seed: u64, rounds: u32) -> [u8; 16] {
    let mut rng = Rng::new(seed);
    let mut digest = Digest::new();
    let mut collections = Collections::default();
    for round in 0..rounds {
        let operands = Operands::draw(&mut rng);
        wide::arithmetic(&operands, &mut digest);
        wide::shifts(&operands, &mut digest);
        wide::checked(&operands, &mut digest);
        narrow::checked(&operands, &mut digest);
        narrow::signed_division(&operands, &mut digest);
        narrow::sign_extension(&operands, &mut digest);
        narrow::jump_table(&operands, &mut digest);
        calls::many_arguments(&operands, &mut digest);
        calls::through_a_vtable(&operands, &mut rng, &mut digest);
        text::floats(&operands, &mut digest);
        text::format_and_parse(&operands, round, &mut digest);
        collections.insert(&operands, &mut digest);
    }
    collections.finish(&mut digest);
    digest.to_le_bytes()
}
