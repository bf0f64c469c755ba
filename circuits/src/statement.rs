//! The statement of a clearing proof: what the program recomputes from chain state and hashes.
//!
//! In-circuit twin: `clearing::statement`. From SPEC section 6.

use crate::poseidon::{HashError, NativePoseidon};
use obscura_auction::encoding::StatementFields;
use obscura_auction::field::FieldBytes;
use obscura_auction::hashing;

/// A clearing's public values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement(pub StatementFields);

impl Statement {
    /// The circuit's one public input. Fails if a root is not a field element.
    pub fn hash(&self) -> Result<FieldBytes, HashError> {
        hashing::statement_hash::<NativePoseidon>(&self.0.elements())
    }
}
