//! Addresses derived from seeds, where an instruction makes an account, or finds it made. Lamports that
//! somebody sent there beforehand must never stop it: addresses are known in advance, and a grain of SOL
//! would block an order, a batch or a lease for good. Source: SPEC section 10.

use anchor_lang::error::ErrorCode;
use anchor_lang::prelude::*;
use anchor_lang::system_program::{self, Allocate, Assign, CreateAccount, Transfer};

use crate::errors::ObscuraError;

/// The place of an account, and who pays its rent where it is not made yet.
pub struct Site<'a, 'info> {
    pub payer: &'a Signer<'info>,
    pub account: &'a AccountInfo<'info>,
    /// The seeds of its address, the bump last.
    pub seeds: &'a [&'a [u8]],
}

impl Site<'_, '_> {
    /// Whether nothing was made here yet: lamports alone do not count.
    pub fn is_empty(&self) -> bool {
        *self.account.owner == system_program::ID && self.account.data_is_empty()
    }

    /// Makes an account of this program and writes `value` into it.
    pub fn build<T: AccountSerialize + Space>(&self, value: &T) -> Result<()> {
        self.clear_ground(8 + T::INIT_SPACE, &crate::ID)?;
        self.write(value)
    }

    /// The account of this program that was made here.
    pub fn read<T: AccountDeserialize>(&self) -> Result<T> {
        require_keys_eq!(*self.account.owner, crate::ID, ErrorCode::AccountOwnedByWrongProgram);
        T::try_deserialize(&mut &self.account.try_borrow_data()?[..])
    }

    /// Writes `value` over it.
    pub fn write<T: AccountSerialize>(&self, value: &T) -> Result<()> {
        let mut data = self.account.try_borrow_mut_data()?;
        value.try_serialize(&mut &mut data[..])
    }

    /// Makes an account of `space` zero bytes that `owner` owns.
    pub fn clear_ground(&self, space: usize, owner: &Pubkey) -> Result<()> {
        require!(self.is_empty(), ObscuraError::AlreadyExists);
        let rent = Rent::get()?.minimum_balance(space);
        // No account fits more than 2^64 bytes.
        let space = space as u64;
        let (payer, account) = (self.payer.to_account_info(), self.account.clone());
        let signers = [self.seeds];
        let held = account.lamports();
        if held == 0 {
            let accounts = CreateAccount { from: payer, to: account };
            let context = CpiContext::new_with_signer(system_program::ID, accounts, &signers);
            return system_program::create_account(context, rent, space, owner);
        }
        let missing = rent.saturating_sub(held);
        if missing > 0 {
            let accounts = Transfer { from: payer, to: account.clone() };
            system_program::transfer(CpiContext::new(system_program::ID, accounts), missing)?;
        }
        let accounts = Allocate { account_to_allocate: account.clone() };
        system_program::allocate(CpiContext::new_with_signer(system_program::ID, accounts, &signers), space)?;
        let accounts = Assign { account_to_assign: account };
        system_program::assign(CpiContext::new_with_signer(system_program::ID, accounts, &signers), owner)
    }
}
