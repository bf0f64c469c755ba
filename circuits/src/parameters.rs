//! Poseidon's constants over BN254 for 1 to 12 inputs, circom's choice of rounds.
//!
//! They follow from the Grain LFSR of the Poseidon paper (eprint 2019/458, appendix E), so they are
//! derived once per arity instead of being kept as tables. Must never differ from the constants of
//! the `sol_poseidon` syscall: the golden vectors hold both to the same hashes.

use crate::permutation::Rounds;
use ark_bn254::Fr;
use ark_crypto_primitives::sponge::poseidon::find_poseidon_ark_and_mds;
use ark_ff::PrimeField;
use std::sync::OnceLock;

/// The largest arity in use; the syscall's own limit.
pub const MAX_ARITY: usize = 12;
/// Rounds in which every cell passes the S-box, half before and half after the partial ones.
pub const FULL_ROUNDS: usize = 8;
/// Rounds in which only the first cell passes the S-box, by arity from 1 up (circom's table).
const PARTIAL_ROUNDS: [usize; MAX_ARITY] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65];

/// The constants of one arity; a state has `arity + 1` cells.
pub struct Parameters {
    pub partial_rounds: usize,
    /// Added before each round's S-boxes: one row per round.
    pub round_constants: Vec<Vec<Fr>>,
    /// The linear layer, row by row.
    pub mds: Vec<Vec<Fr>>,
}

impl Parameters {
    /// The constants for `arity` inputs, 1 to 12.
    pub fn of(arity: usize) -> Option<&'static Self> {
        static BY_ARITY: [OnceLock<Parameters>; MAX_ARITY] = [const { OnceLock::new() }; MAX_ARITY];
        let position = arity.checked_sub(1)?;
        let partial_rounds = *PARTIAL_ROUNDS.get(position)?;
        Some(BY_ARITY.get(position)?.get_or_init(|| Self::derive(arity, partial_rounds)))
    }

    /// The rounds for `arity` inputs, 1 to 12, in the form for values.
    pub fn rounds(arity: usize) -> Option<&'static Rounds> {
        static BY_ARITY: [OnceLock<Option<Rounds>>; MAX_ARITY] = [const { OnceLock::new() }; MAX_ARITY];
        let parameters = Self::of(arity)?;
        BY_ARITY.get(arity.checked_sub(1)?)?.get_or_init(|| Rounds::of(parameters)).as_ref()
    }

    /// Whether every cell passes the S-box in `round`.
    pub fn is_full(&self, round: usize) -> bool {
        round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + self.partial_rounds
    }

    fn derive(arity: usize, partial_rounds: usize) -> Self {
        let bits = u64::from(Fr::MODULUS_BIT_SIZE);
        let (round_constants, mds) =
            find_poseidon_ark_and_mds(bits, arity, FULL_ROUNDS as u64, partial_rounds as u64, 0);
        Self { partial_rounds, round_constants, mds }
    }
}
