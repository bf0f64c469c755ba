//! Section 4: the coefficients that the ceremony's tool read from the constraints, compared with ours.
//!
//! 4 bytes how many, then per coefficient 4 bytes matrix (0 is `A`, 1 is `B`), 4 bytes constraint, 4 bytes
//! variable and 32 bytes value. They are in the order of the `.r1cs` file: constraint by constraint, `A`
//! before `B`. Behind the last constraint there is a row of `A` with a one for the constant and for each
//! public variable. A value is kept as `c * 2^512 mod r`, the Montgomery form of a Montgomery form.
//!
//! Must never take another order, or anything less than all of them, for the circuit's.

use super::ZkeyError;
use super::shape::Shape;
use crate::circom::FIELD_BYTES;
use crate::circom::container::{Sections, read_u32};
use crate::circom::points::scalar_from_raw;
use crate::progress::Progress;
use crate::synthesis::Constraints;
use ark_bn254::Fr;
use ark_ff::Field;
use std::io::Read;

const ENTRY_BYTES: usize = 3 * 4 + FIELD_BYTES;
/// Entries read at a time, between two looks at whether to go on.
const CHUNK: usize = 1 << 16;

/// One coefficient of one of the matrices.
struct Entry {
    matrix: u32,
    constraint: usize,
    variable: usize,
    value: Fr,
}

/// How many progress steps `count` entries are.
pub(super) fn steps(count: usize) -> usize {
    count.div_ceil(CHUNK)
}

/// Succeeds if the section is exactly what the circuit's matrices come to.
pub(super) fn compare(
    sections: &mut Sections<'_>,
    shape: &Shape,
    constraints: &Constraints,
    progress: &Progress,
) -> Result<(), ZkeyError> {
    let what = "coefficients";
    let expected = shape.coefficients;
    let length = sections.length(4);
    if length != (4 + ENTRY_BYTES * expected) as u64 {
        let got = usize::try_from(length / ENTRY_BYTES as u64).unwrap_or(usize::MAX);
        return Err(ZkeyError::Count { what, expected, got });
    }
    let mut input = sections.section(4, length)?;
    let got = read_u32(&mut input)? as usize;
    if got != expected {
        return Err(ZkeyError::Count { what, expected, got });
    }
    let radix = Fr::from(2u64).pow([256]);
    let mut entries = entries(constraints);
    let mut buffer = vec![0; ENTRY_BYTES * expected.min(CHUNK)];
    let mut left = expected;
    while left > 0 {
        progress.check()?;
        let wanted = left.min(CHUNK);
        buffer.truncate(ENTRY_BYTES * wanted);
        input.read_exact(&mut buffer)?;
        // The bytes end first: the other way round, an entry would be lost at the end of each chunk.
        for (bytes, entry) in buffer.chunks_exact(ENTRY_BYTES).zip(entries.by_ref()) {
            if !entry.is(bytes, radix) {
                let Entry { constraint, .. } = entry;
                let group = constraints.groups.of(constraint).unwrap_or("unnamed");
                return Err(ZkeyError::Coefficient { constraint, group });
            }
        }
        left -= wanted;
        progress.step();
    }
    Ok(())
}

/// What the section must hold, in order.
fn entries(constraints: &Constraints) -> impl Iterator<Item = Entry> {
    let rows = constraints.matrices.first().map_or(0, Vec::len);
    let of_constraints = (0..rows).flat_map(move |constraint| {
        (0u32..2).zip(&constraints.matrices).flat_map(move |(matrix, rows)| {
            let row = rows.get(constraint).into_iter().flatten();
            row.map(move |(value, variable)| Entry { matrix, constraint, variable: *variable, value: *value })
        })
    });
    let of_inputs = (0..constraints.num_inputs).map(move |variable| Entry {
        matrix: 0,
        constraint: rows + variable,
        variable,
        value: Fr::ONE,
    });
    of_constraints.chain(of_inputs)
}

impl Entry {
    fn is(&self, bytes: &[u8], radix: Fr) -> bool {
        let Self { matrix, constraint, variable, value } = self;
        let place = [u64::from(*matrix), *constraint as u64, *variable as u64];
        let (numbers, stored) = bytes.split_at(bytes.len().saturating_sub(FIELD_BYTES));
        let numbers = numbers
            .chunks_exact(4)
            .map(|number| number.iter().rev().fold(0, |number: u64, byte| number << 8 | u64::from(*byte)));
        numbers.eq(place) && scalar_from_raw(stored) == Some(*value * radix)
    }
}
