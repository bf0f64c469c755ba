//! The published verifying keys for development, read from the golden vectors.

use super::VerifyingKeyBytes;
use crate::size::BatchSize;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../vectors/development_keys.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublishedKey {
    size: u16,
    alpha_g1: String,
    beta_g2: String,
    gamma_g2: String,
    delta_g2: String,
    ic: [String; 2],
}

pub(super) fn development(size: BatchSize) -> VerifyingKeyBytes {
    static KEYS: LazyLock<Vec<PublishedKey>> = LazyLock::new(|| {
        serde_json::from_str(FILE).expect("the vectors in the binary are what a test has read")
    });
    let key = KEYS.iter().find(|key| key.size == size.get()).expect("there is a key for every size");
    let PublishedKey { size: _, alpha_g1, beta_g2, gamma_g2, delta_g2, ic: [one, hash] } = key;
    VerifyingKeyBytes {
        alpha_g1: bytes(alpha_g1),
        beta_g2: bytes(beta_g2),
        gamma_g2: bytes(gamma_g2),
        delta_g2: bytes(delta_g2),
        ic: [bytes(one), bytes(hash)],
    }
}

fn bytes<const N: usize>(digits: &str) -> [u8; N] {
    let mut bytes = [0; N];
    hex::decode_to_slice(digits, &mut bytes).expect("the vectors hold points in hex");
    bytes
}
