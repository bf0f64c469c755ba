//! Why a `.zkey` file is refused: one variant per cause, each with what to do where that is not plain.

use crate::circom::container::ContainerError;
use crate::circom::points::ReadError;
use crate::encoding::PointError;
use crate::progress::Stopped;

/// Why a file gives no key.
#[derive(Debug, thiserror::Error)]
pub enum ZkeyError {
    #[error(transparent)]
    Container(#[from] ContainerError),
    #[error("it is of proof system {got}, expected 1, Groth16: make it with `snarkjs groth16 setup`")]
    ProofSystem { got: u32 },
    #[error("its {field} is not that of BN254 (bn128)")]
    Modulus { field: &'static str },
    #[error("its circuit has {got} {what}, this one has {expected}: {ANOTHER_CIRCUIT}")]
    Count { what: &'static str, expected: usize, got: usize },
    #[error(
        "its coefficients differ from the circuit's at constraint {constraint} ({group}): {ANOTHER_CIRCUIT}"
    )]
    Coefficient { constraint: usize, group: &'static str },
    #[error("point {index} of section {section}: {error}")]
    Point { section: u32, index: usize, error: PointError },
    #[error("its {name} is the point at infinity")]
    Infinity { name: &'static str },
    #[error("its {name} in G1 and in G2 hide different numbers")]
    Halves { name: &'static str },
    #[error("its gamma is not the generator of G2, as the ceremony's tool leaves it")]
    Gamma,
    #[error(
        "nobody contributed to it, so anybody can forge proofs: run `snarkjs zkey contribute`, then \
         `snarkjs zkey beacon`"
    )]
    NoContribution,
    #[error("contribution {number} is malformed: {problem}")]
    Contribution { number: usize, problem: &'static str },
    #[error("its list of contributions has {got} bytes, more than {max}")]
    ContributionsLength { max: u64, got: u64 },
    #[error("its delta is not the one that the last contribution left")]
    OtherDelta,
    #[error("this circuit has no domain that holds its constraints")]
    NoDomain,
    #[error("reading was cancelled")]
    Cancelled,
}

const ANOTHER_CIRCUIT: &str = "it is the key of another circuit; export this one's constraints with \
                               `obscura zkey export-r1cs` and start from them";

impl ZkeyError {
    pub(super) fn in_section(section: u32, error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => ContainerError::from(error).into(),
            ReadError::Point { index, error } => Self::Point { section, index, error },
            ReadError::Stopped => Self::Cancelled,
        }
    }
}

impl From<std::io::Error> for ZkeyError {
    fn from(error: std::io::Error) -> Self {
        ContainerError::from(error).into()
    }
}

impl From<Stopped> for ZkeyError {
    fn from(Stopped: Stopped) -> Self {
        Self::Cancelled
    }
}
