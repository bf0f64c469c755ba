//! Bootstrap, instruction builders and account decoding, against the compiled program.

#![allow(clippy::unwrap_used)]
#![cfg(feature = "embedded")]

mod bootstrap;
mod decoding;
mod movements;
mod orders;
mod owners;
mod settlement;
mod standing;
mod world;
