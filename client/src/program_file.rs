//! The compiled program, so that a binary needs no file beside it.
//!
//! Must never be another program than the one whose address is [`idl::ID`](crate::idl::ID): one declares the
//! other.

use solana_sdk::pubkey::Pubkey;

use crate::idl;

/// What runs in process, and what is deployed.
pub const PROGRAM_ELF: &[u8] = include_bytes!(env!("OBSCURA_PROGRAM_ELF"));

/// Another program than this binary was built for.
#[derive(Debug, thiserror::Error)]
#[error(
    "this {binary} is for the program {ours}, not for {asked}: build one with `program/build --program-id {asked}`, \
     then `OBSCURA_PROGRAM=target/program/{asked} cargo build --release -p obscura-server -p obscura-cli`"
)]
pub struct OtherProgram {
    pub binary: &'static str,
    pub asked: Pubkey,
    pub ours: Pubkey,
}

/// The program refuses transactions that name another one, and statements bind its address; `binary` is who asks.
pub fn check_program(binary: &'static str, asked: Pubkey) -> Result<(), OtherProgram> {
    let ours = idl::ID;
    if asked == ours { Ok(()) } else { Err(OtherProgram { binary, asked, ours }) }
}
