//! Reads a Groth16 `.zkey` file, version 1: what a ceremony leaves.
//!
//! | section | what | module |
//! |---|---|---|
//! | 1 | 4 bytes: the proof system, 1 for Groth16 | [`header`] |
//! | 2 | moduli, counts, and the six points that every key has | [`header`] |
//! | 3 | points of the public variables | here |
//! | 4 | coefficients of `A` and `B`, and the rows that tie down the public variables | [`coefficients`] |
//! | 5, 6, 7 | points of all variables: `A` in G1, `B` in G1, `B` in G2 | here |
//! | 8 | points of the private variables | here |
//! | 9 | points of the quotient, one per odd power of a root of twice the domain's order | here |
//! | 10 | who contributed | [`contributions`] |
//!
//! A key is taken only if it is of the circuit at hand: same counts, same coefficients, every point where it
//! must be, and secrets that somebody mixed in. What cannot be seen in the file alone is checked elsewhere:
//! that the points follow from the constraints and from a known phase 1, by the ceremony's tool
//! (`snarkjs zkey verify`); that they prove, by [`trial`](crate::trial). Matrix `C` is in the points only.
//! Must never panic on a file, whatever is in it.

mod coefficients;
mod contributions;
mod error;
mod header;
mod shape;

pub use contributions::{Contribution, Kind};
pub use error::ZkeyError;

use super::container::{Format, Sections, Source};
use super::points::{Origin, RawPoint, read_points};
use crate::keys::{ClearingKeys, KeyError};
use crate::progress::Progress;
use crate::size::BatchSize;
use crate::synthesis::Constraints;
use ark_bn254::Bn254;
use ark_groth16::{ProvingKey, VerifyingKey};
use header::Header;
use shape::Shape;
use std::io::{Read, Seek};

pub(super) const FORMAT: Format = Format { magic: "zkey", version: 1, sections: 10 };

/// A key that passed every check.
#[derive(Clone, Debug)]
pub struct Zkey {
    size: BatchSize,
    /// Oldest first; at least one.
    pub contributions: Vec<Contribution>,
    pub proving_key: ProvingKey<Bn254>,
}

impl Zkey {
    /// Reads the key of `constraints` from the whole of `input`.
    ///
    /// Cheap checks come first; the largest part of the time goes into the subgroup checks of section 7.
    pub fn read(
        mut input: impl Read + Seek,
        constraints: &Constraints,
        progress: &Progress,
    ) -> Result<Self, ZkeyError> {
        Self::read_source(&mut input, constraints, progress)
    }

    fn read_source(
        input: &mut dyn Source,
        constraints: &Constraints,
        progress: &Progress,
    ) -> Result<Self, ZkeyError> {
        let shape = Shape::of(constraints)?;
        let mut sections = Sections::open(input, FORMAT)?;
        progress.begin(shape.steps());
        let header = Header::read(&mut sections, &shape)?;
        let contributions = contributions::read(&mut sections, &header.delta_g1)?;
        coefficients::compare(&mut sections, &shape, constraints, progress)?;

        let mut points = Points { sections: &mut sections, progress };
        let Shape { variables, public, domain, .. } = shape;
        let gamma_abc_g1 = points.read(3, 1 + public)?;
        let a_query = points.read(5, variables)?;
        let b_g1_query = points.read(6, variables)?;
        let l_query = points.read(8, variables - public - 1)?;
        let h_query = points.read(9, domain)?;
        let b_g2_query = points.read(7, variables)?;

        let Header { alpha_g1, beta_g1, delta_g1, beta_g2, gamma_g2, delta_g2 } = header;
        let vk = VerifyingKey { alpha_g1, beta_g2, gamma_g2, delta_g2, gamma_abc_g1 };
        let proving_key =
            ProvingKey { vk, beta_g1, delta_g1, a_query, b_g1_query, b_g2_query, h_query, l_query };
        Ok(Self { size: constraints.size, contributions, proving_key })
    }

    /// The key, ready to prove with.
    pub fn into_keys(self) -> Result<ClearingKeys, KeyError> {
        ClearingKeys::assemble(self.size, self.proving_key)
    }
}

struct Points<'a, 'file> {
    sections: &'a mut Sections<'file>,
    progress: &'a Progress,
}

impl Points<'_, '_> {
    /// Section `number`, which is exactly `count` points.
    fn read<P: RawPoint>(&mut self, number: u32, count: usize) -> Result<Vec<P>, ZkeyError> {
        let mut input = self.sections.section(number, (P::BYTES * count) as u64)?;
        read_points(&mut input, count, Origin::Foreign, self.progress)
            .map_err(|error| ZkeyError::in_section(number, error))
    }
}
