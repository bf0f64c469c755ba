//! A matcher's signed word that an order is admissible and will be included, as the ed25519 program checked it
//! in the instruction before. It must never believe a signature over other bytes than it reads: every offset
//! and every instruction index of the check has to point into that same instruction.
//! Source: SPEC section 12.

use anchor_lang::prelude::*;
use solana_instructions_sysvar::{load_current_index_checked, load_instruction_at_checked};

use crate::errors::ObscuraError;

const DOMAIN: &[u8; 14] = b"obscura-ack-v1";
/// Domain, program, market, batch index, order, commitHash, time.
pub const MESSAGE_BYTES: usize = 14 + 32 + 32 + 8 + 32 + 32 + 8;
/// In an ed25519 instruction: "this one".
const THIS_INSTRUCTION: u16 = u16::MAX;

/// What an acknowledgement names.
pub struct Acknowledged<'a> {
    pub market: &'a Pubkey,
    pub batch_index: u64,
    pub order: &'a Pubkey,
    pub commit_hash: &'a [u8; 32],
}

/// Checks that the instruction before this one is the ed25519 check of `matcher`'s acknowledgement of
/// exactly this order. Any time may be in it.
pub fn require_signed(instructions: &AccountInfo, matcher: &Pubkey, expected: &Acknowledged) -> Result<()> {
    let current = load_current_index_checked(instructions)?;
    let index = current.checked_sub(1).ok_or(ObscuraError::MissingAcknowledgement)?;
    let check = load_instruction_at_checked(usize::from(index), instructions)?;
    require_keys_eq!(
        check.program_id,
        solana_sdk_ids::ed25519_program::ID,
        ObscuraError::MissingAcknowledgement
    );
    let signed = Signed::read(&check.data, index).ok_or(ObscuraError::MissingAcknowledgement)?;
    let named = signed.key == matcher.as_ref() && is_message(signed.message, expected);
    require!(named, ObscuraError::WrongAcknowledgement);
    Ok(())
}

/// The key and the message of an ed25519 check with one signature.
struct Signed<'a> {
    key: &'a [u8],
    message: &'a [u8],
}

impl<'a> Signed<'a> {
    /// `data` of the instruction at `index`: count, padding, then seven numbers of two bytes, little-endian:
    /// offset and instruction of the signature, of the key, and offset, length and instruction of the message.
    fn read(data: &'a [u8], index: u16) -> Option<Self> {
        let (&[count, _padding], rest) = data.split_first_chunk::<2>()?;
        let (numbers, _) = rest.split_first_chunk::<14>()?;
        let number = |place: usize| Some(u16::from_le_bytes(*numbers.get(place * 2..)?.first_chunk::<2>()?));
        let own = |instruction: u16| instruction == THIS_INSTRUCTION || instruction == index;
        let all_own = own(number(1)?) && own(number(3)?) && own(number(6)?);
        if count != 1 || !all_own {
            return None;
        }
        let from = |offset: u16, length: usize| {
            data.get(usize::from(offset)..usize::from(offset).checked_add(length)?)
        };
        Some(Self { key: from(number(2)?, 32)?, message: from(number(4)?, usize::from(number(5)?))? })
    }
}

/// Whether `message` acknowledges `expected`, at whatever time.
fn is_message(message: &[u8], expected: &Acknowledged) -> bool {
    let Acknowledged { market, batch_index, order, commit_hash } = expected;
    let parts: [&[u8]; 6] = [
        DOMAIN,
        crate::ID.as_array(),
        market.as_array(),
        &batch_index.to_le_bytes(),
        order.as_array(),
        commit_hash.as_slice(),
    ];
    let mut rest = message;
    for part in parts {
        let Some(after) = rest.strip_prefix(part) else { return false };
        rest = after;
    }
    message.len() == MESSAGE_BYTES
}
