//! The market's rules as pure integer arithmetic, shared by program, circuit, matcher and client.
//!
//! A map, in reading order:
//! - [`units`]: prices, GPUs, seconds, money; the only place where their ranges are written.
//! - [`order`], [`lock`]: what a trader seals, and what the chain holds for it meanwhile.
//! - [`admissible`]: the one predicate that decides whether an opening counts.
//! - [`batch_clock`]: which window of which batch a second falls into.
//! - [`field`], [`encoding`], [`hashing`]: bytes and hash inputs, generic over the hash's provider.
//! - [`book`], [`clear`](mod@clear), [`allocate`](mod@allocate): the uniform-price call auction;
//!   `rank` is its order of precedence.
//! - [`check`](mod@check): verifies a clearing without running the auction; the circuit's twin.
//! - [`settlement`]: what a lease costs, and who gets it.
//!
//! Invariants: no I/O, no clock, no floats, no randomness, no hash maps; time is passed in.
//! Nothing here panics on any input. Rules come from `docs/SPEC.md`, sections 1 to 9.
#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used))]

extern crate alloc;

pub mod admissible;
pub mod allocate;
pub mod batch_clock;
pub mod book;
pub mod check;
pub mod clear;
pub mod encoding;
pub mod field;
pub mod hashing;
pub mod lock;
pub mod order;
mod rank;
pub mod settlement;
pub mod units;
