//! What only the authority of the settings may do; `initialize` makes its signer the authority.

use obscura_auction::order::MarketTag;
use obscura_circuits::size::BatchSize;
use solana_sdk::instruction::{AccountMeta, Instruction};
use solana_sdk::pubkey::Pubkey;
use spl_associated_token_account_interface::address::get_associated_token_address;

use super::{SYSTEM_PROGRAM, TOKEN_PROGRAM, instruction};
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::{CreateMarketArgs, KeyPoints, ScheduleMarketArgs};

/// What a deployment fixes for ever.
#[derive(Debug, Clone, Copy)]
pub struct Initialize {
    pub authority: Pubkey,
    pub usdc_mint: Pubkey,
    pub obsc_mint: Pubkey,
    /// True only where money is play money.
    pub allow_dev_keys: bool,
}

pub fn initialize(deployment: &Initialize) -> Instruction {
    let Initialize { authority, usdc_mint, obsc_mint, allow_dev_keys } = *deployment;
    instruction(
        accounts::Initialize {
            authority,
            settings: address::settings(),
            books: address::books(),
            usdc_mint,
            obsc_mint,
            usdc_vault: address::vault(&usdc_mint),
            obsc_vault: address::vault(&obsc_mint),
            token_program: TOKEN_PROGRAM,
            system_program: SYSTEM_PROGRAM,
        },
        args::Initialize { allow_dev_keys },
    )
}

/// Puts the key of the circuit with `size` slots on chain, once.
pub fn register_verifying_key(payer: Pubkey, authority: Pubkey, size: u16, points: KeyPoints) -> Instruction {
    instruction(
        accounts::RegisterVerifyingKey {
            payer,
            authority,
            settings: address::settings(),
            verifying_key: address::verifying_key(size),
            system_program: SYSTEM_PROGRAM,
        },
        args::RegisterVerifyingKey { size, points },
    )
}

pub fn freeze_verifying_key(authority: Pubkey, size: u16) -> Instruction {
    instruction(
        accounts::FreezeVerifyingKey {
            authority,
            settings: address::settings(),
            verifying_key: address::verifying_key(size),
        },
        args::FreezeVerifyingKey {},
    )
}

pub fn disable_verifying_key(authority: Pubkey, size: u16) -> Instruction {
    instruction(
        accounts::DisableVerifyingKey {
            authority,
            settings: address::settings(),
            verifying_key: address::verifying_key(size),
        },
        args::DisableVerifyingKey {},
    )
}

/// Opens a market. The keys of every circuit size up to its `max_orders` must be frozen.
pub fn create_market(payer: Pubkey, authority: Pubkey, market: CreateMarketArgs) -> Instruction {
    let keys = keys_up_to(market.terms.params.max_orders);
    let accounts = accounts::CreateMarket {
        payer,
        authority,
        settings: address::settings(),
        market: address::market(MarketTag::of(&market.gpu_type)),
        system_program: SYSTEM_PROGRAM,
    };
    let mut step = instruction(accounts, args::CreateMarket { args: market });
    step.accounts.extend(keys);
    step
}

/// Changes the matcher and the parameters of the market at `market` from a later batch on. The keys of every
/// circuit size up to its `max_orders` must be frozen.
pub fn schedule_market(authority: Pubkey, market: Pubkey, change: ScheduleMarketArgs) -> Instruction {
    let keys = keys_up_to(change.terms.params.max_orders);
    let accounts = accounts::ScheduleMarket { authority, settings: address::settings(), market };
    let mut step = instruction(accounts, args::ScheduleMarket { args: change });
    step.accounts.extend(keys);
    step
}

fn keys_up_to(max_orders: u16) -> impl Iterator<Item = AccountMeta> {
    BatchSize::up_to(max_orders)
        .map(|size| AccountMeta::new_readonly(address::verifying_key(size.get()), false))
}

/// Names who may become the authority, or nobody.
pub fn propose_authority(authority: Pubkey, proposed: Option<Pubkey>) -> Instruction {
    instruction(
        accounts::ProposeAuthority { authority, settings: address::settings() },
        args::ProposeAuthority { proposed },
    )
}

/// The proposed key becomes the authority.
pub fn accept_authority(proposed: Pubkey) -> Instruction {
    instruction(
        accounts::AcceptAuthority { proposed, settings: address::settings() },
        args::AcceptAuthority {},
    )
}

/// Stops new commits, or lets them through again.
pub fn set_paused(authority: Pubkey, paused: bool) -> Instruction {
    instruction(accounts::SetPaused { authority, settings: address::settings() }, args::SetPaused { paused })
}

/// Takes `amount` millionths of `mint` from the treasury to the authority's own token account.
pub fn withdraw_treasury(authority: Pubkey, mint: &Pubkey, amount: u64) -> Instruction {
    instruction(
        accounts::WithdrawTreasury {
            authority,
            settings: address::settings(),
            books: address::books(),
            mint: *mint,
            vault: address::vault(mint),
            authority_tokens: get_associated_token_address(&authority, mint),
            token_program: TOKEN_PROGRAM,
        },
        args::WithdrawTreasury { amount },
    )
}
