//! A `.zkey` is taken only if it is whole and of the circuit at hand, and no bytes make the reader panic.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use ark_bn254::{Bn254, Fr};
use ark_ec::AffineRepr;
use ark_groth16::{Groth16, prepare_verifying_key};
use common::constraints;
use common::tiny::{tiny_constraints, tiny_evaluation, tiny_zkey, zkey_of};
use obscura_circuits::circom::ContainerError;
use obscura_circuits::circom::zkey::{Contribution, Kind, Zkey, ZkeyError};
use obscura_circuits::encoding::PointError;
use obscura_circuits::progress::Progress;
use obscura_circuits::prover::groth16;
use obscura_circuits::reduction::CircomReduction;
use obscura_circuits::size::BatchSize;
use obscura_circuits::trial::{TrialError, trial};
use proptest::prelude::*;
use proptest::sample::Index;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::io::Cursor;
use std::sync::OnceLock;

fn read(file: &[u8]) -> Result<Zkey, ZkeyError> {
    Zkey::read(Cursor::new(file), &tiny_constraints(), &Progress::default())
}

fn tiny_file() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(tiny_zkey)
}

/// Where the content of section `number` starts.
fn section(file: &[u8], number: u32) -> usize {
    let mut at = 12;
    loop {
        let length = u64::from_le_bytes(file[at + 4..at + 12].try_into().unwrap()) as usize;
        if file[at..at + 4] == number.to_le_bytes() {
            return at + 12;
        }
        at += 12 + length;
    }
}

/// What comes of the file with `bytes` written over section `number`, `at` bytes into it.
#[track_caller]
fn refusal(number: u32, at: usize, bytes: &[u8]) -> ZkeyError {
    let mut file = tiny_file().to_vec();
    let start = section(&file, number) + at;
    file[start..start + bytes.len()].copy_from_slice(bytes);
    read(&file).unwrap_err()
}

// Places in section 2.
const MODULI: [usize; 2] = [4, 40];
const COUNTS: usize = 72;
const ALPHA: usize = 84;
const BETA: usize = ALPHA + 64;
const BETA_G2: usize = BETA + 64;
const GAMMA_G2: usize = BETA_G2 + 128;
const DELTA: usize = GAMMA_G2 + 128;
const DELTA_G2: usize = DELTA + 64;

fn bytes(number: u32, at: usize, count: usize) -> Vec<u8> {
    let start = section(tiny_file(), number) + at;
    tiny_file()[start..start + count].to_vec()
}

#[test]
fn a_key_of_the_circuit_proves_and_names_who_made_it() {
    let zkey = read(tiny_file()).unwrap();
    let expected = Contribution { name: Some("rehearsal".to_owned()), kind: Kind::Secret };
    assert_eq!(zkey.contributions, [expected]);
    let blinding = [Fr::from(7u64), Fr::from(8u64)];
    let proof = groth16(&zkey.proving_key, tiny_evaluation(), blinding, &Progress::default()).unwrap();
    let key = prepare_verifying_key(&zkey.proving_key.vk);
    let verified = |public: u64| {
        Groth16::<Bn254, CircomReduction>::verify_proof(&key, &proof, &[Fr::from(public)]).unwrap()
    };
    assert!(verified(35) && !verified(36));
}

#[test]
fn a_key_of_the_clearing_circuit_proves_a_full_batch() {
    let file = zkey_of(constraints());
    let progress = Progress::default();
    let keys = Zkey::read(Cursor::new(file), constraints(), &progress).unwrap().into_keys().unwrap();
    let (done, steps) = progress.steps();
    assert!(done == steps && steps > 0, "{done} of {steps}");
    assert_eq!(keys.size(), BatchSize::S16);
    trial(&keys, &mut ChaCha20Rng::seed_from_u64(1), &Progress::default()).unwrap();
}

#[test]
fn a_trial_finds_a_key_whose_points_are_of_other_constraints() {
    // Matrix C is not among the coefficients: only the points know it.
    let mut other = constraints().clone();
    let row = other.matrices[2].iter().position(|row| !row.is_empty()).unwrap();
    other.matrices[2][row][0].0 += Fr::from(1u64);
    let zkey = Zkey::read(Cursor::new(zkey_of(&other)), constraints(), &Progress::default()).unwrap();
    let error = trial(&zkey.into_keys().unwrap(), &mut ChaCha20Rng::seed_from_u64(1), &Progress::default());
    assert!(matches!(error, Err(TrialError::Prove(_))), "{error:?}");
}

