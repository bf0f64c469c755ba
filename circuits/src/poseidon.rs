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
use std::convert::Infallible;

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
    let rounds = Parameters::rounds(inputs.len()).ok_or(HashError::Arity { got: inputs.len() })?;
    let state = std::iter::once(Fr::ZERO).chain(inputs.iter().copied()).collect();
    let Ok(state) = rounds.permute(state, |_, _, value| Ok::<_, Infallible>(fifth_power(value)));
    Ok(state.into_iter().next().unwrap_or_default())
}

fn fifth_power(value: Fr) -> Fr {
    value.square().square() * value
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_auction::field::{MODULUS, from_u128};

    /// `H(1, 2, .., n)` for n from 1 to 12, from light-poseidon 0.5, which the syscall is built on.
    const CIRCOM: [&str; 12] = [
        "29176100eaa962bdc1fe6c654d6a3c130e96a4d1168b33848b897dc502820133",
        "115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189a",
        "0e7732d89e6939c0ff03d5e58dab6302f3230e269dc5b968f725df34ab36d732",
        "299c867db6c1fdd79dcefa40e4510b9837e60ebb1ce0663dbaa525df65250465",
        "0dab9449e4a1398a15224c0b15a49d598b2174d305a316c918125f8feeb123c0",
        "2d1a03850084442813c8ebf094dea47538490a68b05f2239134a4cca2f6302e1",
        "1c2f3482dbb140c4ebb9ada49abdbc374a9a85fcfc6533ec2e9df45b4921c318",
        "2921ab9bd0140cbc98e40395c0fefb40337a4d54fbbecd9a4d43b3d8d0c4d8d1",
        "1e0b893aa2ad802275e749d260330b7675b22bb3aaa4461d204af32e60cd9078",
        "0816126a09c29ecfcc0628461dacfb9459816fc60d6738b78db9ad07206fdc21",
        "07e5b070aa2dba008f30a6b785b6c5ae2429e211f71cacdbdae0e07fc05b47a8",
        "058814945232937db248a01e7cc55b3d681cc08702c8168494e856c1ef7693b5",
    ];

    #[test]
    fn every_arity_hashes_as_circom_and_the_syscall_do() {
        for (arity, expected) in (1..).zip(CIRCOM) {
            let inputs: Vec<FieldBytes> = (1..=arity).map(from_u128).collect();
            let hash = NativePoseidon::hash(&inputs.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(hex::encode(hash), expected, "arity {arity}");
        }
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
