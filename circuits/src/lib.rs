//! Commitments, the clearing circuit, and proofs in the form the chain verifies.
//!
//! A map, in reading order:
//! - [`field`], [`poseidon`]: field elements and bytes, and the one native hash.
//! - [`secret`], [`opening`]: what a trader keeps, and the commitment it makes.
//! - [`size`], [`lease_tree`], [`statement`]: what the chain recomputes.
//!
//! Must never be imported by the on-chain program: the two meet at bytes and golden vectors.
//! Rules come from `docs/SPEC.md`, sections 3 to 9.

pub mod field;
pub mod lease_tree;
pub mod opening;
mod parameters;
pub mod poseidon;
pub mod secret;
pub mod size;
pub mod statement;
