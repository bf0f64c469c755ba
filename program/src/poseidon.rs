//! Poseidon by the runtime's syscall. It must never lay out an input: every preimage comes from
//! `obscura-auction`, which program, circuit and client share. Source: SPEC section 3.

use anchor_lang::prelude::*;
use obscura_auction::field::FieldBytes;
use obscura_auction::hashing::Poseidon;
use solana_poseidon::{hashv, Endianness, Parameters};

use crate::errors::ObscuraError;

/// The syscall on chain; off chain the same function computed by the crate behind it.
pub struct SyscallPoseidon;

impl Poseidon for SyscallPoseidon {
    type Error = Error;

    fn hash(inputs: &[&[u8; 32]]) -> Result<FieldBytes> {
        let mut slices: [&[u8]; MAX_ARITY] = [&[]; MAX_ARITY];
        let used = slices.get_mut(..inputs.len()).ok_or(ObscuraError::HashFailed)?;
        for (slot, input) in used.iter_mut().zip(inputs) {
            *slot = input.as_slice();
        }
        let hash =
            hashv(Parameters::Bn254X5, Endianness::BigEndian, used).map_err(|_| ObscuraError::HashFailed)?;
        Ok(hash.to_bytes())
    }
}

/// The syscall's own limit.
const MAX_ARITY: usize = 12;