#[test]
fn a_key_of_another_circuit_is_refused_at_the_first_difference() {
    let of = |change: fn(&mut obscura_circuits::synthesis::Constraints)| {
        let mut other = tiny_constraints();
        change(&mut other);
        read(&zkey_of(&other)).unwrap_err()
    };
    let more_variables = of(|other| other.variables += 1);
    assert!(matches!(more_variables, ZkeyError::Count { what: "variables", expected: 5, got: 6 }));
    let more_inputs = of(|other| other.num_inputs += 1);
    assert!(matches!(more_inputs, ZkeyError::Count { what: "public inputs", expected: 1, got: 2 }));
    let more_rows = of(|other| {
        other.matrices.iter_mut().for_each(|matrix| {
            let rows = matrix.clone();
            matrix.extend([rows.clone(), rows].concat());
        });
    });
    assert!(matches!(more_rows, ZkeyError::Count { what: "rows in its domain", expected: 8, got: 16 }));
    let more_terms = of(|other| other.matrices[1][2].push((Fr::from(2u64), 3)));
    assert!(matches!(more_terms, ZkeyError::Count { what: "coefficients", expected: 10, got: 11 }));
    let another_value = of(|other| other.matrices[0][2][0].0 = Fr::from(6u64));
    assert!(matches!(another_value, ZkeyError::Coefficient { constraint: 2, .. }));
    let another_variable = of(|other| other.matrices[1][1][0].1 = 3);
    assert!(matches!(another_variable, ZkeyError::Coefficient { constraint: 1, .. }));
    let another_row = of(|other| other.matrices.iter_mut().for_each(|matrix| matrix.swap(0, 1)));
    assert!(matches!(another_row, ZkeyError::Coefficient { constraint: 0, .. }));
    assert!(another_row.to_string().contains("export-r1cs"), "{another_row}");
}

#[test]
fn a_key_of_another_size_is_refused() {
    let error = Zkey::read(Cursor::new(tiny_file()), constraints(), &Progress::default()).unwrap_err();
    assert!(matches!(error, ZkeyError::Count { what: "variables", .. }), "{error}");
}

#[test]
fn another_proof_system_or_curve_is_refused() {
    assert!(matches!(refusal(1, 0, &[2]), ZkeyError::ProofSystem { got: 2 }));
    assert!(matches!(refusal(2, 0, &[48]), ZkeyError::Modulus { field: "base field" }));
    assert!(matches!(refusal(2, MODULI[0], &[0]), ZkeyError::Modulus { field: "base field" }));
    assert!(matches!(refusal(2, MODULI[1], &[0]), ZkeyError::Modulus { field: "scalar field" }));
    assert!(matches!(refusal(2, COUNTS, &[6]), ZkeyError::Count { what: "variables", .. }));
}

#[test]
fn a_key_that_nobody_contributed_to_is_refused() {
    let gamma = bytes(2, GAMMA_G2, 128);
    assert!(matches!(refusal(2, DELTA_G2, &gamma), ZkeyError::NoContribution));
    // An empty list would do as little.
    let mut file = tiny_file().to_vec();
    let start = section(&file, 10);
    file.truncate(start + 64);
    file.extend([0; 4]);
    file[start - 8..start].copy_from_slice(&68u64.to_le_bytes());
    assert!(matches!(read(&file), Err(ZkeyError::NoContribution)));
}

#[test]
fn points_that_every_key_has_are_what_they_must_be() {
    for (name, at, length) in [
        ("alpha in G1", ALPHA, 64),
        ("beta in G1", BETA, 64),
        ("beta in G2", BETA_G2, 128),
        ("gamma in G2", GAMMA_G2, 128),
        ("delta in G1", DELTA, 64),
        ("delta in G2", DELTA_G2, 128),
    ] {
        let error = refusal(2, at, &vec![0; length]);
        assert!(matches!(error, ZkeyError::Infinity { name: got } if got == name), "{error}");
    }
    assert!(matches!(refusal(2, GAMMA_G2, &bytes(2, DELTA_G2, 128)), ZkeyError::Gamma));
    assert!(matches!(refusal(2, BETA, &bytes(2, ALPHA, 64)), ZkeyError::Halves { name: "beta" }));
    assert!(matches!(refusal(2, DELTA, &bytes(2, ALPHA, 64)), ZkeyError::Halves { name: "delta" }));
}

#[test]
fn every_list_of_points_is_checked_to_the_last() {
    let lists = [(3, 2, 64), (5, 5, 64), (6, 5, 64), (7, 5, 128), (8, 3, 64), (9, 8, 64)];
    for (number, count, length) in lists {
        let (last, at) = (count - 1, (count - 1) * length);
        let error = refusal(number, at, &vec![0xff; length]);
        let expected = PointError::Coordinate;
        assert!(
            matches!(error, ZkeyError::Point { section, index, error } if
                (section, index, error) == (number, last, expected)),
            "{error}"
        );
        let error = refusal(number, at, &[1; 8]);
        let off_curve = matches!(error, ZkeyError::Point { error: PointError::OffCurve, .. });
        assert!(off_curve, "{error}");
    }
}

