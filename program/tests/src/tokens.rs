//! Mints and token accounts, written straight into the ledger: minting is not what is tested here.

use anchor_lang::prelude::Pubkey;
use anchor_lang::solana_program::program_option::COption;
use litesvm::LiteSVM;
use solana_sdk::account::Account;
use solana_sdk::program_pack::Pack;
use spl_token_interface::state::{Account as TokenAccount, AccountState, Mint};

/// A stand-in for an associated token account: one address per owner and mint.
pub fn account_of(owner: &Pubkey, mint: &Pubkey) -> Pubkey {
    Pubkey::find_program_address(&[b"tokens", owner.as_ref(), mint.as_ref()], &spl_token_interface::ID).0
}

pub fn put_mint(svm: &mut LiteSVM, address: Pubkey, decimals: u8) {
    let mint = Mint {
        mint_authority: COption::None,
        supply: u64::MAX,
        decimals,
        is_initialized: true,
        freeze_authority: COption::None,
    };
    let mut data = vec![0; Mint::LEN];
    mint.pack_into_slice(&mut data);
    put(svm, address, data);
}

pub fn put_tokens(svm: &mut LiteSVM, address: Pubkey, owner: Pubkey, mint: Pubkey, amount: u64) {
    let tokens = TokenAccount {
        mint,
        owner,
        amount,
        delegate: COption::None,
        state: AccountState::Initialized,
        is_native: COption::None,
        delegated_amount: 0,
        close_authority: COption::None,
    };
    let mut data = vec![0; TokenAccount::LEN];
    tokens.pack_into_slice(&mut data);
    put(svm, address, data);
}

/// What a token account holds; nothing where there is none.
pub fn amount(svm: &LiteSVM, address: &Pubkey) -> u64 {
    let account = svm.get_account(address);
    account.map_or(0, |account| TokenAccount::unpack(&account.data).expect("a token account").amount)
}

fn put(svm: &mut LiteSVM, address: Pubkey, data: Vec<u8>) {
    let lamports = svm.minimum_balance_for_rent_exemption(data.len());
    let account =
        Account { lamports, data, owner: spl_token_interface::ID, executable: false, rent_epoch: u64::MAX };
    svm.set_account(address, account).expect("a plain account can be written");
}
