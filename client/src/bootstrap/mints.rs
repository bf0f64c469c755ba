//! The local stand-ins for USDC and OBSC: classic SPL mints with 6 decimals, minted at will.

use anchor_lang::solana_program::system_instruction;
use solana_sdk::instruction::Instruction;
use solana_sdk::program_pack::Pack;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::rent::Rent;
use solana_sdk::signature::{Keypair, Signer};
use spl_associated_token_account_interface::address::get_associated_token_address;
use spl_associated_token_account_interface::instruction::create_associated_token_account_idempotent;
use spl_token_interface::instruction::{initialize_mint2, mint_to};
use spl_token_interface::state::Mint;

use super::{BootstrapError, LocalKeys};
use crate::ledger::Ledger;
use crate::transactions::Submission;

const DECIMALS: u8 = 6;

/// Creates the two mints where they are missing.
pub async fn create(ledger: &dyn Ledger, keys: &LocalKeys) -> Result<(), BootstrapError> {
    for mint in [&keys.usdc_mint, &keys.obsc_mint] {
        if ledger.account(&mint.pubkey()).await?.is_none() {
            create_one(ledger, &keys.authority, mint).await?;
        }
    }
    Ok(())
}

/// Gives `owner` `amount` millionths of `mint`, opening its token account where needed.
pub fn mint_to_owner(authority: &Pubkey, mint: &Pubkey, owner: &Pubkey, amount: u64) -> [Instruction; 2] {
    let tokens = get_associated_token_address(owner, mint);
    [
        create_associated_token_account_idempotent(authority, owner, mint, &spl_token_interface::ID),
        mint_to(&spl_token_interface::ID, mint, &tokens, authority, &[], amount)
            .expect("the token program is the classic one"),
    ]
}

async fn create_one(ledger: &dyn Ledger, authority: &Keypair, mint: &Keypair) -> Result<(), BootstrapError> {
    let (payer, address) = (authority.pubkey(), mint.pubkey());
    let space = Mint::LEN;
    let rent = Rent::default().minimum_balance(space);
    let account =
        system_instruction::create_account(&payer, &address, rent, space as u64, &spl_token_interface::ID);
    let initialize = initialize_mint2(&spl_token_interface::ID, &address, &payer, None, DECIMALS)
        .expect("the token program is the classic one");
    Submission::new(authority, [account, initialize]).signed_by(mint).send(ledger).await?;
    Ok(())
}
