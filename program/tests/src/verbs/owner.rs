//! What a trader's owner does: open the account, move tokens, name a delegate.

use anchor_lang::prelude::Pubkey;
use solana_sdk::instruction::Instruction;
use solana_sdk::signer::Signer;

use crate::actor::keypair;
use crate::obscura_program::client::{accounts, args};
use crate::types::{Capacity, ProviderArgs, SetDelegateArgs};
use crate::world::{GENESIS, instruction};
use crate::{Actor, Outcome, World, address};

/// A delegate with both permissions and wide caps, to be narrowed by the test.
pub fn delegate_args(delegate: Pubkey) -> SetDelegateArgs {
    SetDelegateArgs {
        delegate,
        permissions: 3,
        expires_at: GENESIS + 1_000_000,
        spend_cap: 500_000_000,
        max_order_micro: 100_000_000,
        max_order_gpus: 64,
        gpu_cap: 4_096,
    }
}

/// Eight GPUs in `market`, as an honest provider would describe them.
pub fn provider_args(market: Pubkey) -> ProviderArgs {
    ProviderArgs {
        host_key: keypair(70).pubkey(),
        hardware_hash: [7; 32],
        capacity: Capacity {
            market,
            gpus: 8,
            gpu_memory_gib: 80,
            cpu_cores: 96,
            memory_gib: 1_024,
            disk_gib: 8_000,
            uplink_mbps: 10_000,
        },
        label: "eight of them".to_owned(),
    }
}

impl World {
    pub fn open_trader(&mut self, actor: &Actor) -> Outcome {
        let accounts = accounts::OpenTrader {
            payer: self.payer.pubkey(),
            owner: actor.owner(),
            trader: actor.trader,
            system_program: anchor_lang::solana_program::system_program::ID,
        };
        self.send(instruction(accounts, args::OpenTrader {}), &[&actor.key])
    }

    pub fn deposit_instruction(&self, actor: &Actor, mint: Pubkey, amount: u64) -> Instruction {
        let accounts = accounts::Deposit {
            owner: actor.owner(),
            settings: address::settings(),
            books: address::books(),
            trader: actor.trader,
            mint,
            vault: address::vault(&mint),
            owner_tokens: actor.tokens(&mint),
            token_program: spl_token_interface::ID,
        };
        instruction(accounts, args::Deposit { amount })
    }

    pub fn deposit(&mut self, actor: &Actor, mint: Pubkey, amount: u64) -> Outcome {
        self.send(self.deposit_instruction(actor, mint, amount), &[&actor.key])
    }

    /// To `tokens`, a token account that is the owner's in a test that should land.
    pub fn withdraw_instruction(
        &self,
        actor: &Actor,
        mint: Pubkey,
        tokens: Pubkey,
        amount: u64,
    ) -> Instruction {
        let accounts = accounts::Withdraw {
            owner: actor.owner(),
            settings: address::settings(),
            books: address::books(),
            trader: actor.trader,
            mint,
            vault: address::vault(&mint),
            owner_tokens: tokens,
            token_program: spl_token_interface::ID,
        };
        instruction(accounts, args::Withdraw { amount })
    }

    pub fn withdraw(&mut self, actor: &Actor, mint: Pubkey, amount: u64) -> Outcome {
        let instruction = self.withdraw_instruction(actor, mint, actor.tokens(&mint), amount);
        self.send(instruction, &[&actor.key])
    }

    pub fn begin_unstake(&mut self, actor: &Actor, amount: u64) -> Outcome {
        let accounts = accounts::BeginUnstake { owner: actor.owner(), trader: actor.trader };
        self.send(instruction(accounts, args::BeginUnstake { amount }), &[&actor.key])
    }

    /// To `tokens`, a token account of `mint` that is the owner's in a test that should land.
    pub fn withdraw_stake_instruction(&self, actor: &Actor, mint: Pubkey, tokens: Pubkey) -> Instruction {
        let accounts = accounts::WithdrawStake {
            owner: actor.owner(),
            settings: address::settings(),
            books: address::books(),
            trader: actor.trader,
            mint,
            vault: address::vault(&mint),
            owner_tokens: tokens,
            token_program: spl_token_interface::ID,
        };
        instruction(accounts, args::WithdrawStake {})
    }

    pub fn withdraw_stake(&mut self, actor: &Actor) -> Outcome {
        let instruction = self.withdraw_stake_instruction(actor, self.obsc, actor.tokens(&self.obsc));
        self.send(instruction, &[&actor.key])
    }

    pub fn register_provider_instruction(&self, actor: &Actor, provider: ProviderArgs) -> Instruction {
        let accounts = accounts::RegisterProvider {
            payer: self.payer.pubkey(),
            owner: actor.owner(),
            trader: actor.trader,
            provider: address::provider(&actor.owner()),
            system_program: anchor_lang::solana_program::system_program::ID,
        };
        instruction(accounts, args::RegisterProvider { args: provider })
    }

    pub fn register_provider(&mut self, actor: &Actor, provider: ProviderArgs) -> Outcome {
        self.send(self.register_provider_instruction(actor, provider), &[&actor.key])
    }

    pub fn update_provider_instruction(&self, actor: &Actor, provider: ProviderArgs) -> Instruction {
        let accounts =
            accounts::UpdateProvider { owner: actor.owner(), provider: address::provider(&actor.owner()) };
        instruction(accounts, args::UpdateProvider { args: provider })
    }

    pub fn update_provider(&mut self, actor: &Actor, provider: ProviderArgs) -> Outcome {
        self.send(self.update_provider_instruction(actor, provider), &[&actor.key])
    }

    pub fn set_delegate(&mut self, actor: &Actor, delegate: SetDelegateArgs) -> Outcome {
        let accounts = accounts::SetDelegate { owner: actor.owner(), trader: actor.trader };
        self.send(instruction(accounts, args::SetDelegate { args: delegate }), &[&actor.key])
    }

    pub fn revoke_delegate(&mut self, actor: &Actor) -> Outcome {
        let accounts = accounts::RevokeDelegate { owner: actor.owner(), trader: actor.trader };
        self.send(instruction(accounts, args::RevokeDelegate {}), &[&actor.key])
    }
}
