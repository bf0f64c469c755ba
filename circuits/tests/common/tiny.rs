//! A circuit of three constraints, small enough to fuzz its key: I know an x with x^3 + x + 5 = public.

use ark_bn254::Fr;
use obscura_circuits::circom::rehearsal::write_zkey;
use obscura_circuits::gadgets::{Evaluation, Groups};
use obscura_circuits::progress::Progress;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::Constraints;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

/// Wires: the constant one, the public input, x, its square, its cube.
pub fn tiny_constraints() -> Constraints {
    let row = |terms: &[(u64, usize)]| terms.iter().map(|(value, wire)| (Fr::from(*value), *wire)).collect();
    let a = vec![row(&[(1, 2)]), row(&[(1, 3)]), row(&[(5, 0), (1, 2), (1, 4)])];
    let b = vec![row(&[(1, 2)]), row(&[(1, 2)]), row(&[(1, 0)])];
    let c = vec![row(&[(1, 3)]), row(&[(1, 4)]), row(&[(1, 1)])];
    Constraints {
        size: BatchSize::S16,
        matrices: vec![a, b, c],
        num_inputs: 2,
        variables: 5,
        groups: Groups::default(),
    }
}

/// x = 3.
pub fn tiny_evaluation() -> Evaluation {
    let numbers = |numbers: &[u64]| numbers.iter().copied().map(Fr::from).collect::<Vec<_>>();
    Evaluation {
        inputs: numbers(&[1, 35]),
        witnesses: numbers(&[3, 9, 27]),
        factors: (numbers(&[3, 9, 35]), numbers(&[3, 3, 1])),
        broken: None,
    }
}

/// The same file in every run.
pub fn tiny_zkey() -> Vec<u8> {
    zkey_of(&tiny_constraints())
}

pub fn zkey_of(constraints: &Constraints) -> Vec<u8> {
    let mut file = Vec::new();
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    write_zkey(constraints, &mut rng, &mut file, &Progress::default()).unwrap();
    file
}
