//! The self-test as a Solana program: 12 bytes in (seed u64, rounds u32, both little-endian), the
//! digest out as return data.
//!
//! It never reads an account. The code under test is in `exercise`, which the test runner also
//! compiles for its own machine; the two digests must be equal.

pub mod exercise;

use solana_account_info::AccountInfo;
use solana_program_error::{ProgramError, ProgramResult};
use solana_pubkey::Pubkey;

#[cfg(target_os = "solana")]
solana_program_entrypoint::entrypoint!(process_instruction);

/// Runs the exercise named by `data` and returns its digest.
pub fn process_instruction(_program: &Pubkey, _accounts: &[AccountInfo], data: &[u8]) -> ProgramResult {
    let (seed, rounds) = parse(data).ok_or(ProgramError::InvalidInstructionData)?;
    solana_cpi::set_return_data(&exercise::run(seed, rounds));
    Ok(())
}

fn parse(data: &[u8]) -> Option<(u64, u32)> {
    let (seed, rounds) = data.split_first_chunk::<8>()?;
    let rounds: [u8; 4] = rounds.try_into().ok()?;
    Some((u64::from_le_bytes(*seed), u32::from_le_bytes(rounds)))
}
