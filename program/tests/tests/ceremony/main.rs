//! A ceremony of snarkjs' makes the key of 16 slots, and the program clears a market with it: with a proof of
//! our prover, and with one of snarkjs' own. Development keys are refused there.
//!
//! The test needs Node; where it is missing it says so and does nothing. A phase 1 that stands for the public
//! one is made by a rehearsal, because snarkjs takes a quarter of an hour over it.

#![allow(clippy::unwrap_used)]

#[path = "../../../../circuits/tests/snarkjs/driver.rs"]
mod driver;
mod held;
mod market;

use std::fs;

use held::{Ceremony, ceremony};
use market::Market;
use obscura_auction::field::FieldBytes;
use obscura_circuits::circom::json;
use obscura_circuits::circom::wtns::write_wtns;
use obscura_circuits::clearing::ClearingWitness;
use obscura_circuits::keys::{ClearingKeys, VerifyingKeyBytes};
use obscura_circuits::proof::{ProofBytes, verify};
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::assignment;
use obscura_program_tests::proven::key_points;
use obscura_program_tests::types::Proof;
use obscura_program_tests::{Refusal, World, address, assert_refused};

#[test]
fn our_proof_under_a_ceremonys_key_is_taken_by_snarkjs_and_by_the_program() {
    let Some(Ceremony { snarkjs, keys }) = ceremony() else { return };
    let mut market = Market::open_under(keys);
    let (clearance, posting) = market.prove(keys);
    let Proof { a, b, c } = posting.proof;
    fs::write(snarkjs.path("ours.json"), json::proof(&ProofBytes { a, b, c }).unwrap()).unwrap();
    fs::write(snarkjs.path("statement.json"), json::public(&clearance.statement_hash).unwrap()).unwrap();
    snarkjs.must("groth16 verify verification_key.json statement.json ours.json");
    market.clears(posting);
}

#[test]
fn a_proof_of_snarkjs_under_a_ceremonys_key_is_taken_by_us_and_by_the_program() {
    let Some(Ceremony { snarkjs, keys }) = ceremony() else { return };
    let mut market = Market::open_under(keys);
    let (clearance, mut posting) = market.prove(keys);
    let values = assignment(&ClearingWitness::of(&clearance)).unwrap();
    let mut file = Vec::new();
    write_wtns(&values, &mut file).unwrap();
    fs::write(snarkjs.path("batch.wtns"), file).unwrap();
    snarkjs.must("groth16 prove final.zkey batch.wtns proof.json public.json");

    let public: FieldBytes =
        json::read_public(&fs::read_to_string(snarkjs.path("public.json")).unwrap()).unwrap();
    assert_eq!(public, clearance.statement_hash);
    let proof = json::read_proof(&fs::read_to_string(snarkjs.path("proof.json")).unwrap()).unwrap();
    assert_eq!(verify(keys.verifying_key(), &proof, &public), Ok(()));
    let ProofBytes { a, b, c } = proof;
    posting.proof = Proof { a, b, c };
    market.clears(posting);
}

#[test]
fn a_proof_under_another_key_is_refused_by_a_market_of_the_ceremonys_key() {
    let Some(Ceremony { keys, .. }) = ceremony() else { return };
    let mut market = Market::open_under(keys);
    let (_, posting) = market.prove(&development());
    market.refuses(posting);
}

#[test]
fn a_ceremonys_key_is_registered_where_development_keys_are_refused() {
    let Some(Ceremony { keys, .. }) = ceremony() else { return };
    let mut world = World::bare();
    world.initialize(false).unwrap();
    let development = VerifyingKeyBytes::development(BatchSize::S16);
    assert_refused(world.register_key(16, key_points(&development)), Refusal::DevelopmentKey);
    world.register_key(16, key_points(keys.verifying_key())).unwrap();
    let stored: obscura_program_tests::accounts::VerifyingKey = world.read(&address::verifying_key(16));
    assert_eq!(stored.fingerprint, keys.verifying_key().fingerprint());
}

fn development() -> ClearingKeys {
    obscura_program_tests::proven::development_keys(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")))
}
