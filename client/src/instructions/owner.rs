//! What only the owner of a trader account may do. A delegate never can.

use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use spl_associated_token_account_interface::address::get_associated_token_address;

use super::{SYSTEM_PROGRAM, TOKEN_PROGRAM, instruction};
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::{ProviderArgs, SetDelegateArgs};

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

/// Moves `amount` micro-USDC out to the owner's associated token account. OBSC leaves by [`withdraw_stake`].
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

/// Starts the delay after which `amount` micro-OBSC may leave.
pub fn begin_unstake(owner: Pubkey, amount: u64) -> Instruction {
    instruction(
        accounts::BeginUnstake { owner, trader: address::trader(&owner) },
        args::BeginUnstake { amount },
    )
}

/// Moves all OBSC whose delay is over out to the owner's associated token account of `obsc_mint`.
pub fn withdraw_stake(owner: Pubkey, obsc_mint: &Pubkey) -> Instruction {
    instruction(
        accounts::WithdrawStake {
            owner,
            settings: address::settings(),
            books: address::books(),
            trader: address::trader(&owner),
            mint: *obsc_mint,
            vault: address::vault(obsc_mint),
            owner_tokens: get_associated_token_address(&owner, obsc_mint),
            token_program: TOKEN_PROGRAM,
        },
        args::WithdrawStake {},
    )
}

/// Publishes what the owner offers, once; anyone may pay its rent.
pub fn register_provider(payer: Pubkey, owner: Pubkey, provider: ProviderArgs) -> Instruction {
    instruction(
        accounts::RegisterProvider {
            payer,
            owner,
            trader: address::trader(&owner),
            provider: address::provider(&owner),
            system_program: SYSTEM_PROGRAM,
        },
        args::RegisterProvider { args: provider },
    )
}

pub fn update_provider(owner: Pubkey, provider: ProviderArgs) -> Instruction {
    instruction(
        accounts::UpdateProvider { owner, provider: address::provider(&owner) },
        args::UpdateProvider { args: provider },
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
