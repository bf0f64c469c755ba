//! An owner's own token accounts, outside the program: where deposits come from and withdrawals go.

use solana_sdk::instruction::Instruction;
use solana_sdk::program_pack::Pack;
use solana_sdk::pubkey::Pubkey;
use spl_associated_token_account_interface::address::get_associated_token_address;
use spl_associated_token_account_interface::instruction::create_associated_token_account_idempotent;
use spl_token_interface::state::Account as TokenAccount;

use crate::accounts::{DecodeError, ReadError};
use crate::instructions::TOKEN_PROGRAM;
use crate::ledger::Ledger;

/// Where `owner` holds `mint`.
pub fn token_account(owner: &Pubkey, mint: &Pubkey) -> Pubkey {
    get_associated_token_address(owner, mint)
}

/// Millionths of `mint` that `owner` holds; none where it has no account for it.
pub async fn tokens(ledger: &dyn Ledger, owner: &Pubkey, mint: &Pubkey) -> Result<Option<u64>, ReadError> {
    let address = token_account(owner, mint);
    let Some(account) = ledger.account(&address).await? else { return Ok(None) };
    let malformed = DecodeError::Malformed { address, expected: "token account" };
    let tokens = TokenAccount::unpack(&account.data).map_err(|_| malformed)?;
    Ok(Some(tokens.amount))
}

/// Opens the owner's account for `mint` where it is missing; `payer` pays its rent.
pub fn open_token_account(payer: &Pubkey, owner: &Pubkey, mint: &Pubkey) -> Instruction {
    create_associated_token_account_idempotent(payer, owner, mint, &TOKEN_PROGRAM)
}
