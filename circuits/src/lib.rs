//! Commitments, the clearing circuit, and proofs in the form the chain verifies.
//!
//! A map, in reading order:
//! - [`field`], [`poseidon`]: field elements and bytes, and the one native hash.
//! - [`secret`], [`opening`]: what a trader keeps, and the commitment it makes.
//! - [`size`], [`lease_tree`], [`statement`]: what the chain recomputes.
//! - [`batch`]: clears a batch natively; the circuit's twin and the source of its witness.
//! - [`gadgets`], [`clearing`], [`synthesis`]: the circuit, and its matrices and assignments.
//! - [`prover`], [`progress`]: Groth16 for it, on values alone.
//! - [`reduction`], [`keys`], [`proof`], [`encoding`]: keys and proofs in circom's convention, for the chain.
//! - [`circom`], [`trial`]: what goes into a key ceremony, and the check of what comes out of it.
//!
//! Must never be imported by the on-chain program: the two meet at bytes and golden vectors.
//! Rules come from `docs/SPEC.md`, sections 3 to 9.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed"))]

pub mod batch;
pub mod circom;
mod clearance;
pub mod clearing;
pub mod encoding;
pub mod field;
pub mod gadgets;
pub mod keys;
pub mod lease_tree;
pub mod opening;
mod parameters;
mod permutation;
pub mod pinned;
pub mod poseidon;
pub mod progress;
pub mod proof;
pub mod prover;
pub mod reduction;
pub mod secret;
pub mod size;
pub mod statement;
pub mod synthesis;
pub mod trial;
