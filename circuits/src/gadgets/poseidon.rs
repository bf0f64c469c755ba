//! Poseidon over BN254 with circom's parameters, as constraints.
//!
//! Native twin: [`crate::poseidon::NativePoseidon`]. An S-box `x^5` is three constraints and every
//! linear layer is free: a schedule, worked out once per arity, writes each S-box input as a linear
//! combination of the hash's inputs and of earlier S-box outputs. The first S-box of the first round
//! sees a constant and costs nothing. An evaluation runs the rounds instead, on values alone.

use super::builder::{Builder, Synth};
use super::wire::Wire;
use crate::parameters::{MAX_ARITY, Parameters};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, Zero};
use ark_relations::gr1cs::SynthesisError;
use std::sync::OnceLock;

/// `H(inputs)`. Constraints: `3 * (8 * (arity + 1) + partial rounds) - 3`.
pub fn hash(builder: &mut Builder, inputs: &[&Wire]) -> Synth<Wire> {
    if builder.evaluates() {
        return evaluate(builder, inputs);
    }
    let schedule = schedule(inputs.len())?;
    let mut known: Vec<Wire> = inputs.iter().map(|wire| (*wire).clone()).collect();
    for input in &schedule.sbox_inputs {
        let base = input.apply(&known);
        known.push(fifth_power(builder, &base)?);
    }
    Ok(schedule.output.apply(&known))
}

/// The rounds on values; the S-boxes come in the order of the schedule's.
fn evaluate(builder: &mut Builder, inputs: &[&Wire]) -> Synth<Wire> {
    let rounds = Parameters::rounds(inputs.len()).ok_or(SynthesisError::Unsatisfiable)?;
    let state = std::iter::once(Fr::ZERO).chain(inputs.iter().map(|wire| wire.value())).collect();
    let state = rounds.permute(state, |round, cell, value| match (round, cell) {
        (0, 0) => Ok(value.pow([5])),
        _ => fifth_power(builder, &Wire::evaluated(value)).map(|wire| wire.value()),
    })?;
    state.first().copied().map(Wire::evaluated).ok_or(SynthesisError::Unsatisfiable)
}

/// The last product's left factor is the one that no other constraint has on its right: a variable that
/// never stands there costs the prover nothing in G2.
fn fifth_power(builder: &mut Builder, base: &Wire) -> Synth<Wire> {
    let square = builder.product(base, base)?;
    let fourth = builder.product(&square, &square)?;
    builder.product(&fourth, base)
}

/// `constant + sum(coefficient * known[index])`.
#[derive(Clone)]
struct Affine {
    constant: Fr,
    terms: Vec<(usize, Fr)>,
}

impl Affine {
    fn constant(constant: Fr) -> Self {
        Self { constant, terms: Vec::new() }
    }

    fn known(index: usize) -> Self {
        Self { constant: Fr::ZERO, terms: vec![(index, Fr::ONE)] }
    }

    fn apply(&self, known: &[Wire]) -> Wire {
        let constant = Wire::one();
        let terms = self.terms.iter().map(|(index, coefficient)| (*coefficient, &known[*index]));
        Wire::sum(terms.chain([(self.constant, &constant)]))
    }

    /// One row of the linear layer.
    fn combine(row: &[Fr], state: &[Affine]) -> Self {
        let width = state.iter().flat_map(|cell| &cell.terms).map(|term| term.0 + 1).max();
        let mut dense = vec![Fr::ZERO; width.unwrap_or(0)];
        let mut constant = Fr::ZERO;
        for (factor, cell) in row.iter().zip(state) {
            constant += *factor * cell.constant;
            for (index, coefficient) in &cell.terms {
                dense[*index] += *factor * coefficient;
            }
        }
        let terms = dense.into_iter().enumerate().filter(|(_, c)| !c.is_zero()).collect();
        Self { constant, terms }
    }
}

struct Schedule {
    sbox_inputs: Vec<Affine>,
    output: Affine,
}

