//! The file of a key that a ceremony made, as a matcher loads it.
//!
//! | bytes | what |
//! |---|---|
//! | 16 | `obscura-proving1` |
//! | 32 | fingerprint of the circuit |
//! | 3 · 64, 3 · 128 | `alpha`, `beta`, `delta` in G1; `beta`, `gamma`, `delta` in G2 |
//! | 64 each | the points of the two public variables; `A` of all variables; `B` of all variables |
//! | 64 each | the points of the private variables; of the quotient |
//! | 128 each | `B` of all variables, in G2 |
//! | 32 | SHA-256 of all that comes before |
//!
//! Points are in the form of [`points`](crate::circom::points). Every length follows from the size.
//!
//! The hash finds damage, not malice: whoever can write the file can write the hash. So a key that is read
//! is still compared with the chain's, by its verifying key's fingerprint, before anything is proven with it.
//! Must never be believed to be of a circuit whose fingerprint it does not carry.

use super::{ClearingKeys, KeyError, VerifyingKeyBytes};
use crate::circom::Source;
use crate::circom::points::{Origin, RawPoint, ReadError, read_point, read_points, steps, write_points};
use crate::encoding::PointError;
use crate::progress::{Progress, Stopped};
use crate::size::BatchSize;
use ark_bn254::{Bn254, G1Affine, G2Affine};
use ark_groth16::{ProvingKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek, SeekFrom, Write};

/// First bytes of a key file; changes with its layout.
const MAGIC: &[u8; 16] = b"obscura-proving1";
const HASH_BYTES: usize = 32;
const HEADER_BYTES: usize = MAGIC.len() + HASH_BYTES;
const G1_BYTES: usize = <G1Affine as RawPoint>::BYTES;
const G2_BYTES: usize = <G2Affine as RawPoint>::BYTES;
/// Bytes hashed between two looks at whether to go on.
const CHUNK: usize = 1 << 20;

/// Why a file gives no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("it is no proving key that `obscura zkey import` wrote")]
    Magic,
    #[error(
        "it is a key of circuit {got}, expected {expected}: import the .zkey of this size and version again"
    )]
    OtherCircuit { expected: String, got: String },
    #[error("it has {got} bytes, expected {expected}: copy it again, or import the .zkey again")]
    Length { expected: u64, got: u64 },
    #[error("its SHA-256 does not fit: copy it again, or import the .zkey again")]
    Damaged,
    #[error("point {index} of its {list}: {error}")]
    Point { list: &'static str, index: usize, error: PointError },
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("reading was cancelled")]
    Cancelled,
}

impl From<Stopped> for KeyFileError {
    fn from(Stopped: Stopped) -> Self {
        Self::Cancelled
    }
}

impl ClearingKeys {
    /// Writes the key to `out`, which should be buffered.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut out = HashingWriter { out, hasher: Sha256::new() };
        out.write_all(MAGIC)?;
        out.write_all(&self.size().circuit().fingerprint())?;
        let ProvingKey { vk, beta_g1, delta_g1, a_query, b_g1_query, b_g2_query, h_query, l_query } =
            self.proving_key();
        let VerifyingKey { alpha_g1, beta_g2, gamma_g2, delta_g2, gamma_abc_g1 } = vk;
        write_points(&[*alpha_g1, *beta_g1, *delta_g1], &mut out)?;
        write_points(&[*beta_g2, *gamma_g2, *delta_g2], &mut out)?;
        for list in [gamma_abc_g1, a_query, b_g1_query, l_query, h_query] {
            write_points(list, &mut out)?;
        }
        write_points(b_g2_query, &mut out)?;
        let HashingWriter { out, hasher } = out;
        out.write_all(&hasher.finalize())
    }

    /// Reads a key of `size` from the whole of `input`.
    pub fn read(
        mut input: impl Read + Seek,
        size: BatchSize,
        progress: &Progress,
    ) -> Result<Self, KeyFileError> {
        Self::read_source(&mut input, size, progress)
    }

    fn read_source(
        input: &mut dyn Source,
        size: BatchSize,
        progress: &Progress,
    ) -> Result<Self, KeyFileError> {
        let lists = Lists::of(size);
        progress.begin(lists.hash_steps() + lists.point_steps());
        lists.check(input, size, progress)?;
        let proving_key = lists.read(input, progress)?;
        Ok(Self::assemble(size, proving_key)?)
    }
}

impl VerifyingKeyBytes {
    /// Reads the verifying key out of a proving key's file, which must be whole and of this `size`.
    ///
    /// The other points are hashed and not decoded, so this takes no memory to speak of.
    pub fn read(
        mut input: impl Read + Seek,
        size: BatchSize,
        progress: &Progress,
    ) -> Result<Self, KeyFileError> {
        Self::read_source(&mut input, size, progress)
    }

    fn read_source(
        input: &mut dyn Source,
        size: BatchSize,
        progress: &Progress,
    ) -> Result<Self, KeyFileError> {
        let lists = Lists::of(size);
        progress.begin(lists.hash_steps());
        lists.check(input, size, progress)?;
        let (verifying_key, _, _) = lists.read_start(&mut List { input, progress: &Progress::default() })?;
        Ok(Self::of(&verifying_key)?)
    }
}

