//! A matcher's bond, and what ends or cuts it.

use anchor_lang::prelude::Pubkey;
use anchor_lang::solana_program::system_program;
use solana_sdk::instruction::Instruction;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::accounts::{Batch, Matcher};
use crate::obscura_program::client::{accounts, args};
use crate::world::instruction;
use crate::{Actor, ID, Outcome, Sealed, World, address};

const DOMAIN: &[u8] = b"obscura-ack-v1";
const INSTRUCTIONS: Pubkey = Pubkey::from_str_const("Sysvar1nstructions1111111111111111111111111");

impl World {
    pub fn bond_instruction(&self, actor: &Actor, amount: u64) -> Instruction {
        let accounts = accounts::BondMatcher {
            payer: self.payer.pubkey(),
            key: actor.owner(),
            trader: actor.trader,
            matcher: address::matcher(&actor.owner()),
            system_program: system_program::ID,
        };
        instruction(accounts, args::BondMatcher { amount })
    }

    pub fn bond(&mut self, actor: &Actor, amount: u64) -> Outcome {
        self.send(self.bond_instruction(actor, amount), &[&actor.key])
    }

    pub fn unbond_instruction(&self, actor: &Actor, amount: u64) -> Instruction {
        let accounts = accounts::UnbondMatcher {
            key: actor.owner(),
            trader: actor.trader,
            matcher: address::matcher(&actor.owner()),
        };
        instruction(accounts, args::UnbondMatcher { amount })
    }

    pub fn unbond(&mut self, actor: &Actor, amount: u64) -> Outcome {
        self.send(self.unbond_instruction(actor, amount), &[&actor.key])
    }

    pub fn retire_matcher(&mut self, actor: &Actor, retired: bool) -> Outcome {
        let accounts =
            accounts::RetireMatcher { key: actor.owner(), matcher: address::matcher(&actor.owner()) };
        self.send(instruction(accounts, args::RetireMatcher { retired }), &[&actor.key])
    }

    #[track_caller]
    pub fn bond_of(&self, key: Pubkey) -> Matcher {
        self.read(&address::matcher(&key))
    }

    pub fn discharge_batch(&mut self, index: u64) -> Outcome {
        let batch = address::batch(&self.market, index);
        let Batch { matcher, .. } = self.read(&batch);
        let accounts = accounts::DischargeBatch { batch, matcher: address::matcher(&matcher) };
        self.send(instruction(accounts, args::DischargeBatch {}), &[])
    }

    /// What the matcher signs for `order`, which is committed.
    pub fn acknowledgement(&self, order: &Sealed) -> Vec<u8> {
        let batch: Batch = self.read(&self.order(order).batch);
        [
            DOMAIN,
            ID.as_ref(),
            batch.market.as_ref(),
            &batch.index.to_le_bytes(),
            order.address().as_ref(),
            &order.commit_hash(),
            &1_000_000_031_i64.to_le_bytes(),
        ]
        .concat()
    }

    pub fn slash_matcher_instruction(&self, order: &Sealed) -> Instruction {
        let batch = self.order(order).batch;
        let Batch { matcher, .. } = self.read(&batch);
        let accounts = accounts::SlashMatcher {
            batch,
            order: order.address(),
            trader: order.trader(),
            matcher: address::matcher(&matcher),
            books: address::books(),
            instructions: INSTRUCTIONS,
        };
        instruction(accounts, args::SlashMatcher {})
    }

    /// With `signer`'s signature over `message`, checked in the instruction before.
    pub fn slash_matcher(&mut self, signer: &Keypair, message: &[u8], order: &Sealed) -> Outcome {
        let slash = self.slash_matcher_instruction(order);
        self.send_all(&[ed25519_check(signer, message), slash], &[])
    }
}

/// The ed25519 program's check of one signature, everything in its own data.
pub fn ed25519_check(signer: &Keypair, message: &[u8]) -> Instruction {
    let signature: [u8; 64] = signer.sign_message(message).into();
    let key = signer.pubkey().to_bytes();
    solana_ed25519_program::new_ed25519_instruction_with_signature(message, &signature, &key)
}
