//! A wire: a linear combination of circuit variables together with its value.
//!
//! Adding, subtracting and scaling wires costs no constraint. Terms are kept sorted by variable
//! and merged, so equal combinations have equal terms and the matrices are deterministic. In an
//! evaluation a variable has no term: only the values are of interest there.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, Zero};
use ark_relations::gr1cs::{LinearCombination, Variable};
use std::ops::{Add, Mul, Sub};
use std::sync::LazyLock;

/// A linear combination and what it evaluates to under the witness at hand.
#[derive(Clone, Debug)]
pub struct Wire {
    value: Fr,
    terms: Vec<(Fr, Variable)>,
}

impl Wire {
    /// The constant `value`.
    pub fn constant(value: Fr) -> Self {
        let terms = if value.is_zero() { Vec::new() } else { vec![(value, Variable::One)] };
        Self { value, terms }
    }

    /// The constant zero.
    pub fn zero() -> Self {
        Self::constant(Fr::ZERO)
    }

    /// The constant one.
    pub fn one() -> Self {
        Self::constant(Fr::ONE)
    }

    /// A small constant.
    pub fn number(value: u64) -> Self {
        Self::constant(Fr::from(value))
    }

    /// A wire that is exactly one variable.
    pub(crate) fn variable(value: Fr, variable: Variable) -> Self {
        Self { value, terms: vec![(Fr::ONE, variable)] }
    }

    /// A variable of an evaluation.
    pub(crate) fn evaluated(value: Fr) -> Self {
        Self { value, terms: Vec::new() }
    }

    /// The sum of `coefficient * wire` over all parts.
    pub fn sum<'a>(parts: impl IntoIterator<Item = (Fr, &'a Wire)>) -> Self {
        let mut value = Fr::ZERO;
        let mut terms = Vec::new();
        for (coefficient, wire) in parts {
            value += coefficient * wire.value;
            terms.extend(wire.terms.iter().map(|(c, v)| (coefficient * c, *v)));
        }
        Self { value, terms: merged(terms) }
    }

    /// The sum of all wires, each once.
    pub fn total<'a>(wires: impl IntoIterator<Item = &'a Wire>) -> Self {
        Self::sum(wires.into_iter().map(|wire| (Fr::ONE, wire)))
    }

    /// `1 - self`: the other truth value, for a boolean wire.
    pub fn not(&self) -> Self {
        &Self::one() - self
    }

    /// The value under the witness at hand. Never used to decide which constraints to emit.
    pub fn value(&self) -> Fr {
        self.value
    }

    pub(crate) fn linear_combination(&self) -> LinearCombination<Fr> {
        LinearCombination(self.terms.clone())
    }
}

fn merged(mut terms: Vec<(Fr, Variable)>) -> Vec<(Fr, Variable)> {
    if terms.is_empty() {
        return terms;
    }
    terms.sort_by_key(|term| term.1);
    terms.dedup_by(|next, kept| {
        let same = next.1 == kept.1;
        if same {
            kept.0 += next.0;
        }
        same
    });
    terms.retain(|term| !term.0.is_zero());
    terms
}

impl Add for &Wire {
    type Output = Wire;

    fn add(self, other: &Wire) -> Wire {
        Wire::sum([(Fr::ONE, self), (Fr::ONE, other)])
    }
}

impl Sub for &Wire {
    type Output = Wire;

    fn sub(self, other: &Wire) -> Wire {
        Wire::sum([(Fr::ONE, self), (-Fr::ONE, other)])
    }
}

impl Mul<Fr> for &Wire {
    type Output = Wire;

    fn mul(self, factor: Fr) -> Wire {
        Wire::sum([(factor, self)])
    }
}

/// `2^bits` as a field element.
pub fn power_of_two(bits: u32) -> Fr {
    static POWERS: LazyLock<Vec<Fr>> = LazyLock::new(|| powers_of(Fr::from(2u64)));
    POWERS.get(bits as usize).copied().unwrap_or_else(|| Fr::from(2u64).pow([u64::from(bits)]))
}

/// `2^-bits` as a field element.
pub fn inverse_power_of_two(bits: u32) -> Fr {
    static POWERS: LazyLock<Vec<Fr>> =
        LazyLock::new(|| powers_of(Fr::from(2u64).inverse().unwrap_or(Fr::ONE)));
    POWERS.get(bits as usize).copied().unwrap_or_else(|| power_of_two(bits).inverse().unwrap_or(Fr::ONE))
}

/// As many powers as a field element has bits.
fn powers_of(base: Fr) -> Vec<Fr> {
    std::iter::successors(Some(Fr::ONE), |power| Some(*power * base)).take(256).collect()
}
