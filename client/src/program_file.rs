//! The compiled program, so that a binary needs no file beside it.
//!
//! Must never be another program than the one whose address is [`idl::ID`](crate::idl::ID): one declares the
//! other.

/// What runs in process, and what is deployed.
pub const PROGRAM_ELF: &[u8] = include_bytes!(env!("OBSCURA_PROGRAM_ELF"));
