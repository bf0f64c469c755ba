//! The counts that a key of the circuit at hand must have. Must never be taken from the file.

use super::ZkeyError;
use super::coefficients;
use crate::circom::points;
use crate::synthesis::Constraints;
use ark_bn254::Fr;
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};

#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// All variables, with the constant one.
    pub variables: usize,
    /// Public ones, without the constant one.
    pub public: usize,
    /// Rows of the polynomials, a power of two.
    pub domain: usize,
    /// Entries of section 4.
    pub coefficients: usize,
}

impl Shape {
    pub fn of(constraints: &Constraints) -> Result<Self, ZkeyError> {
        let [a, b, _] = constraints.matrices.as_slice() else {
            return Err(ZkeyError::NoDomain);
        };
        let inputs = constraints.num_inputs;
        let public = inputs.checked_sub(1).filter(|_| inputs <= constraints.variables);
        let domain = Radix2EvaluationDomain::<Fr>::new(a.len() + inputs).ok_or(ZkeyError::NoDomain)?;
        Ok(Self {
            variables: constraints.variables,
            public: public.ok_or(ZkeyError::NoDomain)?,
            domain: domain.size(),
            coefficients: a.iter().chain(b).map(Vec::len).sum::<usize>() + inputs,
        })
    }

    /// How many progress steps it takes to read the key.
    pub fn steps(&self) -> u32 {
        let Self { variables, public, domain, coefficients } = *self;
        let lists = [1 + public, variables, variables, variables, variables - public - 1, domain];
        let steps: usize = lists.into_iter().map(points::steps).sum();
        u32::try_from(steps + coefficients::steps(coefficients)).unwrap_or(u32::MAX)
    }
}
