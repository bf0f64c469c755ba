//! Section 10: who mixed a secret into the key's `delta`, oldest first.
//!
//! 64 bytes hash of the key before the first contribution, 4 bytes how many contributions. Of each: `delta`
//! after it, and two more points, in G1; one in G2; 64 bytes transcript; 4 bytes kind (0 a contribution, 1 a
//! beacon); 4 bytes length of the parameters. A parameter is a byte tag, in ascending order: 1, a length
//! byte and a name in UTF-8; 2, a byte, the binary logarithm of a beacon's iterations; 3, a length byte and
//! the beacon's value.
//!
//! That each contribution knew its secret, and that the transcripts chain, is for `snarkjs zkey verify` to
//! say. Must never be taken for that check.

use super::ZkeyError;
use crate::circom::container::Sections;
use crate::circom::points::{Origin, RawPoint};
use ark_bn254::{G1Affine, G2Affine};
use std::io::Read;

/// More than any ceremony had; keeps the list small enough to be read at once.
const MAX_CONTRIBUTIONS: u64 = 10_000;
const HASH_BYTES: usize = 64;
const MIN_BYTES: u64 = HASH_BYTES as u64 + 4;
const MAX_PARAMETER_BYTES: u64 = (2 + 255) + 2 + (2 + 255);
const MAX_BYTES: u64 = MIN_BYTES
    + MAX_CONTRIBUTIONS
        * (3 * <G1Affine as RawPoint>::BYTES as u64
            + <G2Affine as RawPoint>::BYTES as u64
            + HASH_BYTES as u64
            + 8
            + MAX_PARAMETER_BYTES);

/// One contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// As its contributor gave it. May hold any character: escape it before a terminal shows it.
    pub name: Option<String>,
    pub kind: Kind,
}

/// Where a contribution's secret came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// From its contributor.
    Secret,
    /// From a value that nobody could know before, hashed two to the `iterations_exp` times.
    Beacon { value: Vec<u8>, iterations_exp: u8 },
}

/// All contributions, of which there is at least one; the last of them left `delta`.
pub(super) fn read(sections: &mut Sections<'_>, delta: &G1Affine) -> Result<Vec<Contribution>, ZkeyError> {
    let length = sections.length(10);
    if length > MAX_BYTES {
        return Err(ZkeyError::ContributionsLength { max: MAX_BYTES, got: length });
    }
    let mut bytes = Vec::new();
    sections.section(10, length)?.read_to_end(&mut bytes)?;
    let mut parser = Parser { bytes: &bytes, number: 0 };
    parser.take(HASH_BYTES)?;
    let count = parser.u32()?;
    let (mut contributions, mut last_delta) = (Vec::new(), None);
    for _ in 0..count {
        parser.number += 1;
        let (contribution, delta_after) = parser.contribution()?;
        contributions.push(contribution);
        last_delta = Some(delta_after);
    }
    if !parser.bytes.is_empty() {
        return Err(parser.malformed("bytes follow it"));
    }
    match last_delta {
        None => Err(ZkeyError::NoContribution),
        Some(last) if last != *delta => Err(ZkeyError::OtherDelta),
        Some(_) => Ok(contributions),
    }
}

struct Parser<'a> {
    /// What is left.
    bytes: &'a [u8],
    /// Of the contribution that is being read, from 1.
    number: usize,
}

impl<'a> Parser<'a> {
    /// A contribution, and `delta` after it.
    fn contribution(&mut self) -> Result<(Contribution, G1Affine), ZkeyError> {
        let delta_after = self.point::<G1Affine>()?;
        let _proof_of_knowledge =
            (self.point::<G1Affine>()?, self.point::<G1Affine>()?, self.point::<G2Affine>()?);
        self.take(HASH_BYTES)?;
        let kind = self.u32()?;
        let length = self.u32()? as usize;
        let parameters = Self { bytes: self.take(length)?, number: self.number }.parameters()?;
        let Parameters { name, iterations_exp, value } = parameters;
        let kind = match (kind, value, iterations_exp) {
            (0, None, None) => Kind::Secret,
            (1, Some(value), Some(iterations_exp)) => Kind::Beacon { value, iterations_exp },
            (0 | 1, _, _) => return Err(self.malformed("its parameters are not those of its kind")),
            _ => return Err(self.malformed("it is of an unknown kind")),
        };
        Ok((Contribution { name, kind }, delta_after))
    }

    fn parameters(mut self) -> Result<Parameters, ZkeyError> {
        let mut parameters = Parameters::default();
        let mut last = 0;
        while let Some(tag) = self.bytes.first().copied() {
            self.take(1)?;
            if tag <= last {
                return Err(self.malformed("its parameters are out of order"));
            }
            last = tag;
            match tag {
                1 => {
                    let name = self.counted()?.to_vec();
                    let name =
                        String::from_utf8(name).map_err(|_| self.malformed("its name is not UTF-8"))?;
                    parameters.name = Some(name);
                }
                2 => parameters.iterations_exp = self.take(1)?.first().copied(),
                3 => parameters.value = Some(self.counted()?.to_vec()),
                _ => return Err(self.malformed("it has an unknown parameter")),
            }
        }
        Ok(parameters)
    }

    /// A byte length and as many bytes.
    fn counted(&mut self) -> Result<&'a [u8], ZkeyError> {
        let length = self.take(1)?.first().copied().unwrap_or_default();
        self.take(length.into())
    }

    fn point<P: RawPoint>(&mut self) -> Result<P, ZkeyError> {
        let bytes = self.take(P::BYTES)?;
        P::decode(bytes, Origin::Foreign).map_err(|_| self.malformed("one of its points is none"))
    }

    fn u32(&mut self) -> Result<u32, ZkeyError> {
        Ok(self.take(4)?.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ZkeyError> {
        let short = self.malformed("it is cut short");
        let (taken, left) = self.bytes.split_at_checked(count).ok_or(short)?;
        self.bytes = left;
        Ok(taken)
    }

    fn malformed(&self, problem: &'static str) -> ZkeyError {
        ZkeyError::Contribution { number: self.number, problem }
    }
}

#[derive(Default)]
struct Parameters {
    name: Option<String>,
    iterations_exp: Option<u8>,
    value: Option<Vec<u8>>,
}
