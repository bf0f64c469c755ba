//! The two currencies: given, or classic SPL mints with 6 decimals that the authority mints at will.

use anchor_lang::solana_program::system_instruction;
use solana_sdk::instruction::Instruction;
use solana_sdk::program_pack::Pack;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::rent::Rent;
use solana_sdk::signature::Signer;
use spl_token_interface::instruction::{initialize_mint2, mint_to};
use spl_token_interface::state::Mint;

use super::{DeployError, Deployer, Deployment, MintSource};
use crate::wallet;

pub const DECIMALS: u8 = 6;

impl Deployer<'_> {
    /// Makes play money's mints where they are missing; the others must be there.
    pub(super) async fn mints(&mut self, deployment: &Deployment<'_>) -> Result<(), DeployError> {
        for (currency, source) in [("usdc", deployment.usdc), ("obsc", deployment.obsc)] {
            let address = source.address();
            let there = self.is_mint(currency, address).await?;
            let what = format!("mint of {}", currency.to_uppercase());
            match source {
                MintSource::Given(_) if !there => return Err(DeployError::NoMint { currency, address }),
                MintSource::Play(key) if !there => {
                    let steps = create(&self.payer.pubkey(), &address);
                    self.ensure(what, address, Some(key), vec![steps.to_vec()]).await?;
                }
                _ => self.ensure(what, address, None, Vec::new()).await?,
            }
        }
        Ok(())
    }

    async fn is_mint(&self, currency: &'static str, address: Pubkey) -> Result<bool, DeployError> {
        let Some(account) = self.ledger.account(&address).await? else { return Ok(false) };
        let classic = account.owner == spl_token_interface::ID;
        match Mint::unpack(&account.data) {
            Ok(mint) if classic && mint.decimals == DECIMALS => Ok(true),
            _ => Err(DeployError::OtherMint { currency, address }),
        }
    }
}

/// Gives `owner` `amount` millionths of `mint`, opening its token account where needed.
pub fn mint_to_owner(authority: &Pubkey, mint: &Pubkey, owner: &Pubkey, amount: u64) -> [Instruction; 2] {
    let tokens = wallet::token_account(owner, mint);
    [
        wallet::open_token_account(authority, owner, mint),
        mint_to(&spl_token_interface::ID, mint, &tokens, authority, &[], amount)
            .expect("the token program is the classic one"),
    ]
}

fn create(authority: &Pubkey, mint: &Pubkey) -> [Instruction; 2] {
    let rent = Rent::default().minimum_balance(Mint::LEN);
    [
        system_instruction::create_account(authority, mint, rent, Mint::LEN as u64, &spl_token_interface::ID),
        initialize_mint2(&spl_token_interface::ID, mint, authority, None, DECIMALS)
            .expect("the token program is the classic one"),
    ]
}