fn schedule(arity: usize) -> Synth<&'static Schedule> {
    static SCHEDULES: [OnceLock<Option<Schedule>>; MAX_ARITY + 1] =
        [const { OnceLock::new() }; MAX_ARITY + 1];
    SCHEDULES
        .get(arity)
        .and_then(|cell| cell.get_or_init(|| derive_schedule(arity)).as_ref())
        .ok_or(SynthesisError::Unsatisfiable)
}

fn derive_schedule(arity: usize) -> Option<Schedule> {
    let parameters = Parameters::of(arity)?;
    let mut sbox_inputs = Vec::new();
    let mut state = vec![Affine::constant(Fr::ZERO)];
    state.extend((0..arity).map(Affine::known));
    for (round, constants) in parameters.round_constants.iter().enumerate() {
        for (cell, constant) in state.iter_mut().zip(constants) {
            cell.constant += constant;
        }
        let boxed = if parameters.is_full(round) { arity + 1 } else { 1 };
        for cell in state.iter_mut().take(boxed) {
            *cell = sbox(cell, arity, &mut sbox_inputs);
        }
        state = parameters.mds.iter().map(|row| Affine::combine(row, &state)).collect();
    }
    Some(Schedule { sbox_inputs, output: state.into_iter().next()? })
}

/// The S-box's output: a new known value, or a constant where the input is one.
fn sbox(input: &Affine, arity: usize, sbox_inputs: &mut Vec<Affine>) -> Affine {
    if input.terms.is_empty() {
        return Affine::constant(input.constant.pow([5]));
    }
    sbox_inputs.push(input.clone());
    Affine::known(arity + sbox_inputs.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poseidon::hash_elements;
    use ark_relations::gr1cs::ConstraintSystem;

    fn values(arity: u64) -> Vec<Fr> {
        (0..arity).map(|i| Fr::from(i).pow([77]) - Fr::from(9u64)).collect()
    }

    fn hash_of(builder: &mut Builder, values: &[Fr]) -> Fr {
        let wires: Vec<Wire> = values.iter().map(|v| builder.witness(*v).unwrap()).collect();
        hash(builder, &wires.iter().collect::<Vec<_>>()).unwrap().value()
    }

    #[test]
    fn the_circuit_hashes_as_the_native_code_does_in_the_constraints_promised() {
        let expected = [(2, 240), (3, 261), (4, 297), (8, 402), (10, 459), (12, 504)];
        for (arity, constraints) in expected {
            let cs = ConstraintSystem::<Fr>::new_ref();
            let hash = hash_of(&mut Builder::layout(cs.clone()), &values(arity));
            assert_eq!(Ok(hash), hash_elements(&values(arity)), "arity {arity}");
            assert!(cs.is_satisfied().unwrap());
            assert_eq!(cs.num_constraints(), constraints, "arity {arity}");
        }
    }

    #[test]
    fn an_evaluation_has_the_values_of_the_layout_in_the_same_order() {
        for arity in 1..=MAX_ARITY as u64 {
            let cs = ConstraintSystem::<Fr>::new_ref();
            hash_of(&mut Builder::layout(cs.clone()), &values(arity));
            let mut builder = Builder::evaluation();
            hash_of(&mut builder, &values(arity));
            let evaluation = builder.into_evaluation().1.unwrap();
            assert_eq!(evaluation.witnesses, cs.witness_assignment().unwrap(), "arity {arity}");
            assert_eq!(evaluation.factors.0.len(), cs.num_constraints());
            assert_eq!(evaluation.broken, None);
        }
    }

    #[test]
    fn constants_cost_what_variables_do_so_the_shape_never_depends_on_values() {
        let cs = ConstraintSystem::<Fr>::new_ref();
        hash(&mut Builder::layout(cs.clone()), &[&Wire::zero(), &Wire::one()]).unwrap();
        assert_eq!(cs.num_constraints(), 240);
    }
}
