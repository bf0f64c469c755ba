//! Building blocks of the clearing circuit: linear wires, bits, Poseidon, permutation networks.
//!
//! Rule: the list of constraints depends on the circuit's size only, never on a witness value, so
//! that setup and proving always see the same matrices. There is no constant folding here: a
//! constraint between two constants is emitted and fails like any other.

pub mod benes;
pub mod bits;
pub mod builder;
pub mod poseidon;
pub mod wire;

pub use builder::{Builder, Evaluation, Groups, Synth};
pub use wire::Wire;
