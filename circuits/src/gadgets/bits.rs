//! Booleans, ranges and comparisons by bit decomposition.
//!
//! A hint is the low bits of whatever the value is; a value outside its range therefore never
//! fails to synthesise, it leaves a constraint unsatisfied.

use super::builder::{Builder, Synth};
use super::wire::{Wire, inverse_power_of_two, power_of_two};
use ark_bn254::Fr;
use ark_ff::{BigInteger, Field, PrimeField};

/// The low bits of whatever number `value` is: a hint for what is to be range-checked.
pub fn low_bits(value: Fr, bits: u32) -> Fr {
    let value = value.into_bigint();
    (0..bits).filter(|bit| value.get_bit(*bit as usize)).map(power_of_two).sum()
}

impl Builder {
    /// A private bit. One constraint.
    pub fn boolean(&mut self, value: Fr) -> Synth<Wire> {
        let bit = self.witness(value)?;
        self.enforce_boolean(&bit)?;
        Ok(bit)
    }

    /// `wire` is 0 or 1. One constraint.
    pub fn enforce_boolean(&mut self, wire: &Wire) -> Synth<()> {
        self.enforce(wire, &wire.not(), &Wire::zero())
    }

    /// The flags are ones, then zeros. One constraint a flag, and none makes a single flag a bit.
    ///
    /// A flag after one that is not 1 is zero, so all but the last before the zeros are 1: with `k` ones
    /// and then `v`, the squares of sums say `(k + v)^2 = k^2 + (2k + 1) v`, which only 0 and 1 fulfil.
    pub fn enforce_ones_first(&mut self, flags: &[Wire]) -> Synth<()> {
        for (flag, next) in flags.iter().zip(flags.iter().skip(1)) {
            self.enforce_equal_if(&flag.not(), next, &Wire::zero())?;
        }
        let count = Wire::total(flags);
        let odd = flags.iter().zip(0u64..).map(|(flag, at)| (Fr::from(2 * at + 1), flag));
        self.enforce(&count, &count, &Wire::sum(odd))
    }

    /// `0 <= wire < 2^bits`. `bits` constraints: the highest bit is what is left of the value after
    /// the lower ones, so the sum needs no constraint of its own.
    pub fn enforce_range(&mut self, wire: &Wire, bits: u32) -> Synth<()> {
        let value = wire.value().into_bigint();
        let mut low = Vec::new();
        for position in 0..bits.saturating_sub(1) {
            low.push(self.boolean(Fr::from(value.get_bit(position as usize)))?);
        }
        let parts = low.iter().zip(0u32..).map(|(bit, position)| (-power_of_two(position), bit));
        let rest = Wire::sum(parts.chain([(Fr::ONE, wire)]));
        // Dividing by a power of two keeps the rest a multiple of it: rest / 2^(bits-1) is 0 or 1.
        self.enforce_boolean(&(&rest * inverse_power_of_two(bits.saturating_sub(1))))
    }

    /// A private number below `2^bits`. `bits` constraints.
    pub fn number(&mut self, value: Fr, bits: u32) -> Synth<Wire> {
        let wire = self.witness(value)?;
        self.enforce_range(&wire, bits)?;
        Ok(wire)
    }

    /// 1 if `a >= b`, else 0. Assumes `-2^bits <= a - b < 2^bits`. `bits + 1` constraints.
    pub fn at_least(&mut self, a: &Wire, b: &Wire, bits: u32) -> Synth<Wire> {
        let offset = power_of_two(bits);
        let shifted = &(a - b) + &Wire::constant(offset);
        let flag = self.boolean(Fr::from(shifted.value().into_bigint().get_bit(bits as usize)))?;
        self.enforce_range(&(&shifted - &(&flag * offset)), bits)?;
        Ok(flag)
    }

    /// The smaller of the two, under the assumption of [`Builder::at_least`].
    pub fn minimum(&mut self, a: &Wire, b: &Wire, bits: u32) -> Synth<Wire> {
        let a_is_larger = self.at_least(a, b, bits)?;
        self.select(&a_is_larger, b, a)
    }

