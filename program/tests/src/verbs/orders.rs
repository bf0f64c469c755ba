//! Commit, reveal and refund.

use anchor_lang::prelude::Pubkey;
use obscura_circuits::size::BatchSize;
use solana_sdk::instruction::Instruction;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::accounts::{Batch, Order};
use crate::obscura_program::client::{accounts, args};
use crate::types::CommitArgs;
use crate::world::instruction;
use crate::{Actor, Outcome, Sealed, World, address};

impl World {
    /// The commit of `order` into batch `index`, signed by `authority`.
    pub fn commit_instruction(&self, authority: &Keypair, order: &Sealed, index: u64) -> Instruction {
        let accounts = accounts::Commit {
            payer: self.payer.pubkey(),
            authority: authority.pubkey(),
            settings: address::settings(),
            market: self.market,
            matcher: address::matcher(&self.matcher.owner()),
            batch: address::batch(&self.market, index),
            trader: order.trader(),
            order: order.address(),
            system_program: anchor_lang::solana_program::system_program::ID,
        };
        let commit = CommitArgs {
            order_id: order.order_id,
            batch_index: index,
            side: order.lock.side as u8,
            commit_hash: order.commit_hash(),
            lock: order.lock.amount,
            max_charges: u64::MAX,
        };
        instruction(accounts, args::Commit { args: commit })
    }

    /// Commits into batch `index`.
    pub fn commit_in(&mut self, authority: &Keypair, order: &Sealed, index: u64) -> Outcome {
        self.send(self.commit_instruction(authority, order, index), &[authority])
    }

    /// Commits into batch 0.
    pub fn commit(&mut self, authority: &Keypair, order: &Sealed) -> Outcome {
        self.commit_in(authority, order, 0)
    }

    pub fn reveal_instruction(&self, authority: &Keypair, order: &Sealed) -> Instruction {
        let accounts = accounts::Reveal {
            authority: authority.pubkey(),
            trader: order.trader(),
            order: order.address(),
            batch: self.order(order).batch,
        };
        instruction(accounts, args::Reveal { opening: order.opening() })
    }

    pub fn reveal(&mut self, authority: &Keypair, order: &Sealed) -> Outcome {
        self.send(self.reveal_instruction(authority, order), &[authority])
    }

    pub fn refund_instruction(
        &self,
        cranker: Pubkey,
        order: &Sealed,
        cranker_trader: Option<Pubkey>,
    ) -> Instruction {
        let Order { batch, .. } = self.order(order);
        let (address, batch): (_, Batch) = (batch, self.read(&batch));
        let size = BatchSize::holding(batch.order_count.into());
        let key = address::verifying_key(size.expect("a batch fits a circuit").get());
        let accounts = accounts::Refund {
            cranker,
            order: order.address(),
            batch: address,
            trader: order.trader(),
            cranker_trader,
            books: address::books(),
            matcher: address::matcher(&batch.matcher),
            verifying_key: (!batch.cleared).then_some(key),
        };
        instruction(accounts, args::Refund {})
    }

    /// Refunded by a stranger who names no account: the cranker's half goes to the treasury.
    pub fn refund(&mut self, order: &Sealed) -> Outcome {
        let instruction = self.refund_instruction(self.payer.pubkey(), order, None);
        self.send(instruction, &[])
    }

    /// Refunded by `cranker`, paid into its own trader account.
    pub fn refund_by(&mut self, cranker: &Actor, order: &Sealed) -> Outcome {
        let instruction = self.refund_instruction(cranker.owner(), order, Some(cranker.trader));
        self.send(instruction, &[&cranker.key])
    }

    #[track_caller]
    pub fn order(&self, order: &Sealed) -> Order {
        self.read(&order.address())
    }
}
