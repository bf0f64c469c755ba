//! Writes the values of all wires as a `.wtns` file, version 2.
//!
//! Section 1: 4 bytes length of a field element, 32 bytes the scalar field's modulus, 4 bytes how many values
//! follow. Section 2: 32 bytes per value, in the order of the wires.
//!
//! Such a file holds every secret of a batch. Must never be written anywhere but where its caller says.

use super::FIELD_BYTES;
use super::container::{Format, count, write_section, write_start};
use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};
use std::io::{self, Write};

const FORMAT: Format = Format { magic: "wtns", version: 2, sections: 2 };

/// Writes an [`assignment`](crate::synthesis::assignment) to `out`, which should be buffered.
pub fn write_wtns(assignment: &[Fr], out: &mut dyn Write) -> io::Result<()> {
    write_start(out, FORMAT)?;
    write_section(out, 1, 4 + FIELD_BYTES as u64 + 4)?;
    out.write_all(&count(FIELD_BYTES)?.to_le_bytes())?;
    out.write_all(&Fr::MODULUS.to_bytes_le())?;
    out.write_all(&count(assignment.len())?.to_le_bytes())?;

    write_section(out, 2, (FIELD_BYTES * assignment.len()) as u64)?;
    assignment.iter().try_for_each(|value| out.write_all(&value.into_bigint().to_bytes_le()))
}
