//! The native hash: Poseidon over BN254 with circom's parameters, as the `sol_poseidon` syscall.
//!
//! In-circuit twin: [`crate::gadgets::poseidon`]. Must never accept an input that is not below the
//! modulus: the syscall refuses it too.

use crate::field::{NotCanonical, bytes, element};
use crate::parameters::Parameters;
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use obscura_auction::field::FieldBytes;
use obscura_auction::hashing::Poseidon;

/// Why a hash has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    #[error("input {position} is not a field element")]
    NotCanonical { position: usize },
    #[error("a hash takes 1 to 12 inputs, got {got}")]
    Arity { got: usize },
}

/// Native Poseidon behind the construction that the program shares.
#[derive(Clone, Copy, Debug)]
pub struct NativePoseidon;

impl Poseidon for NativePoseidon {
    type Error = HashError;

    fn hash(inputs: &[&[u8; 32]]) -> Result<FieldBytes, HashError> {
        let mut elements = Vec::with_capacity(inputs.len());
        for (position, input) in inputs.iter().enumerate() {
            elements.push(element(input).map_err(|NotCanonical| HashError::NotCanonical { position })?);
        }
        hash_elements(&elements).map(bytes)
    }
}

/// The hash of 1 to 12 field elements.
pub fn hash_elements(inputs: &[Fr]) -> Result<Fr, HashError> {
    let parameters = Parameters::of(inputs.len()).ok_or(HashError::Arity { got: inputs.len() })?;
    let mut state = vec![Fr::ZERO];
    state.extend(inputs);
    for (round, constants) in parameters.round_constants.iter().enumerate() {
        for (cell, constant) in state.iter_mut().zip(constants) {
            *cell += constant;
        }
        let boxed = if parameters.is_full(round) { state.len() } else { 1 };
        for cell in state.iter_mut().take(boxed) {
            *cell = cell.pow([5]);
        }
        state = parameters.mds.iter().map(|row| dot(row, &state)).collect();
    }
    Ok(state.into_iter().next().unwrap_or_default())
}

fn dot(row: &[Fr], state: &[Fr]) -> Fr {
    row.iter().zip(state).map(|(factor, cell)| *factor * cell).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_auction::field::{MODULUS, from_u128};

    #[test]
    fn hash_of_one_and_two_is_circoms() {
        let hash = NativePoseidon::hash(&[&from_u128(1), &from_u128(2)]).unwrap();
        let circom = "115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189a";
        assert_eq!(hex::encode(hash), circom);
    }

    #[test]
    fn an_input_outside_the_field_is_refused_by_position() {
        let error = NativePoseidon::hash(&[&from_u128(1), &MODULUS]);
        assert_eq!(error, Err(HashError::NotCanonical { position: 1 }));
    }

    #[test]
    fn an_arity_that_the_syscall_lacks_is_refused() {
        assert_eq!(NativePoseidon::hash(&[]), Err(HashError::Arity { got: 0 }));
        assert_eq!(hash_elements(&[Fr::from(1u64); 13]), Err(HashError::Arity { got: 13 }));
    }
}
