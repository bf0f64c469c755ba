//! Every instruction of the program, in files by who may call it. SPEC section 11.
//!
//! Must never decide whether an instruction will succeed: the program does. Addresses are derived
//! here, so that callers name owners, markets and orders.

pub mod anyone;
pub mod authority;
pub mod lease;
pub mod matcher;
pub mod owner;
pub mod trade;

use anchor_lang::{InstructionData, ToAccountMetas};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::idl;

pub(crate) const SYSTEM_PROGRAM: Pubkey = Pubkey::from_str_const("11111111111111111111111111111111");
pub(crate) const TOKEN_PROGRAM: Pubkey = spl_token_interface::ID;

fn instruction(accounts: impl ToAccountMetas, arguments: impl InstructionData) -> Instruction {
    let mut accounts = accounts.to_account_metas(None);
    // An account that is left out is the program itself.
    for account in accounts.iter_mut().filter(|account| account.pubkey == idl::COMMITTED_ID) {
        account.pubkey = idl::ID;
    }
    Instruction { program_id: idl::ID, accounts, data: arguments.data() }
}
