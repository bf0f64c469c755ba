//! What only the owner of a trader account may do. A delegate never can.

use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use spl_associated_token_account_interface::address::get_associated_token_address;

use super::{SYSTEM_PROGRAM, TOKEN_PROGRAM, instruction};
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::SetDelegateArgs;

/// Opens the owner's account, empty; anyone may pay its rent.
pub fn open_trader(payer: Pubkey, owner: Pubkey) -> Instruction {
    instruction(
        accounts::OpenTrader {
            payer,
            owner,
            trader: address::trader(&owner),
            system_program: SYSTEM_PROGRAM,
        },
        args::OpenTrader {},
    )
}

/// Moves `amount` millionths of `mint` in from the owner's associated token account.
pub fn deposit(owner: Pubkey, mint: &Pubkey, amount: u64) -> Instruction {
    instruction(
        accounts::Deposit {
            owner,
            settings: address::settings(),
            books: address::books(),
            trader: address::trader(&owner),
            mint: *mint,
            vault: address::vault(mint),
            owner_tokens: get_associated_token_address(&owner, mint),
            token_program: TOKEN_PROGRAM,
        },
        args::Deposit { amount },
    )
}

/// Moves `amount` millionths of `mint` out to the owner's associated token account.
pub fn withdraw(owner: Pubkey, mint: &Pubkey, amount: u64) -> Instruction {
    instruction(
        accounts::Withdraw {
            owner,
            settings: address::settings(),
            books: address::books(),
            trader: address::trader(&owner),
            mint: *mint,
            vault: address::vault(mint),
            owner_tokens: get_associated_token_address(&owner, mint),
            token_program: TOKEN_PROGRAM,
        },
        args::Withdraw { amount },
    )
}

/// Names the one delegate, with a fresh budget.
pub fn set_delegate(owner: Pubkey, delegate: SetDelegateArgs) -> Instruction {
    instruction(
        accounts::SetDelegate { owner, trader: address::trader(&owner) },
        args::SetDelegate { args: delegate },
    )
}

pub fn revoke_delegate(owner: Pubkey) -> Instruction {
    instruction(accounts::RevokeDelegate { owner, trader: address::trader(&owner) }, args::RevokeDelegate {})
}
