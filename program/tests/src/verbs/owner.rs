//! What a trader's owner does: open the account, move tokens, name a delegate.

use anchor_lang::prelude::Pubkey;
use solana_sdk::instruction::Instruction;
use solana_sdk::signer::Signer;

use crate::obscura_program::client::{accounts, args};
use crate::types::SetDelegateArgs;
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

    pub fn set_delegate(&mut self, actor: &Actor, delegate: SetDelegateArgs) -> Outcome {
        let accounts = accounts::SetDelegate { owner: actor.owner(), trader: actor.trader };
        self.send(instruction(accounts, args::SetDelegate { args: delegate }), &[&actor.key])
    }

    pub fn revoke_delegate(&mut self, actor: &Actor) -> Outcome {
        let accounts = accounts::RevokeDelegate { owner: actor.owner(), trader: actor.trader };
        self.send(instruction(accounts, args::RevokeDelegate {}), &[&actor.key])
    }
}