fn check_header(input: &mut dyn Read, size: BatchSize) -> Result<(), KeyFileError> {
    let (mut magic, mut circuit) = ([0; MAGIC.len()], [0; HASH_BYTES]);
    let read = input.read_exact(&mut magic).and_then(|()| input.read_exact(&mut circuit));
    match read {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(KeyFileError::Magic),
        read => read?,
    }
    if magic != *MAGIC {
        return Err(KeyFileError::Magic);
    }
    let expected = size.circuit().fingerprint();
    if circuit != expected {
        let [expected, got] = [expected, circuit].map(hex::encode);
        return Err(KeyFileError::OtherCircuit { expected, got });
    }
    Ok(())
}

/// Compares the hash of the first `bytes` with the one that follows them.
fn check_hash(input: &mut dyn Source, bytes: u64, progress: &Progress) -> Result<(), KeyFileError> {
    input.rewind()?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    let mut left = bytes;
    while left > 0 {
        progress.check()?;
        let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        buffer.truncate(wanted);
        input.read_exact(&mut buffer)?;
        hasher.update(&buffer);
        left -= wanted as u64;
        progress.step();
    }
    let mut expected = [0; HASH_BYTES];
    input.read_exact(&mut expected)?;
    if hasher.finalize()[..] != expected { Err(KeyFileError::Damaged) } else { Ok(()) }
}

/// How many points each list of a size's key has.
struct Lists {
    variables: usize,
    inputs: usize,
    domain: usize,
}

impl Lists {
    fn of(size: BatchSize) -> Self {
        let circuit = size.circuit();
        // The constant one and the statement hash.
        let inputs = 2;
        let domain = (circuit.constraints + inputs).next_power_of_two();
        Self { variables: circuit.witnesses + inputs, inputs, domain }
    }

    fn file_bytes(&self) -> u64 {
        let Self { variables, inputs, domain } = self;
        let in_g1 = 3 + inputs + 2 * variables + (variables - inputs) + domain;
        let in_g2 = 3 + variables;
        (HEADER_BYTES + in_g1 * G1_BYTES + in_g2 * G2_BYTES + HASH_BYTES) as u64
    }

    /// The part of the file that its hash covers.
    fn hashed_bytes(&self) -> u64 {
        self.file_bytes() - HASH_BYTES as u64
    }

    fn hash_steps(&self) -> u32 {
        u32::try_from(self.hashed_bytes().div_ceil(CHUNK as u64)).unwrap_or(u32::MAX)
    }

    fn point_steps(&self) -> u32 {
        let Self { variables, inputs, domain } = *self;
        let lists = [inputs, variables, variables, variables - inputs, domain, variables];
        u32::try_from(lists.into_iter().map(steps).sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Checks everything but the points, and leaves `input` at the first of them.
    fn check(
        &self,
        input: &mut dyn Source,
        size: BatchSize,
        progress: &Progress,
    ) -> Result<(), KeyFileError> {
        let got = input.seek(SeekFrom::End(0))?;
        input.rewind()?;
        check_header(input, size)?;
        let expected = self.file_bytes();
        if got != expected {
            return Err(KeyFileError::Length { expected, got });
        }
        check_hash(input, self.hashed_bytes(), progress)?;
        input.seek(SeekFrom::Start(HEADER_BYTES as u64))?;
        Ok(())
    }

    /// The verifying key, and `beta` and `delta` in G1.
    fn read_start(
        &self,
        list: &mut List<'_>,
    ) -> Result<(VerifyingKey<Bn254>, G1Affine, G1Affine), KeyFileError> {
        let [alpha_g1, beta_g1, delta_g1] = [list.point()?, list.point()?, list.point()?];
        let [beta_g2, gamma_g2, delta_g2] = [list.point()?, list.point()?, list.point()?];
        let gamma_abc_g1 = list.read("points of the public variables", self.inputs)?;
        let key = VerifyingKey { alpha_g1, beta_g2, gamma_g2, delta_g2, gamma_abc_g1 };
        Ok((key, beta_g1, delta_g1))
    }

    fn read(&self, input: &mut dyn Read, progress: &Progress) -> Result<ProvingKey<Bn254>, KeyFileError> {
        let Self { variables, inputs, domain } = *self;
        let mut list = List { input, progress };
        let (vk, beta_g1, delta_g1) = self.read_start(&mut list)?;
        Ok(ProvingKey {
            vk,
            beta_g1,
            delta_g1,
            a_query: list.read("A", variables)?,
            b_g1_query: list.read("B", variables)?,
            l_query: list.read("points of the private variables", variables - inputs)?,
            h_query: list.read("points of the quotient", domain)?,
            b_g2_query: list.read("B in G2", variables)?,
        })
    }
}

struct List<'a> {
    input: &'a mut dyn Read,
    progress: &'a Progress,
}

impl List<'_> {
    fn point<P: RawPoint>(&mut self) -> Result<P, KeyFileError> {
        read_point(self.input, Origin::Hashed).map_err(|error| refused("header", error))
    }

    fn read<P: RawPoint>(&mut self, name: &'static str, count: usize) -> Result<Vec<P>, KeyFileError> {
        read_points(self.input, count, Origin::Hashed, self.progress).map_err(|error| refused(name, error))
    }
}

fn refused(list: &'static str, error: ReadError) -> KeyFileError {
    match error {
        ReadError::Io(error) => KeyFileError::Io(error),
        ReadError::Point { index, error } => KeyFileError::Point { list, index, error },
        ReadError::Stopped => KeyFileError::Cancelled,
    }
}

struct HashingWriter<'a> {
    out: &'a mut dyn Write,
    hasher: Sha256,
}

impl Write for HashingWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
