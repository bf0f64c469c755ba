//! Proofs verify for exactly their statement and key, and development keys are reproducible.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::Bn254;
use ark_groth16::Groth16;
use common::{Batch, busy_batch, constraints};
use obscura_circuits::clearing::ClearingCircuit;
use obscura_circuits::keys::{ClearingKeys, VerifyingKeyBytes, development_origin};
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::{ProofBytes, ProveError, VerifyError, prove, verify};
use obscura_circuits::prover::{ProverError, groth16};
use obscura_circuits::reduction::CircomReduction;
use obscura_circuits::size::BatchSize;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

fn keys() -> &'static ClearingKeys {
    static KEYS: OnceLock<ClearingKeys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("devkeys");
        ClearingKeys::dev(BatchSize::S16, &dir, &Progress::default()).unwrap()
    })
}

fn proven(batch: &Batch) -> ProofBytes {
    prove(keys(), &batch.clear(), &mut ChaCha20Rng::seed_from_u64(7), &Progress::default()).unwrap()
}

#[test]
fn a_proof_verifies_for_its_own_statement_only() {
    let batch = busy_batch();
    let proof = proven(&batch);
    let hash = batch.clear().statement_hash;
    assert_eq!(verify(keys().verifying_key(), &proof, &hash), Ok(()));

    let mut next_batch = busy_batch();
    next_batch.0.batch_index += 1;
    let mut other_market = busy_batch();
    other_market.0.market[0] ^= 1;
    let mut other_program = busy_batch();
    other_program.0.program[31] ^= 1;
    for other in [next_batch, other_market, other_program] {
        let hash = other.clear().statement_hash;
        assert_eq!(verify(keys().verifying_key(), &proof, &hash), Err(VerifyError::Invalid));
    }
}

#[test]
fn an_empty_batch_is_proven_like_any_other() {
    let batch = Batch::new();
    let hash = batch.clear().statement_hash;
    assert_eq!(verify(keys().verifying_key(), &proven(&batch), &hash), Ok(()));
}

#[test]
fn a_proof_fails_under_a_key_that_differs_in_any_point() {
    let batch = busy_batch();
    let (proof, hash) = (proven(&batch), batch.clear().statement_hash);
    let good = keys().verifying_key();
    let swapped = |change: fn(&mut VerifyingKeyBytes)| {
        let mut key = good.clone();
        change(&mut key);
        verify(&key, &proof, &hash)
    };
    assert_eq!(swapped(|key| key.alpha_g1 = key.ic[0]), Err(VerifyError::Invalid));
    assert_eq!(swapped(|key| key.beta_g2 = key.delta_g2), Err(VerifyError::Invalid));
    assert_eq!(swapped(|key| key.gamma_g2 = key.delta_g2), Err(VerifyError::Invalid));
    assert_eq!(swapped(|key| key.delta_g2 = key.gamma_g2), Err(VerifyError::Invalid));
    assert_eq!(swapped(|key| key.ic.swap(0, 1)), Err(VerifyError::Invalid));
}

#[test]
fn a_proof_with_any_point_replaced_or_malformed_fails() {
    let batch = busy_batch();
    let (proof, hash) = (proven(&batch), batch.clear().statement_hash);
    let key = keys().verifying_key();
    for wrong in [
        ProofBytes { a: proof.c, ..proof },
        ProofBytes { b: key.delta_g2, ..proof },
        ProofBytes { c: proof.a, ..proof },
    ] {
        assert_eq!(verify(key, &wrong, &hash), Err(VerifyError::Invalid));
    }
    let malformed = ProofBytes { a: [0xff; 64], ..proof };
    assert!(matches!(verify(key, &malformed, &hash), Err(VerifyError::Proof(_))));
    assert!(matches!(verify(key, &proof, &[0xff; 32]), Err(VerifyError::StatementHash(_))));
}

#[test]
fn two_proofs_of_one_clearing_differ_so_that_nothing_can_be_read_from_repeats() {
    let clearance = busy_batch().clear();
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let first = prove(keys(), &clearance, &mut rng, &Progress::default()).unwrap();
    let second = prove(keys(), &clearance, &mut rng, &Progress::default()).unwrap();
    assert_ne!(first, second);
}

#[test]
fn a_batch_of_another_size_is_refused_before_any_work() {
    let clearance = Batch::of_size(BatchSize::S64).clear();
    let error =
        prove(keys(), &clearance, &mut ChaCha20Rng::seed_from_u64(1), &Progress::default()).unwrap_err();
    assert!(matches!(error, ProveError::Size { expected: 16, got: 64 }));
}