#[test]
fn a_point_outside_the_subgroup_is_refused() {
    use ark_bn254::{Fq2, G2Affine};
    let stray = (1u64..).find_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::from(x), false)).unwrap();
    let (x, y) = stray.xy().unwrap();
    let raw = [x.c0, x.c1, y.c0, y.c1].map(|coordinate| coordinate.0.0.map(u64::to_le_bytes));
    let error = refusal(7, 128, raw.as_flattened().as_flattened());
    let expected = PointError::OutsideSubgroup;
    assert!(
        matches!(error, ZkeyError::Point { section: 7, index: 1, error } if error == expected),
        "{error}"
    );
}

#[test]
fn contributions_are_read_strictly() {
    // 64 bytes of hash, 4 of count; 3 points in G1, one in G2, 64 bytes of transcript; kind and length.
    const FIRST: usize = 68;
    const KIND: usize = FIRST + 3 * 64 + 128 + 64;
    const PARAMETERS: usize = KIND + 8;
    let problem = |at: usize, bytes: &[u8]| match refusal(10, at, bytes) {
        ZkeyError::Contribution { number: 1, problem } => problem,
        other => panic!("{other}"),
    };
    assert!(matches!(refusal(10, FIRST, &bytes(2, ALPHA, 64)), ZkeyError::OtherDelta));
    assert_eq!(problem(FIRST + 64, &[0xff; 64]), "one of its points is none");
    assert_eq!(problem(KIND, &[2]), "it is of an unknown kind");
    assert_eq!(problem(KIND, &[1]), "its parameters are not those of its kind");
    assert_eq!(problem(KIND + 4, &[12]), "it is cut short");
    assert_eq!(problem(PARAMETERS, &[0]), "its parameters are out of order");
    assert_eq!(problem(PARAMETERS, &[4]), "it has an unknown parameter");
    assert_eq!(problem(PARAMETERS + 2, &[0xff]), "its name is not UTF-8");
    assert_eq!(problem(PARAMETERS + 1, &[10]), "it is cut short");
    let two = refusal(10, 64, &[2]);
    assert!(matches!(two, ZkeyError::Contribution { number: 2, problem: "it is cut short" }), "{two}");
    let trailing = refusal(10, KIND + 4, &[0]);
    assert!(matches!(trailing, ZkeyError::Contribution { problem: "bytes follow it", .. }), "{trailing}");
}

#[test]
fn a_cancelled_reading_stops() {
    let progress = Progress::default();
    progress.cancel();
    let error = Zkey::read(Cursor::new(tiny_file()), &tiny_constraints(), &progress).unwrap_err();
    assert!(matches!(error, ZkeyError::Cancelled));
}

#[test]
fn a_truncated_file_is_never_a_key() {
    for length in (0..tiny_file().len()).step_by(7) {
        let error = read(&tiny_file()[..length]).unwrap_err();
        assert!(matches!(error, ZkeyError::Container(ContainerError::Truncated)), "{length}: {error}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_never_a_key(tail in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(read(&tail).is_err());
        let started = [&tiny_file()[..12], &tail].concat();
        prop_assert!(read(&started).is_err());
        let with_header = [&tiny_file()[..700], &tail].concat();
        prop_assert!(read(&with_header).is_err());
    }

    /// What is not part of the key may differ: names, transcripts, the first hash.
    #[test]
    fn a_changed_file_is_refused_or_the_same_key(
        changes in prop::collection::vec((any::<Index>(), prop::collection::vec(any::<u8>(), 1..9)), 1..4),
        removed in prop::option::of((any::<Index>(), 1usize..40)),
    ) {
        let mut file = tiny_file().to_vec();
        for (place, bytes) in changes {
            let start = place.index(file.len() - bytes.len());
            file[start..start + bytes.len()].copy_from_slice(&bytes);
        }
        if let Some((place, count)) = removed {
            let start = place.index(file.len() - count);
            file.drain(start..start + count);
        }
        if let Ok(zkey) = read(&file) {
            prop_assert_eq!(zkey.proving_key, read(tiny_file()).unwrap().proving_key);
        }
    }

    /// A length or a count that lies, wherever there is one.
    #[test]
    fn a_number_that_lies_is_refused(place in any::<Index>(), number in any::<u64>()) {
        let numbers = 12..tiny_file().len();
        let mut file = tiny_file().to_vec();
        let starts: Vec<usize> = (1..=10).map(|number| section(&file, number)).collect();
        let start = starts[place.index(starts.len())];
        prop_assert!(numbers.contains(&start));
        let honest = file[start - 8..start].to_vec();
        file[start - 8..start].copy_from_slice(&number.to_le_bytes());
        prop_assert!(read(&file).is_err() || honest == number.to_le_bytes());
    }
}
