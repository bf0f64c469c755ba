//! The one door through which variables and constraints enter the constraint system.
//!
//! It also remembers which named group each constraint belongs to, so that a failure can be told
//! in the words of the specification.

use super::wire::Wire;
use ark_bn254::Fr;
use ark_ff::Field;
use ark_relations::gr1cs::{ConstraintSystemRef, SynthesisError, Variable};

/// What every gadget returns.
pub type Synth<T> = Result<T, SynthesisError>;

/// The named, consecutive groups of a circuit's constraints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    starts: Vec<(usize, &'static str)>,
    total: usize,
}

impl Groups {
    /// The group that constraint number `row` belongs to.
    pub fn of(&self, row: usize) -> Option<&'static str> {
        let after = self.starts.partition_point(|(start, _)| *start <= row);
        self.starts.get(after.checked_sub(1)?).map(|(_, name)| *name)
    }

    /// How many constraints each group has, in order of appearance; groups of one name are summed.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        let ends = self.starts.iter().skip(1).map(|(start, _)| *start).chain([self.total]);
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        for ((start, name), end) in self.starts.iter().zip(ends) {
            match counts.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += end - start,
                None => counts.push((name, end - start)),
            }
        }
        counts
    }

    /// The number of constraints.
    pub fn total(&self) -> usize {
        self.total
    }
}

/// Adds variables and constraints to one constraint system.
pub struct Builder {
    cs: ConstraintSystemRef<Fr>,
    groups: Groups,
    may_be_free: Vec<Variable>,
}

impl Builder {
    pub fn new(cs: ConstraintSystemRef<Fr>) -> Self {
        Self { cs, groups: Groups::default(), may_be_free: Vec::new() }
    }

    /// Names the constraints that follow.
    pub fn group(&mut self, name: &'static str) {
        self.groups.starts.push((self.groups.total, name));
    }

    /// A public input.
    pub fn input(&mut self, value: Fr) -> Synth<Wire> {
        let variable = self.cs.new_input_variable(|| Ok(value))?;
        Ok(Wire::variable(value, variable))
    }

    /// A private variable. Unconstrained until something constrains it.
    pub fn witness(&mut self, value: Fr) -> Synth<Wire> {
        let variable = self.cs.new_witness_variable(|| Ok(value))?;
        Ok(Wire::variable(value, variable))
    }

    /// A private variable that is allowed to be undetermined for some witnesses, such as the
    /// inverse hint of a zero test. Listed, so that a test can demand that all others are bound.
    pub(crate) fn hint(&mut self, value: Fr) -> Synth<Wire> {
        let variable = self.cs.new_witness_variable(|| Ok(value))?;
        self.may_be_free.push(variable);
        Ok(Wire::variable(value, variable))
    }

    /// `a * b = c`. One constraint.
    pub fn enforce(&mut self, a: &Wire, b: &Wire, c: &Wire) -> Synth<()> {
        self.groups.total += 1;
        self.cs.enforce_r1cs_constraint(
            || a.linear_combination(),
            || b.linear_combination(),
            || c.linear_combination(),
        )
    }

    /// `a = b`, also where both are constants. One constraint.
    pub fn enforce_equal(&mut self, a: &Wire, b: &Wire) -> Synth<()> {
        self.enforce(&(a - b), &Wire::one(), &Wire::zero())
    }

    /// If `condition` is 1 then `a = b`. One constraint.
    pub fn enforce_equal_if(&mut self, condition: &Wire, a: &Wire, b: &Wire) -> Synth<()> {
        self.enforce(condition, &(a - b), &Wire::zero())
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
        self.enforce(condition, &(yes - no), &(&out - no))?;
        Ok(out)
    }

    /// The same value as one variable, so that a long combination is not copied on. One constraint.
    pub fn pin(&mut self, wire: &Wire) -> Synth<Wire> {
        let out = self.witness(wire.value())?;
        self.enforce_equal(wire, &out)?;
        Ok(out)
    }

    /// 1 if `wire` is not zero, else 0. Two constraints.
    pub fn is_nonzero(&mut self, wire: &Wire) -> Synth<Wire> {
        let inverse = wire.value().inverse();
        let hint = self.hint(inverse.unwrap_or_default())?;
        let flag = self.witness(Fr::from(inverse.is_some()))?;
        self.enforce(wire, &hint, &flag)?;
        self.enforce(wire, &flag.not(), &Wire::zero())?;
        Ok(flag)
    }

    /// What the groups were, once the circuit is complete.
    pub fn finish(self) -> (Groups, Vec<Variable>) {
        (self.groups, self.may_be_free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_groth16::r1cs_to_qap::evaluate_constraint;
    use ark_relations::gr1cs::{ConstraintSystem, R1CS_PREDICATE_LABEL};

    /// Which of the zero test's two constraints hold, whatever an honest prover would have put there.
    fn zero_test(wire: u64, hint: Fr, flag: u64) -> [bool; 2] {
        let cs = ConstraintSystem::<Fr>::new_ref();
        let mut builder = Builder::new(cs.clone());
        let value = builder.witness(Fr::from(wire)).unwrap();
        builder.is_nonzero(&value).unwrap();
        cs.finalize();
        let matrices = cs.to_matrices().unwrap().remove(R1CS_PREDICATE_LABEL).unwrap();
        // In the order of allocation, behind the constant one.
        let assignment = [Fr::ONE, Fr::from(wire), hint, Fr::from(flag)];
        [0, 1].map(|row| {
            let [a, b, c] = [0, 1, 2].map(|side| evaluate_constraint(&matrices[side][row], &assignment));
            a * b == c
        })
    }

    fn fifth() -> Fr {
        Fr::from(5u64).inverse().unwrap()
    }

    #[test]
    fn the_zero_test_holds_for_its_honest_hint_and_flag() {
        assert_eq!(zero_test(5, fifth(), 1), [true, true]);
        assert_eq!(zero_test(0, Fr::from(0u64), 0), [true, true]);
    }

    #[test]
    fn a_nonzero_value_cannot_pass_for_zero_by_a_zero_hint() {
        assert_eq!(zero_test(5, Fr::from(0u64), 0), [true, false]);
    }

    #[test]
    fn the_flag_of_a_nonzero_value_is_one_whatever_the_hint() {
        assert_eq!(zero_test(5, fifth() * Fr::from(2u64), 2), [true, false]);
        assert_eq!(zero_test(5, fifth(), 0), [false, false]);
    }

    #[test]
    fn zero_cannot_pass_for_a_nonzero_value() {
        assert_eq!(zero_test(0, Fr::from(7u64), 1), [false, true]);
    }
}
