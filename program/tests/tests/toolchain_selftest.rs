//! The program toolchain's code generator, held to the native one: the same code runs on this
//! machine and, compiled by `program/toolchain`, in the SVM, and must give the same digest.
//!
//! Part of the generator is the project's own compiler code; this is its test. The code under test
//! is `program/toolchain/selftest`; `program/build` compiles it.

#[path = "../../toolchain/selftest/src/exercise/mod.rs"]
mod exercise;

use litesvm::LiteSVM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};
use solana_sdk::transaction::Transaction;

const PROGRAM: &[u8] = include_bytes!("../../artifacts/toolchain_selftest.so");
const SEEDS: u64 = 400;
/// As many as fit into a transaction's compute limit with room to spare.
const ROUNDS: u32 = 6;
const COMPUTE_LIMIT: u32 = 1_400_000;
const COMPUTE_BUDGET: Pubkey = pubkey!("ComputeBudget111111111111111111111111111111");
const SET_COMPUTE_UNIT_LIMIT: u8 = 2;

struct Machine {
    svm: LiteSVM,
    program: Pubkey,
    payer: Keypair,
}

impl Machine {
    fn new() -> Self {
        let mut svm = LiteSVM::new().with_blockhash_check(false).with_sigverify(false);
        let program = Pubkey::new_unique();
        svm.add_program(program, PROGRAM).expect("the self-test is a valid program");
        let payer = Keypair::new();
        svm.airdrop(&payer.pubkey(), 1_000_000_000).expect("a fresh ledger grants an airdrop");
        Self { svm, program, payer }
    }

    fn run(&mut self, seed: u64, rounds: u32) -> Vec<u8> {
        let limit = [&[SET_COMPUTE_UNIT_LIMIT][..], &COMPUTE_LIMIT.to_le_bytes()].concat();
        let data = [&seed.to_le_bytes()[..], &rounds.to_le_bytes()].concat();
        let instructions = [
            Instruction::new_with_bytes(COMPUTE_BUDGET, &limit, vec![]),
            Instruction::new_with_bytes(self.program, &data, vec![]),
        ];
        let payer = Some(self.payer.pubkey());
        let blockhash = self.svm.latest_blockhash();
        let sent = self.svm.send_transaction(Transaction::new_signed_with_payer(
            &instructions,
            payer.as_ref(),
            &[&self.payer],
            blockhash,
        ));
        sent.unwrap_or_else(|failed| panic!("seed {seed}: {failed:?}")).return_data.data
    }
}

#[test]
fn generated_code_computes_what_native_code_computes() {
    let mut machine = Machine::new();
    for seed in 0..SEEDS {
        let native = exercise::run(seed, ROUNDS);
        assert_eq!(machine.run(seed, ROUNDS), native, "seed {seed} differs");
    }
}

#[test]
fn the_digest_depends_on_seed_and_rounds() {
    assert_ne!(exercise::run(1, 2), exercise::run(2, 2));
    assert_ne!(exercise::run(1, 2), exercise::run(1, 3));
}
