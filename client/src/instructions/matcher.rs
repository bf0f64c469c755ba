//! What a matcher's key does: put up its bond, and clear.

use obscura_auction::encoding::{BITMAP_BYTES, StatementFields};
use obscura_auction::units::PriceMicro;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::{SYSTEM_PROGRAM, instruction};
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::{PostClearingArgs, Proof};

/// Bonds `amount` micro-OBSC from the available of the trader account of the same key.
pub fn bond_matcher(payer: Pubkey, key: Pubkey, amount: u64) -> Instruction {
    instruction(
        accounts::BondMatcher {
            payer,
            key,
            trader: address::trader(&key),
            matcher: address::matcher(&key),
            system_program: SYSTEM_PROGRAM,
        },
        args::BondMatcher { amount },
    )
}

pub fn unbond_matcher(key: Pubkey, amount: u64) -> Instruction {
    instruction(
        accounts::UnbondMatcher { key, trader: address::trader(&key), matcher: address::matcher(&key) },
        args::UnbondMatcher { amount },
    )
}

/// Stops taking commits, so that the bond can leave once every batch is discharged; or takes them again.
pub fn retire_matcher(key: Pubkey, retired: bool) -> Instruction {
    let accounts = accounts::RetireMatcher { key, matcher: address::matcher(&key) };
    instruction(accounts, args::RetireMatcher { retired })
}

/// Posts the clearing that `statement` names, with its proof. Ask for
/// [`MAX_COMPUTE_UNITS`](crate::transactions::MAX_COMPUTE_UNITS): the proof check costs more than an
/// instruction gets by itself.
pub fn post_clearing(matcher: Pubkey, statement: &StatementFields, proof: Proof) -> Instruction {
    let market = Pubkey::new_from_array(statement.market);
    instruction(
        accounts::PostClearing {
            matcher,
            batch: address::batch(&market, statement.batch_index),
            verifying_key: address::verifying_key(statement.size),
        },
        args::PostClearing {
            args: PostClearingArgs {
                price_micro: statement.price.map_or(0, PriceMicro::get),
                leases_root: statement.leases_root,
                proof,
                included: slots(statement.included.as_bytes(), statement.size),
                filled: slots(statement.filled.as_bytes(), statement.size),
            },
        },
    )
}

/// The bitmap as posted: one bit per slot of the circuit, so that a small batch fits a transaction.
fn slots(bitmap: &[u8; BITMAP_BYTES], size: u16) -> Vec<u8> {
    bitmap.iter().copied().take(usize::from(size) / 8).collect()
}
