//! Booleans, ranges and comparisons by bit decomposition.
//!
//! A hint is the low bits of whatever the value is; a value outside its range therefore never
//! fails to synthesise, it leaves a constraint unsatisfied.

use super::builder::{Builder, Synth};
use super::wire::{Wire, power_of_two};
use ark_bn254::Fr;
use ark_ff::{BigInteger, Field, PrimeField};

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
        let shift = power_of_two(bits.saturating_sub(1)).inverse().unwrap_or(Fr::ONE);
        self.enforce_boolean(&(&rest * shift))
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
