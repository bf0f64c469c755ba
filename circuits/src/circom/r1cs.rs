//! Writes a size's constraints as a `.r1cs` file, version 1.
//!
//! Section 1, the header:
//!
//! | bytes | what |
//! |---|---|
//! | 4, 32 | length of a field element; the scalar field's modulus |
//! | 4 | wires: the constant one, the public input, the private variables |
//! | 4, 4, 4 | public outputs (none), public inputs (the statement hash), private inputs |
//! | 8 | labels: as many as wires |
//! | 4 | constraints |
//!
//! Section 2 has each constraint `A * B - C = 0` as three linear combinations: 4 bytes how many terms, then
//! 4 bytes wire and 32 bytes coefficient per term, wires ascending. Section 3 has 8 bytes per wire, its
//! label; ours is the wire's own number, for there is no circom source that labels could point into.
//!
//! All private variables count as private inputs: there is no program that would work some out from others.
//! Must never write anything that the fingerprint of [`Constraints`] does not cover.

use super::FIELD_BYTES;
use super::container::{Format, count, write_section, write_start};
use crate::progress::{Progress, Stopped};
use crate::synthesis::Constraints;
use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};
use std::io::{self, Write};

const FORMAT: Format = Format { magic: "r1cs", version: 1, sections: 3 };
const HEADER_BYTES: u64 = 4 + FIELD_BYTES as u64 + 4 * 4 + 8 + 4;
const LINEAR_COMBINATION_BYTES: u64 = 4;
const TERM_BYTES: u64 = 4 + FIELD_BYTES as u64;
const LABEL_BYTES: u64 = 8;
/// Constraints written between two looks at whether to go on.
const CHUNK: usize = 1 << 14;

/// Writes `constraints` to `out`, which should be buffered. Nothing is held in memory.
pub fn write_r1cs(constraints: &Constraints, out: &mut dyn Write, progress: &Progress) -> io::Result<()> {
    let rows = constraints.matrices.first().map_or(0, Vec::len);
    let terms: usize = constraints.matrices.iter().flatten().map(Vec::len).sum();
    let combinations = constraints.matrices.len() * rows;
    write_start(out, FORMAT)?;

    write_section(out, 1, HEADER_BYTES)?;
    write_header(constraints, rows, out)?;

    let bytes = LINEAR_COMBINATION_BYTES * combinations as u64 + TERM_BYTES * terms as u64;
    write_section(out, 2, bytes)?;
    progress.begin(count(rows.div_ceil(CHUNK))?);
    for row in 0..rows {
        for matrix in &constraints.matrices {
            write_linear_combination(matrix.get(row).map_or(&[][..], Vec::as_slice), out)?;
        }
        if (row + 1) % CHUNK == 0 || row + 1 == rows {
            progress.step();
            progress.check().map_err(interrupted)?;
        }
    }

    write_section(out, 3, LABEL_BYTES * constraints.variables as u64)?;
    (0..constraints.variables as u64).try_for_each(|label| out.write_all(&label.to_le_bytes()))
}

fn write_header(constraints: &Constraints, rows: usize, out: &mut dyn Write) -> io::Result<()> {
    let wires = count(constraints.variables)?;
    let public = count(constraints.num_inputs.saturating_sub(1))?;
    let private = wires.saturating_sub(1 + public);
    out.write_all(&count(FIELD_BYTES)?.to_le_bytes())?;
    out.write_all(&Fr::MODULUS.to_bytes_le())?;
    for number in [wires, 0, public, private] {
        out.write_all(&number.to_le_bytes())?;
    }
    out.write_all(&u64::from(wires).to_le_bytes())?;
    out.write_all(&count(rows)?.to_le_bytes())
}

fn write_linear_combination(terms: &[(Fr, usize)], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&count(terms.len())?.to_le_bytes())?;
    for (coefficient, wire) in terms {
        out.write_all(&count(*wire)?.to_le_bytes())?;
        out.write_all(&coefficient.into_bigint().to_bytes_le())?;
    }
    Ok(())
}

fn interrupted(Stopped: Stopped) -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, "writing was cancelled")
}
