//! Opening, accepting and closing leases.

use anchor_lang::prelude::Pubkey;
use obscura_auction::order::Side;
use solana_sdk::instruction::Instruction;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::accounts::{Lease, Order};
use crate::obscura_program::client::{accounts, args};
use crate::types::{LeaseTerms, OpenLeaseArgs};
use crate::verbs::clear::ClearedRow;
use crate::world::instruction;
use crate::{Clearing, Outcome, World, address};

/// The accounts of an instruction on a lease, under the name of it.
macro_rules! parties {
    ($name:ident, $world:expr, $signer:expr, $clearing:expr, $row:expr) => {
        accounts::$name {
            signer: $signer.pubkey(),
            batch: $clearing.batch($world),
            lease: $clearing.lease($world, $row),
            bid_order: $clearing.order_of($row, Side::Bid),
            ask_order: $clearing.order_of($row, Side::Ask),
            buyer_trader: $clearing.trader_of($row, Side::Bid),
            provider_trader: $clearing.trader_of($row, Side::Ask),
            books: address::books(),
        }
    };
}

impl Clearing {
    fn batch(&self, world: &World) -> Pubkey {
        address::batch(&world.market, self.index)
    }

    pub fn lease(&self, world: &World, row: u16) -> Pubkey {
        address::lease(&self.batch(world), row)
    }

    /// Address of the bid or ask of row `row`.
    pub fn order_of(&self, row: u16, side: Side) -> Pubkey {
        self.orders[self.index_of(row, side)].address()
    }

    pub fn trader_of(&self, row: u16, side: Side) -> Pubkey {
        self.orders[self.index_of(row, side)].trader()
    }

    /// What opens row `row`'s terms hash.
    pub fn terms(&self, row: u16) -> LeaseTerms {
        let bid = &self.orders[self.index_of(row, Side::Bid)];
        let ClearedRow { ask, qty, .. } = self.rows[usize::from(row)];
        LeaseTerms { qty, duration: bid.terms.duration.get(), blind: bid.blind(ask) }
    }

    fn index_of(&self, row: u16, side: Side) -> usize {
        let row = &self.rows[usize::from(row)];
        match side {
            Side::Bid => row.bid.into(),
            Side::Ask => row.ask.into(),
        }
    }
}

impl World {
    pub fn open_lease_instruction(&self, clearing: &Clearing, row: u16) -> Instruction {
        let accounts = accounts::OpenLease {
            payer: self.payer.pubkey(),
            batch: clearing.batch(self),
            bid_order: clearing.order_of(row, Side::Bid),
            ask_order: clearing.order_of(row, Side::Ask),
            lease: clearing.lease(self, row),
            system_program: anchor_lang::solana_program::system_program::ID,
        };
        let path = clearing.tree().path(row).expect("a row of the tree");
        let opening = OpenLeaseArgs { row, terms_hash: clearing.terms_hash(row), path };
        instruction(accounts, args::OpenLease { args: opening })
    }

    pub fn open_lease(&mut self, clearing: &Clearing, row: u16) -> Outcome {
        self.send(self.open_lease_instruction(clearing, row), &[])
    }

    /// Shows that row `row` is empty.
    pub fn complete_settlement(&mut self, clearing: &Clearing, row: u16) -> Outcome {
        let path = clearing.tree().path(row).expect("a row of the tree");
        let accounts = accounts::CompleteSettlement { batch: clearing.batch(self) };
        self.send(instruction(accounts, args::CompleteSettlement { row, path }), &[])
    }

    pub fn accept_lease(&mut self, provider: &Keypair, clearing: &Clearing, row: u16) -> Outcome {
        let accounts = parties!(AcceptLease, self, provider, clearing, row);
        self.send(instruction(accounts, args::AcceptLease {}), &[provider])
    }

    pub fn release_lease(&mut self, buyer: &Keypair, clearing: &Clearing, row: u16) -> Outcome {
        self.release_lease_with(buyer, clearing, row, clearing.terms(row))
    }

    pub fn release_instruction(&self, buyer: &Keypair, clearing: &Clearing, row: u16) -> Instruction {
        self.release_instruction_with(buyer, clearing, row, clearing.terms(row))
    }

    pub fn release_lease_with(
        &mut self,
        buyer: &Keypair,
        clearing: &Clearing,
        row: u16,
        terms: LeaseTerms,
    ) -> Outcome {
        self.send(self.release_instruction_with(buyer, clearing, row, terms), &[buyer])
    }

    fn release_instruction_with(
        &self,
        buyer: &Keypair,
        clearing: &Clearing,
        row: u16,
        terms: LeaseTerms,
    ) -> Instruction {
        instruction(parties!(ReleaseLease, self, buyer, clearing, row), args::ReleaseLease { terms })
    }

    pub fn claim_lease(&mut self, provider: &Keypair, clearing: &Clearing, row: u16) -> Outcome {
        let accounts = parties!(ClaimLease, self, provider, clearing, row);
        self.send(instruction(accounts, args::ClaimLease { terms: clearing.terms(row) }), &[provider])
    }

    pub fn cancel_lease(&mut self, buyer: &Keypair, clearing: &Clearing, row: u16) -> Outcome {
        let accounts = parties!(CancelLease, self, buyer, clearing, row);
        self.send(instruction(accounts, args::CancelLease {}), &[buyer])
    }

    pub fn show_terms(&mut self, signer: &Keypair, clearing: &Clearing, row: u16) -> Outcome {
        self.show_terms_with(signer, clearing, row, clearing.terms(row))
    }

    pub fn show_terms_with(
        &mut self,
        signer: &Keypair,
        clearing: &Clearing,
        row: u16,
        terms: LeaseTerms,
    ) -> Outcome {
        let accounts = parties!(ShowTerms, self, signer, clearing, row);
        self.send(instruction(accounts, args::ShowTerms { terms }), &[signer])
    }

    pub fn challenge_lease(&mut self, buyer: &Keypair, clearing: &Clearing, row: u16) -> Outcome {
        let accounts = parties!(ChallengeLease, self, buyer, clearing, row);
        self.send(instruction(accounts, args::ChallengeLease { terms: clearing.terms(row) }), &[buyer])
    }

    pub fn answer_challenge(&mut self, provider: &Keypair, clearing: &Clearing, row: u16) -> Outcome {
        let accounts = parties!(AnswerChallenge, self, provider, clearing, row);
        self.send(instruction(accounts, args::AnswerChallenge {}), &[provider])
    }

    pub fn fail_lease(&mut self, clearing: &Clearing, row: u16) -> Outcome {
        let payer = self.payer.insecure_clone();
        let accounts = parties!(FailLease, self, payer, clearing, row);
        self.send(instruction(accounts, args::FailLease {}), &[])
    }

    pub fn expire_lease(&mut self, clearing: &Clearing, row: u16) -> Outcome {
        let payer = self.payer.insecure_clone();
        let accounts = parties!(ExpireLease, self, payer, clearing, row);
        self.send(instruction(accounts, args::ExpireLease {}), &[])
    }

    pub fn free_surplus(&mut self, order: &Pubkey) -> Outcome {
        let Order { batch, trader, .. } = self.read(order);
        let accounts = accounts::FreeSurplus { order: *order, batch, trader };
        self.send(instruction(accounts, args::FreeSurplus {}), &[])
    }

    #[track_caller]
    pub fn lease(&self, clearing: &Clearing, row: u16) -> Lease {
        self.read(&clearing.lease(self, row))
    }
}
