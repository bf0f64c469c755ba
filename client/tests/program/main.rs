//! Bootstrap, instruction builders and account decoding, against the compiled program.

#![cfg(feature = "embedded")]

mod bootstrap;
mod decoding;
mod orders;
mod owners;
mod settlement;
mod world;
