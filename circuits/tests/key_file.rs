//! A ceremony's key survives its file, and a file that is damaged or of another circuit gives no key.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use common::constraints;
use common::tiny::zkey_of;
use obscura_circuits::circom::zkey::Zkey;
use obscura_circuits::keys::{ClearingKeys, KeyFileError, VerifyingKeyBytes};
use obscura_circuits::progress::Progress;
use obscura_circuits::size::BatchSize;
use sha2::{Digest, Sha256};
use std::io::Cursor;
use std::sync::OnceLock;

fn keys() -> &'static ClearingKeys {
    static KEYS: OnceLock<ClearingKeys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let file = zkey_of(constraints());
        let zkey = Zkey::read(Cursor::new(file), constraints(), &Progress::default()).unwrap();
        zkey.into_keys().unwrap()
    })
}

fn file() -> Vec<u8> {
    let mut file = Vec::new();
    keys().write(&mut file).unwrap();
    file
}

fn read(file: &[u8], size: BatchSize) -> Result<ClearingKeys, KeyFileError> {
    ClearingKeys::read(Cursor::new(file), size, &Progress::default())
}

/// With the hash of whatever the file now holds.
fn rehashed(mut file: Vec<u8>) -> Vec<u8> {
    let body = file.len() - 32;
    let hash = Sha256::digest(&file[..body]);
    file[body..].copy_from_slice(&hash);
    file
}

#[test]
fn a_key_is_read_back_as_it_was() {
    let progress = Progress::default();
    let read = ClearingKeys::read(Cursor::new(file()), BatchSize::S16, &progress).unwrap();
    assert!(read.proving_key() == keys().proving_key());
    assert_eq!(read.verifying_key(), keys().verifying_key());
    let (done, steps) = progress.steps();
    assert!(done == steps && steps > 0, "{done} of {steps}");
}

#[test]
fn the_verifying_key_is_read_alone_from_a_file_that_is_whole() {
    let read = |file: &[u8], size| VerifyingKeyBytes::read(Cursor::new(file), size, &Progress::default());
    let mut file = file();
    let progress = Progress::default();
    let key = VerifyingKeyBytes::read(Cursor::new(&file), BatchSize::S16, &progress).unwrap();
    assert_eq!(key, *keys().verifying_key());
    let (done, steps) = progress.steps();
    assert!(done == steps && steps > 0, "{done} of {steps}");

    let error = read(&file, BatchSize::S64).unwrap_err();
    assert!(matches!(error, KeyFileError::OtherCircuit { .. }), "{error}");
    let error = read(&file[1..], BatchSize::S16).unwrap_err();
    assert!(matches!(error, KeyFileError::Magic), "{error}");
    let middle = file.len() / 2;
    file[middle] ^= 1;
    let error = read(&file, BatchSize::S16).unwrap_err();
    assert!(matches!(error, KeyFileError::Damaged), "{error}");
}

#[test]
fn a_key_of_another_size_or_version_is_refused() {
    let error = read(&file(), BatchSize::S64).err().unwrap();
    let expected = BatchSize::S64.circuit().fingerprint;
    assert!(matches!(&error, KeyFileError::OtherCircuit { expected: e, .. } if e == expected), "{error}");
    let mut other = file();
    other[16] ^= 1;
    let error = read(&rehashed(other), BatchSize::S16).err().unwrap();
    assert!(matches!(error, KeyFileError::OtherCircuit { .. }), "{error}");
}

#[test]
fn anything_that_is_no_key_file_is_refused() {
    for other in [&b""[..], b"zkey", &zkey_of(&common::tiny::tiny_constraints()), &[0; 47]] {
        assert!(matches!(read(other, BatchSize::S16), Err(KeyFileError::Magic)));
    }
}

#[test]
fn a_damaged_file_is_refused_wherever_the_damage_is() {
    let whole = file();
    for place in [48, whole.len() / 3, whole.len() - 33, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        assert!(matches!(read(&damaged, BatchSize::S16), Err(KeyFileError::Damaged)), "{place}");
    }
    for length in [48, whole.len() / 2, whole.len() - 1] {
        let error = read(&whole[..length], BatchSize::S16).err().unwrap();
        let (expected, got) = (whole.len() as u64, length as u64);
        assert!(
            matches!(error, KeyFileError::Length { expected: e, got: g } if (e, g) == (expected, got)),
            "{error}"
        );
    }
    let longer = [whole, vec![0]].concat();
    assert!(matches!(read(&longer, BatchSize::S16), Err(KeyFileError::Length { .. })));
}

#[test]
fn a_hash_that_fits_does_not_let_a_point_off_the_curve_pass() {
    let whole = file();
    for place in [48, whole.len() - 33, whole.len() - 33 - 64 * 3] {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        assert!(
            matches!(read(&rehashed(changed), BatchSize::S16), Err(KeyFileError::Point { .. })),
            "{place}"
        );
    }
}

#[test]
fn a_cancelled_reading_stops() {
    let progress = Progress::default();
    progress.cancel();
    let error = ClearingKeys::read(Cursor::new(file()), BatchSize::S16, &progress).err().unwrap();
    assert!(matches!(error, KeyFileError::Cancelled));
}
