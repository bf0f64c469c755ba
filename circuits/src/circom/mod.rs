//! The file formats of circom's tools: what a key ceremony takes in and gives back.
//!
//! | file | direction | module |
//! |---|---|---|
//! | `.r1cs`: a size's constraints | written | [`r1cs`] |
//! | `.wtns`: the values of one clearing | written | [`wtns`] |
//! | `.zkey`: a proving key | read | [`zkey`] |
//! | `verification_key.json`, `proof.json`, `public.json` | both | [`json`] |
//! | `.ptau`, and a `.zkey` without a ceremony, to rehearse with | written | [`rehearsal`] |
//!
//! Wires are numbered as our matrices' columns are: 0 is the constant one, 1 the statement hash, which is
//! the one public input, and from 2 on the private variables in the order of their allocation. Nothing is
//! renamed or reordered on the way out, so a key that comes back is compared coefficient by coefficient.
//!
//! Numbers in the binary files are little-endian. Must never panic on a file, whatever is in it, and never
//! take a length from a file before it is compared with what the circuit asks for.
//!
//! Sources: <https://github.com/iden3/r1csfile/blob/master/doc/r1cs_bin_format.md> for the container and
//! `.r1cs`; the others are defined by what snarkjs 0.7.6 reads and writes, and a test drives it.

mod container;
mod decimal;
pub mod json;
pub(crate) mod points;
pub mod r1cs;
pub mod rehearsal;
pub mod wtns;
pub mod zkey;

pub use container::ContainerError;
pub(crate) use container::Source;

/// Bytes of a field element, of both of the curve's fields.
pub(crate) const FIELD_BYTES: usize = 32;
