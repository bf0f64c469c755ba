//! Proofs verify for exactly their statement and key, and development keys are reproducible.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use common::{Batch, busy_batch};
use obscura_circuits::keys::{ClearingKeys, VerifyingKeyBytes, development_origin};
use obscura_circuits::proof::{ProofBytes, ProveError, VerifyError, prove, verify};
use obscura_circuits::size::BatchSize;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::path::Path;
use std::sync::OnceLock;

/// A changed circuit changes it, and the golden vectors with it.
const DEV_KEY_FINGERPRINT_16: &str = "2e2f8bb468f74d7c0855aa43a402ab6328633ac6280d9506387167eb13a89ca3";

fn keys() -> &'static ClearingKeys {
    static KEYS: OnceLock<ClearingKeys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("devkeys");
        ClearingKeys::dev(BatchSize::S16, &dir).unwrap()
    })
}

fn proven(batch: &Batch) -> ProofBytes {
    prove(keys(), &batch.clear(), &mut ChaCha20Rng::seed_from_u64(7)).unwrap()
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
    let first = prove(keys(), &clearance, &mut rng).unwrap();
    let second = prove(keys(), &clearance, &mut rng).unwrap();
    assert_ne!(first, second);
}

#[test]
fn a_batch_of_another_size_is_refused_before_any_work() {
    let clearance = Batch::of_size(BatchSize::S64).clear();
    let error = prove(keys(), &clearance, &mut ChaCha20Rng::seed_from_u64(1)).unwrap_err();
    assert!(matches!(error, ProveError::Size { expected: 16, got: 64 }));
}

#[test]
fn a_clearance_that_was_tampered_with_is_not_proven() {
    let mut clearance = busy_batch().clear();
    clearance.leases.pop();
    let error = prove(keys(), &clearance, &mut ChaCha20Rng::seed_from_u64(1)).unwrap_err();
    assert!(matches!(error, ProveError::Unsatisfied { .. }), "{error}");
}

#[test]
fn the_development_key_is_the_pinned_one() {
    assert_eq!(hex::encode(keys().verifying_key().fingerprint()), DEV_KEY_FINGERPRINT_16);
}

#[test]
fn a_development_key_has_the_origin_that_its_size_alone_gives() {
    let origin = keys().verifying_key().origin();
    assert_eq!(origin, development_origin(BatchSize::S16));
    assert_ne!(origin, development_origin(BatchSize::S64));
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
    let built = ClearingKeys::dev(BatchSize::S16, dir.path()).unwrap();
    let whole = std::fs::read(&file).unwrap();

    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let mut of_another_circuit = whole.clone();
    of_another_circuit[20] ^= 1;
    for damaged in [&changed[..], &of_another_circuit, &whole[..middle], &[]] {
        std::fs::write(&file, damaged).unwrap();
        let rebuilt = ClearingKeys::dev(BatchSize::S16, dir.path()).unwrap();
        assert_eq!(fingerprint(&rebuilt), fingerprint(&built));
        assert_eq!(std::fs::read(&file).unwrap(), whole);
    }
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file is left behind");
}
