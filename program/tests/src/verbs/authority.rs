//! What the authority does about settings, keys and markets.

use anchor_lang::prelude::Pubkey;
use obscura_auction::order::MarketTag;
use obscura_circuits::size::BatchSize;
use solana_sdk::instruction::{AccountMeta, Instruction};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::obscura_program::client::{accounts, args};
use crate::types::{CreateMarketArgs, KeyPoints, MarketTerms, ScheduleMarketArgs};
use crate::world::instruction;
use crate::{Outcome, World, address};

const SYSTEM: Pubkey = anchor_lang::solana_program::system_program::ID;

impl World {
    pub fn initialize(&mut self, allow_dev_keys: bool) -> Outcome {
        let accounts = accounts::Initialize {
            authority: self.authority.pubkey(),
            settings: address::settings(),
            books: address::books(),
            usdc_mint: self.usdc,
            obsc_mint: self.obsc,
            usdc_vault: address::vault(&self.usdc),
            obsc_vault: address::vault(&self.obsc),
            token_program: spl_token_interface::ID,
            system_program: SYSTEM,
        };
        let authority = self.authority.insecure_clone();
        self.send(instruction(accounts, args::Initialize { allow_dev_keys }), &[&authority])
    }

    pub fn register_key(&mut self, size: u16, points: KeyPoints) -> Outcome {
        let authority = self.authority.insecure_clone();
        self.register_key_as(&authority, size, points)
    }

    pub fn register_key_as(&mut self, signer: &Keypair, size: u16, points: KeyPoints) -> Outcome {
        let accounts = accounts::RegisterVerifyingKey {
            payer: self.payer.pubkey(),
            authority: signer.pubkey(),
            settings: address::settings(),
            verifying_key: address::verifying_key(size),
            system_program: SYSTEM,
        };
        self.send(instruction(accounts, args::RegisterVerifyingKey { size, points }), &[signer])
    }

    pub fn freeze_key(&mut self, size: u16) -> Outcome {
        let authority = self.authority.insecure_clone();
        self.freeze_key_as(&authority, size)
    }

    pub fn freeze_key_as(&mut self, signer: &Keypair, size: u16) -> Outcome {
        let accounts = accounts::FreezeVerifyingKey {
            authority: signer.pubkey(),
            settings: address::settings(),
            verifying_key: address::verifying_key(size),
        };
        self.send(instruction(accounts, args::FreezeVerifyingKey {}), &[signer])
    }

    pub fn disable_key(&mut self, size: u16) -> Outcome {
        let authority = self.authority.insecure_clone();
        self.disable_key_as(&authority, size)
    }

    pub fn disable_key_as(&mut self, signer: &Keypair, size: u16) -> Outcome {
        let accounts = accounts::DisableVerifyingKey {
            authority: signer.pubkey(),
            settings: address::settings(),
            verifying_key: address::verifying_key(size),
        };
        self.send(instruction(accounts, args::DisableVerifyingKey {}), &[signer])
    }

    pub fn create_market(&mut self, market: CreateMarketArgs) -> Outcome {
        let authority = self.authority.insecure_clone();
        self.create_market_as(&authority, market)
    }

    pub fn create_market_as(&mut self, signer: &Keypair, market: CreateMarketArgs) -> Outcome {
        self.send(self.create_market_instruction(signer, market), &[signer])
    }

    /// Naming the keys of every circuit size that the market may need.
    pub fn create_market_instruction(&self, signer: &Keypair, market: CreateMarketArgs) -> Instruction {
        let tag = MarketTag::of(&market.gpu_type).get();
        let accounts = accounts::CreateMarket {
            payer: self.payer.pubkey(),
            authority: signer.pubkey(),
            settings: address::settings(),
            market: address::market(tag),
            system_program: SYSTEM,
        };
        let keys = keys_up_to(market.terms.params.max_orders);
        let mut create = instruction(accounts, args::CreateMarket { args: market });
        create.accounts.extend(keys);
        create
    }

    /// Of the world's market, from batch `from_batch` on.
    pub fn schedule_market_as(&mut self, signer: &Keypair, from_batch: u64, terms: MarketTerms) -> Outcome {
        let accounts = accounts::ScheduleMarket {
            authority: signer.pubkey(),
            settings: address::settings(),
            market: self.market,
        };
        let keys = keys_up_to(terms.params.max_orders);
        let change = ScheduleMarketArgs { from_batch, terms };
        let mut schedule = instruction(accounts, args::ScheduleMarket { args: change });
        schedule.accounts.extend(keys);
        self.send(schedule, &[signer])
    }

    pub fn schedule_market(&mut self, from_batch: u64, terms: MarketTerms) -> Outcome {
        let authority = self.authority.insecure_clone();
        self.schedule_market_as(&authority, from_batch, terms)
    }

    pub fn propose_authority_as(&mut self, signer: &Keypair, proposed: Option<Pubkey>) -> Outcome {
        let accounts =
            accounts::ProposeAuthority { authority: signer.pubkey(), settings: address::settings() };
        self.send(instruction(accounts, args::ProposeAuthority { proposed }), &[signer])
    }

    pub fn accept_authority(&mut self, proposed: &Keypair) -> Outcome {
        let accounts =
            accounts::AcceptAuthority { proposed: proposed.pubkey(), settings: address::settings() };
        self.send(instruction(accounts, args::AcceptAuthority {}), &[proposed])
    }

    pub fn sweep_donations(&mut self, mint: Pubkey) -> Outcome {
        let accounts = accounts::SweepDonations {
            settings: address::settings(),
            books: address::books(),
            vault: address::vault(&mint),
        };
        self.send(instruction(accounts, args::SweepDonations { mint }), &[])
    }

    pub fn set_paused(&mut self, paused: bool) -> Outcome {
        let authority = self.authority.insecure_clone();
        self.set_paused_as(&authority, paused)
    }

    pub fn set_paused_as(&mut self, signer: &Keypair, paused: bool) -> Outcome {
        let accounts = accounts::SetPaused { authority: signer.pubkey(), settings: address::settings() };
        self.send(instruction(accounts, args::SetPaused { paused }), &[signer])
    }

    /// To `tokens`, a token account that is the authority's in a test that should land.
    pub fn withdraw_treasury_as(&mut self, signer: &Keypair, tokens: Pubkey, amount: u64) -> Outcome {
        self.send(self.withdraw_treasury_instruction(signer, tokens, amount), &[signer])
    }

    pub fn withdraw_treasury_instruction(
        &self,
        signer: &Keypair,
        tokens: Pubkey,
        amount: u64,
    ) -> Instruction {
        let accounts = accounts::WithdrawTreasury {
            authority: signer.pubkey(),
            settings: address::settings(),
            books: address::books(),
            mint: self.usdc,
            vault: address::vault(&self.usdc),
            authority_tokens: tokens,
            token_program: spl_token_interface::ID,
        };
        instruction(accounts, args::WithdrawTreasury { amount })
    }
}

/// The key accounts of every circuit size up to `max_orders`.
fn keys_up_to(max_orders: u16) -> impl Iterator<Item = AccountMeta> {
    let keys = BatchSize::up_to(max_orders).map(|size| address::verifying_key(size.get()));
    keys.map(|key| AccountMeta::new_readonly(key, false))
}