    /// The larger of the two, under the assumption of [`Builder::at_least`].
    pub fn maximum(&mut self, a: &Wire, b: &Wire, bits: u32) -> Synth<Wire> {
        let a_is_larger = self.at_least(a, b, bits)?;
        self.select(&a_is_larger, a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_relations::gr1cs::ConstraintSystem;

    /// Whether a circuit over one private value is satisfied.
    fn accepts(value: Fr, circuit: impl Fn(&mut Builder, &Wire)) -> bool {
        let cs = ConstraintSystem::<Fr>::new_ref();
        let mut builder = Builder::layout(cs.clone());
        let wire = builder.witness(value).unwrap();
        circuit(&mut builder, &wire);
        cs.is_satisfied().unwrap()
    }

    #[test]
    fn a_range_accepts_both_ends_and_nothing_beyond() {
        for bits in [1, 2, 12, 40, 76] {
            let in_range = |value| accepts(value, |b, wire| b.enforce_range(wire, bits).unwrap());
            let top = power_of_two(bits);
            assert!(in_range(Fr::from(0u64)) && in_range(top - Fr::ONE), "{bits} bits");
            assert!(!in_range(top) && !in_range(-Fr::ONE) && !in_range(top + top), "{bits} bits");
        }
    }

    #[test]
    fn a_range_costs_one_constraint_per_bit() {
        let cs = ConstraintSystem::<Fr>::new_ref();
        let mut builder = Builder::layout(cs.clone());
        builder.number(Fr::from(5u64), 13).unwrap();
        assert_eq!(cs.num_constraints(), 13);
    }

    #[test]
    fn comparison_agrees_with_integers_on_either_side_of_equality() {
        for (a, b) in [(0i64, 0i64), (0, 1), (1, 0), (-16, 0), (15, 0), (-3, -2), (-2, -3)] {
            let field = |value: i64| Fr::from(value);
            let holds = accepts(field(a), |builder, wire| {
                let b_wire = builder.witness(field(b)).unwrap();
                let flag = builder.at_least(wire, &b_wire, 4).unwrap();
                assert_eq!(flag.value(), Fr::from(a >= b), "{a} >= {b}");
                let (least, most) = (a.min(b), a.max(b));
                assert_eq!(builder.minimum(wire, &b_wire, 4).unwrap().value(), field(least));
                assert_eq!(builder.maximum(wire, &b_wire, 4).unwrap().value(), field(most));
            });
            assert!(holds, "{a} and {b}");
        }
    }

    #[test]
    fn comparison_of_values_further_apart_than_promised_is_unsatisfied_not_wrong() {
        for far in [Fr::from(16u64), Fr::from(-17i64), power_of_two(100)] {
            assert!(!accepts(far, |b, wire| drop(b.at_least(wire, &Wire::zero(), 4).unwrap())));
        }
    }

    #[test]
    fn a_bit_is_zero_or_one() {
        for (value, expected) in [(0u64, true), (1, true), (2, false)] {
            let holds = accepts(Fr::from(value), |b, wire| b.enforce_boolean(wire).unwrap());
            assert_eq!(holds, expected);
        }
    }

    #[test]
    fn ones_come_first_and_nothing_else_is_a_flag() {
        let accepts = |flags: [i64; 4]| {
            accepts(Fr::from(flags[0]), |b, first| {
                let rest = [1, 2, 3].map(|at| b.witness(Fr::from(flags[at])).unwrap());
                let flags: Vec<Wire> = [first.clone()].into_iter().chain(rest).collect();
                b.enforce_ones_first(&flags).unwrap();
            })
        };
        for ones in [[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]] {
            assert!(accepts(ones), "{ones:?}");
        }
        let others = [
            [0, 1, 0, 0],
            [1, 0, 1, 0],
            [2, 0, 0, 0],
            [1, 2, 0, 0],
            [1, -1, 0, 0],
            [1, 1, 1, 3],
            [1, 1, 2, -1],
        ];
        for flags in others {
            assert!(!accepts(flags), "{flags:?}");
        }
    }

    #[test]
    fn two_different_constants_are_not_equal() {
        let holds = |other: u64| {
            accepts(Fr::ONE, |b, _| b.enforce_equal(&Wire::one(), &Wire::number(other)).unwrap())
        };
        assert!(holds(1) && !holds(2));
    }
}
