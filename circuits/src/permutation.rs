//! The rounds of Poseidon with as few products as they allow, for values.
//!
//! In a partial round only the first cell passes the S-box. So a part of its linear layer can be done a
//! round earlier, and what is left of it is sparse; and constants of the other cells can be added later
//! (Poseidon paper, eprint 2019/458, appendix B). The result is that of the rounds as the parameters say
//! them, and so is every S-box input; a test holds the two together. Must never be asked for another
//! state than one cell for the capacity and one for each input.

use crate::parameters::{FULL_ROUNDS, Parameters};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};

/// Constants of the rounds, rewritten for one arity.
pub struct Rounds {
    first: Vec<FullRound>,
    partial: Vec<PartialRound>,
    last: Vec<FullRound>,
}

struct FullRound {
    constants: Vec<Fr>,
    matrix: Vec<Vec<Fr>>,
}

/// Its matrix is the identity, but for the first row and the first column.
struct PartialRound {
    constant: Fr,
    row: Vec<Fr>,
    /// Without the first cell.
    column: Vec<Fr>,
}

impl Rounds {
    /// None if a matrix has no inverse, which no parameters in use have.
    pub fn of(parameters: &Parameters) -> Option<Self> {
        let half = FULL_ROUNDS / 2;
        let (before, rest) = parameters.round_constants.split_at_checked(half)?;
        let (partial, after) = rest.split_at_checked(parameters.partial_rounds)?;
        let full =
            |constants: &Vec<Fr>| FullRound { constants: constants.clone(), matrix: parameters.mds.clone() };
        let mut first: Vec<FullRound> = before.iter().map(full).collect();
        let mut last: Vec<FullRound> = after.iter().map(full).collect();
        let Rewritten { partial, matrix_before, constants_after } = Rewritten::of(parameters, partial)?;
        first.last_mut()?.matrix = matrix_before;
        add(&mut last.first_mut()?.constants, &constants_after);
        Some(Self { first, partial, last })
    }

    /// Permutes `state`; every S-box goes through `sbox`, in order, with its round and its cell.
    pub fn permute<E>(
        &self,
        mut state: Vec<Fr>,
        mut sbox: impl FnMut(usize, usize, Fr) -> Result<Fr, E>,
    ) -> Result<Vec<Fr>, E> {
        for (round, full) in self.first.iter().enumerate() {
            state = full.pass(state, |cell, value| sbox(round, cell, value))?;
        }
        for (round, partial) in (self.first.len()..).zip(&self.partial) {
            partial.pass(&mut state, |value| sbox(round, 0, value))?;
        }
        for (round, full) in (self.first.len() + self.partial.len()..).zip(&self.last) {
            state = full.pass(state, |cell, value| sbox(round, cell, value))?;
        }
        Ok(state)
    }
}

impl FullRound {
    fn pass<E>(
        &self,
        mut state: Vec<Fr>,
        mut sbox: impl FnMut(usize, Fr) -> Result<Fr, E>,
    ) -> Result<Vec<Fr>, E> {
        for (position, (cell, constant)) in state.iter_mut().zip(&self.constants).enumerate() {
            *cell = sbox(position, *cell + constant)?;
        }
        Ok(self.matrix.iter().map(|row| dot(row, &state)).collect())
    }
}

impl PartialRound {
    fn pass<E>(&self, state: &mut [Fr], sbox: impl FnOnce(Fr) -> Result<Fr, E>) -> Result<(), E> {
        let Some(first) = state.first_mut() else { return Ok(()) };
        let boxed = sbox(*first + self.constant)?;
        *first = boxed;
        let sum = dot(&self.row, state);
        for (cell, factor) in state.iter_mut().skip(1).zip(&self.column) {
            *cell += *factor * boxed;
        }
        if let Some(first) = state.first_mut() {
            *first = sum;
        }
        Ok(())
    }
}

/// `sum of row[i] * state[i]`. Three products at a time share a reduction.
fn dot(row: &[Fr], state: &[Fr]) -> Fr {
    let (rows, row_rest) = row.as_chunks::<3>();
    let (states, state_rest) = state.as_chunks::<3>();
    let whole: Fr = rows.iter().zip(states).map(|(row, state)| Fr::sum_of_products(row, state)).sum();
    let rest: Fr = row_rest.iter().zip(state_rest).map(|(factor, cell)| *factor * cell).sum();
    whole + rest
}

/// The partial rounds, and what they leave to their neighbours.
struct Rewritten {
    partial: Vec<PartialRound>,
    /// Of the full round before them.
    matrix_before: Vec<Vec<Fr>>,
    /// Added to those of the full round after them.
    constants_after: Vec<Fr>,
}