#[test]
fn a_clearance_that_was_tampered_with_is_not_proven() {
    let mut clearance = busy_batch().clear();
    clearance.leases.pop();
    let error =
        prove(keys(), &clearance, &mut ChaCha20Rng::seed_from_u64(1), &Progress::default()).unwrap_err();
    assert!(matches!(error, ProveError::Unsatisfied { .. }), "{error}");
}

#[test]
fn the_development_keys_are_the_published_ones() {
    assert_eq!(*keys().verifying_key(), VerifyingKeyBytes::development(BatchSize::S16));
    let fingerprints: BTreeSet<_> =
        BatchSize::ALL.map(|size| VerifyingKeyBytes::development(size).fingerprint()).into();
    assert_eq!(fingerprints.len(), 4);
}

#[test]
fn a_proof_can_be_watched_and_cancelled() {
    let progress = Progress::default();
    assert_eq!(progress.steps(), (0, 0));
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    prove(keys(), &busy_batch().clear(), &mut rng, &progress).unwrap();
    let (done, steps) = progress.steps();
    assert!(done == steps && steps > 0, "{done} of {steps}");
    progress.cancel();
    let error = prove(keys(), &busy_batch().clear(), &mut rng, &progress).unwrap_err();
    assert!(matches!(error, ProveError::Prover(ProverError::Cancelled)), "{error}");
}

#[test]
fn a_proving_key_of_another_circuit_is_refused() {
    let mut of_another = keys().proving_key().clone();
    of_another.a_query.pop();
    let of_another = ClearingKeys::assemble(BatchSize::S16, of_another).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let error = prove(&of_another, &busy_batch().clear(), &mut rng, &Progress::default()).unwrap_err();
    assert!(matches!(error, ProveError::Prover(ProverError::OtherCircuit { .. })), "{error}");
}

/// The library's own prover, given the same key, values and blinding.
#[test]
fn a_proof_is_the_one_that_the_librarys_prover_makes() {
    let witness = busy_batch().witness();
    let (_, evaluation) = ClearingCircuit::new(&witness).evaluate().unwrap();
    let blinding = [common::fr(11), common::fr(12)];
    let expected = Groth16::<Bn254, CircomReduction>::create_proof_with_reduction_and_matrices(
        keys().proving_key(),
        blinding[0],
        blinding[1],
        &constraints().matrices,
        constraints().num_inputs,
        constraints().count(),
        &evaluation.assignment(),
    )
    .unwrap();
    let proof = groth16(keys().proving_key(), evaluation, blinding, &Progress::default()).unwrap();
    assert_eq!(proof, expected);
}

#[test]
fn a_development_key_has_the_origin_that_its_size_alone_gives() {
    let origin = keys().verifying_key().origin();
    assert_eq!(origin, development_origin(BatchSize::S16));
    assert_ne!(origin, development_origin(BatchSize::S64));
}

#[test]
fn a_development_key_of_any_size_is_known_as_one_whatever_its_circuit() {
    for size in BatchSize::ALL {
        let mut key = VerifyingKeyBytes::development(size);
        assert_eq!(key.origin(), development_origin(size));
        key.ic.swap(0, 1);
        assert!(key.is_development(), "{size:?}");
        key.delta_g2[0] ^= 1;
        assert!(!key.is_development(), "{size:?}");
    }
}

#[test]
fn a_keys_origin_depends_on_its_secrets_and_not_on_its_circuit() {
    let good = keys().verifying_key();
    let mut of_another_circuit = good.clone();
    of_another_circuit.ic.swap(0, 1);
    assert_eq!(of_another_circuit.origin(), good.origin());
    let changes: [fn(&mut VerifyingKeyBytes); 4] = [
        |key| key.alpha_g1[0] ^= 1,
        |key| key.beta_g2[0] ^= 1,
        |key| key.gamma_g2[0] ^= 1,
        |key| key.delta_g2[0] ^= 1,
    ];
    for change in changes {
        let mut key = good.clone();
        change(&mut key);
        assert_ne!(key.origin(), good.origin());
    }
}

#[test]
fn a_cached_key_is_read_back_and_a_damaged_one_is_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clearing-16.devkey");
    let fingerprint = |keys: &ClearingKeys| keys.verifying_key().fingerprint();
    let built = ClearingKeys::dev(BatchSize::S16, dir.path(), &Progress::default()).unwrap();
    let whole = std::fs::read(&file).unwrap();

    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let mut of_another_circuit = whole.clone();
    of_another_circuit[20] ^= 1;
    for damaged in [&changed[..], &of_another_circuit, &whole[..middle], &[]] {
        std::fs::write(&file, damaged).unwrap();
        let rebuilt = ClearingKeys::dev(BatchSize::S16, dir.path(), &Progress::default()).unwrap();
        assert_eq!(fingerprint(&rebuilt), fingerprint(&built));
        assert_eq!(std::fs::read(&file).unwrap(), whole);
    }
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file is left behind");
}
