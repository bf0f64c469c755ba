//! What a ceremony takes hours to make, in seconds and for rehearsals only.
//!
//! A phase 1 with one participant, and a key with one contributor: whoever runs this process could have
//! kept the secrets, and with them forge proofs. Must never stand behind a key that guards money: a real
//! ceremony starts from a public phase 1 and has contributors who do not trust each other.

mod key;
mod phase_one;

pub use key::write_zkey;
pub use phase_one::write_phase_one;

use crate::progress::{Progress, Stopped};
use ark_ec::scalar_mul::{BatchMulPreprocessing, ScalarMul};
use rand::{CryptoRng, RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Points made between two looks at whether to go on.
const CHUNK: usize = 1 << 16;

/// Multiples of one point, a chunk at a time.
struct Multiples<G: ScalarMul>(BatchMulPreprocessing<G>);

impl<G: ScalarMul> Multiples<G> {
    /// With tables for about `count` multiples.
    fn of(point: G, count: usize) -> Self {
        Self(BatchMulPreprocessing::new(point, count))
    }

    fn of_chunk(&self, scalars: &[G::ScalarField], progress: &Progress) -> Result<Vec<G::MulBase>, Stopped> {
        progress.check()?;
        let points = self.0.batch_mul(scalars);
        progress.step();
        Ok(points)
    }
}

/// A generator that starts where `rng` says.
fn seeded(rng: &mut (impl RngCore + CryptoRng)) -> ChaCha20Rng {
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    ChaCha20Rng::from_seed(seed)
}

fn interrupted(Stopped: Stopped) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::Interrupted, "the rehearsal was cancelled")
}
