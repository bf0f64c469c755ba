//! An order's opening: its terms, its owner and its secret, which together make the commitment.
//!
//! Must never reach the chain or a log, but for a public reveal. From SPEC sections 3 and 4.

use crate::poseidon::NativePoseidon;
use crate::secret::Secret;
use obscura_auction::field::{FieldBytes, ZERO, is_canonical};
use obscura_auction::hashing;
use obscura_auction::order::Order;

/// Everything a trader needs to open one order.
#[derive(Clone, Debug)]
pub struct Opening {
    pub order: Order,
    /// The trader's public key, as it is (not reduced).
    pub owner: [u8; 32],
    pub secret: Secret,
}

/// Text or bytes that cannot be a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitHashError {
    #[error("a commitHash is 64 lower-case hex digits")]
    Malformed,
    #[error("a commitHash is not zero")]
    Zero,
    #[error("a commitHash is below the field's modulus")]
    NotCanonical,
}

impl Opening {
    /// The commitment: `H(packed order, owner mod r, secret mod r)`.
    pub fn commit_hash(&self) -> FieldBytes {
        let Self { order, owner, secret } = self;
        hashing::commit_hash::<NativePoseidon>(order, *owner, *secret.reduced())
            .expect("packed order, reduced owner and reduced secret are field elements")
    }

    /// Whether this opens `commit_hash`.
    pub fn opens(&self, commit_hash: &FieldBytes) -> bool {
        self.commit_hash() == *commit_hash
    }
}

/// Refuses what `commit` refuses: zero, and anything not below the modulus.
pub fn check_commit_hash(bytes: [u8; 32]) -> Result<FieldBytes, CommitHashError> {
    if bytes == ZERO {
        return Err(CommitHashError::Zero);
    }
    if !is_canonical(&bytes) {
        return Err(CommitHashError::NotCanonical);
    }
    Ok(bytes)
}

/// Reads 64 lower-case hex digits.
pub fn parse_commit_hash(text: &str) -> Result<FieldBytes, CommitHashError> {
    let mut bytes = [0; 32];
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(CommitHashError::Malformed);
    }
    hex::decode_to_slice(text, &mut bytes).map_err(|_| CommitHashError::Malformed)?;
    check_commit_hash(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_auction::field::{MODULUS, from_u128};

    #[test]
    fn a_commit_hash_is_read_strictly() {
        assert_eq!(parse_commit_hash(&hex::encode(from_u128(9))), Ok(from_u128(9)));
        assert_eq!(parse_commit_hash(&"0".repeat(64)), Err(CommitHashError::Zero));
        assert_eq!(parse_commit_hash(&hex::encode(MODULUS)), Err(CommitHashError::NotCanonical));
        assert_eq!(parse_commit_hash(&"0A".repeat(32)), Err(CommitHashError::Malformed));
        assert_eq!(parse_commit_hash("0a"), Err(CommitHashError::Malformed));
    }
}
