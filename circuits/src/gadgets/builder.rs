//! The one door through which variables and constraints come into being.
//!
//! A circuit is written once and run in two ways: laid out, which records every coefficient, or
//! evaluated, which records every value and no coefficient. Both number variables and constraints
//! alike, because both run the same code. The builder also remembers which named group a constraint
//! and a variable belong to, so that a failure can be told in the words of the specification.

use super::wire::Wire;
use ark_bn254::Fr;
use ark_ff::Field;
use ark_relations::gr1cs::{ConstraintSystemRef, SynthesisError};

/// What every gadget returns.
pub type Synth<T> = Result<T, SynthesisError>;

/// The named, consecutive groups of a circuit's constraints and private variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// First constraint and first private variable of each group.
    starts: Vec<(usize, usize, &'static str)>,
    constraints: usize,
    witnesses: usize,
}

impl Groups {
    /// The group that constraint number `row` belongs to.
    pub fn of(&self, row: usize) -> Option<&'static str> {
        let after = self.starts.partition_point(|(start, _, _)| *start <= row);
        self.starts.get(after.checked_sub(1)?).map(|(_, _, name)| *name)
    }

    /// The group that private variable number `position` belongs to.
    pub fn of_witness(&self, position: usize) -> Option<&'static str> {
        let after = self.starts.partition_point(|(_, start, _)| *start <= position);
        self.starts.get(after.checked_sub(1)?).map(|(_, _, name)| *name)
    }

    /// How many constraints each group has, in order of appearance; groups of one name are summed.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        let ends = self.starts.iter().skip(1).map(|(start, _, _)| *start).chain([self.constraints]);
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        for ((start, _, name), end) in self.starts.iter().zip(ends) {
            match counts.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += end - start,
                None => counts.push((name, end - start)),
            }
        }
        counts
    }

    /// The number of constraints.
    pub fn total(&self) -> usize {
        self.constraints
    }
}

/// Every value of one run of a circuit.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// The constant one, then the public inputs.
    pub inputs: Vec<Fr>,
    /// The private variables.
    pub witnesses: Vec<Fr>,
    /// Left and right factor of every constraint.
    pub factors: (Vec<Fr>, Vec<Fr>),
    /// The first constraint that does not hold.
    pub broken: Option<usize>,
}

impl Evaluation {
    /// All variables' values in the order of the matrices' columns.
    pub fn assignment(&self) -> Vec<Fr> {
        [&self.inputs[..], &self.witnesses].concat()
    }
}

enum Run {
    Layout(ConstraintSystemRef<Fr>),
    Evaluation(Evaluation),
}

/// Adds variables and constraints to one run of a circuit.
pub struct Builder {
    run: Run,
    groups: Groups,
}

impl Builder {
    /// Lays the circuit out in `cs`.
    pub fn layout(cs: ConstraintSystemRef<Fr>) -> Self {
        Self { run: Run::Layout(cs), groups: Groups::default() }
    }

    /// Evaluates the circuit.
    pub fn evaluation() -> Self {
        let evaluation = Evaluation { inputs: vec![Fr::ONE], ..Evaluation::default() };
        Self { run: Run::Evaluation(evaluation), groups: Groups::default() }
    }

    /// Names the constraints and variables that follow.
    pub fn group(&mut self, name: &'static str) {
        self.groups.starts.push((self.groups.constraints, self.groups.witnesses, name));
    }

    /// A public input.
    pub fn input(&mut self, value: Fr) -> Synth<Wire> {
        match &mut self.run {
            Run::Layout(cs) => Ok(Wire::variable(value, cs.new_input_variable(|| Ok(value))?)),
            Run::Evaluation(values) => {
                values.inputs.push(value);
                Ok(Wire::evaluated(value))
            }
        }
    }

    /// A private variable. Unconstrained until something constrains it.
    pub fn witness(&mut self, value: Fr) -> Synth<Wire> {
        self.groups.witnesses += 1;
        match &mut self.run {
            Run::Layout(cs) => Ok(Wire::variable(value, cs.new_witness_variable(|| Ok(value))?)),
            Run::Evaluation(values) => {
                values.witnesses.push(value);
                Ok(Wire::evaluated(value))
            }
        }
    }

    /// `a * b = c`. One constraint.
    pub fn enforce(&mut self, a: &Wire, b: &Wire, c: &Wire) -> Synth<()> {
        let row = self.groups.constraints;
        self.groups.constraints += 1;
        match &mut self.run {
            Run::Layout(cs) => cs.enforce_r1cs_constraint(
                || a.linear_combination(),
                || b.linear_combination(),
                || c.linear_combination(),
            ),
            Run::Evaluation(values) => {
                values.factors.0.push(a.value());
                values.factors.1.push(b.value());
                if a.value() * b.value() != c.value() {
                    values.broken.get_or_insert(row);
                }
                Ok(())
            }
        }
    }

    /// `a = b`, also where both are constants. One constraint.
    pub fn enforce_equal(&mut self, a: &Wire, b: &Wire) -> Synth<()> {
        self.enforce(&(a - b), &Wire::one(), &Wire::zero())
    }

    /// If `condition` is 1 then `a = b`. One constraint.
    pub fn enforce_equal_if(&mut self, condition: &Wire, a: &Wire, b: &Wire) -> Synth<()> {
        self.enforce(&(a - b), condition, &Wire::zero())
    }

    /// `a * b`. One constraint.
    pub fn product(&mut self, a: &Wire, b: &Wire) -> Synth<Wire> {
        let out = self.witness(a.value() * b.value())?;
        self.enforce(a, b, &out)?;
        Ok(out)
    }

    /// `condition ? yes : no`. One constraint. Assumes that `condition` is boolean.
    pub fn select(&mut self, condition: &Wire, yes: &Wire, no: &Wire) -> Synth<Wire> {
        let out = self.witness(no.value() + condition.value() * (yes.value() - no.value()))?;
        self.enforce(&(yes - no), condition, &(&out - no))?;
        Ok(out)
    }

    /// Whether this run records values only, so that gadgets may skip what is about coefficients.
    pub(super) fn evaluates(&self) -> bool {
        matches!(self.run, Run::Evaluation(_))
    }

    /// What the groups were, once the circuit is complete.
    pub fn into_groups(self) -> Groups {
        self.groups
    }

    /// Groups and values of an evaluation that is complete; no values of a layout.
    pub fn into_evaluation(self) -> (Groups, Option<Evaluation>) {
        match self.run {
            Run::Layout(_) => (self.groups, None),
            Run::Evaluation(evaluation) => (self.groups, Some(evaluation)),
        }
    }
}