impl Rewritten {
    /// A matrix `A` is `D * E` with `E` the identity in its first row and column, so that it does not touch
    /// the S-box's cell, and `D` sparse. `E` moves in front of the S-box, into the round before, constants
    /// included.
    fn of(parameters: &Parameters, constants: &[Vec<Fr>]) -> Option<Self> {
        let mut matrix = parameters.mds.clone();
        let mut rounds = Vec::with_capacity(constants.len());
        for constants in constants.iter().rev() {
            let (sparse, dense) = factored(&matrix)?;
            rounds.push((sparse, product(&dense, constants)));
            matrix = compose(&dense, &parameters.mds);
        }
        let mut carried = vec![Fr::ZERO; parameters.mds.len()];
        let mut partial = Vec::with_capacity(rounds.len());
        for ((row, column), mut constants) in rounds.into_iter().rev() {
            add(&mut constants, &carried);
            let constant = std::mem::take(constants.first_mut()?);
            // The other cells' constants go through the sparse matrix, which leaves them alone.
            carried = constants;
            let sum = dot(&row, &carried);
            *carried.first_mut()? = sum;
            partial.push(PartialRound { constant, row, column });
        }
        Some(Self { partial, matrix_before: matrix, constants_after: carried })
    }
}

/// First row and first column of `D`, and `E`.
type Factors = ((Vec<Fr>, Vec<Fr>), Vec<Vec<Fr>>);

fn factored(matrix: &[Vec<Fr>]) -> Option<Factors> {
    let corner = *matrix.first()?.first()?;
    let column: Vec<Fr> = matrix.iter().skip(1).filter_map(|row| row.first().copied()).collect();
    let inner: Vec<Vec<Fr>> = matrix.iter().skip(1).map(|row| row[1..].to_vec()).collect();
    // `D`'s row is the matrix's, times the inverse of the inner part.
    let row = solved(&transposed(&inner), &matrix.first()?[1..])?;
    let row = std::iter::once(corner).chain(row).collect();
    let width = matrix.len();
    let mut dense = vec![vec![Fr::ZERO; width]; width];
    dense[0][0] = Fr::ONE;
    for (out, row) in dense.iter_mut().skip(1).zip(&inner) {
        out[1..].copy_from_slice(row);
    }
    Some(((row, column), dense))
}

/// `x` with `matrix * x = right`, by elimination.
fn solved(matrix: &[Vec<Fr>], right: &[Fr]) -> Option<Vec<Fr>> {
    let mut rows: Vec<Vec<Fr>> =
        matrix.iter().zip(right).map(|(row, right)| [row, &[*right][..]].concat()).collect();
    for step in 0..rows.len() {
        let pivot = (step..rows.len()).find(|row| rows[*row][step] != Fr::ZERO)?;
        rows.swap(step, pivot);
        let inverse = rows[step][step].inverse()?;
        rows[step].iter_mut().for_each(|value| *value *= inverse);
        let known = rows[step].clone();
        for row in rows.iter_mut().enumerate().filter(|(at, _)| *at != step).map(|(_, row)| row) {
            let factor = row[step];
            row.iter_mut().zip(&known).for_each(|(value, known)| *value -= factor * known);
        }
    }
    rows.into_iter().map(|row| row.last().copied()).collect()
}

fn transposed(matrix: &[Vec<Fr>]) -> Vec<Vec<Fr>> {
    (0..matrix.len()).map(|column| matrix.iter().map(|row| row[column]).collect()).collect()
}

fn compose(left: &[Vec<Fr>], right: &[Vec<Fr>]) -> Vec<Vec<Fr>> {
    let columns = transposed(right);
    left.iter().map(|row| columns.iter().map(|column| dot(row, column)).collect()).collect()
}

fn product(matrix: &[Vec<Fr>], vector: &[Fr]) -> Vec<Fr> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

fn add(values: &mut [Fr], others: &[Fr]) {
    values.iter_mut().zip(others).for_each(|(value, other)| *value += other);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::MAX_ARITY;
    use std::convert::Infallible;

    /// The rounds as the parameters say them; returns the state and every S-box input.
    fn plain(parameters: &Parameters, mut state: Vec<Fr>) -> (Vec<Fr>, Vec<Fr>) {
        let mut inputs = Vec::new();
        for (round, constants) in parameters.round_constants.iter().enumerate() {
            add(&mut state, constants);
            let boxed = if parameters.is_full(round) { state.len() } else { 1 };
            for cell in state.iter_mut().take(boxed) {
                inputs.push(*cell);
                *cell = cell.pow([5]);
            }
            state = product(&parameters.mds, &state);
        }
        (state, inputs)
    }

    #[test]
    fn rewritten_rounds_have_the_state_and_the_sbox_inputs_of_the_plain_ones() {
        for arity in 1..=MAX_ARITY {
            let parameters = Parameters::of(arity).unwrap();
            let state: Vec<Fr> = (0..=arity as u64).map(|i| Fr::from(i).pow([77]) - Fr::from(9u64)).collect();
            let mut inputs = Vec::new();
            let sbox = |_, _, value: Fr| {
                inputs.push(value);
                Ok::<_, Infallible>(value.pow([5]))
            };
            let Ok(permuted) = Rounds::of(parameters).unwrap().permute(state.clone(), sbox);
            assert_eq!((permuted, inputs), plain(parameters, state), "arity {arity}");
        }
    }
}
