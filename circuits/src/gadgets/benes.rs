//! A Benes permutation network: any permutation of `2^k` rows with `(2k - 1) * 2^(k-1)` switches.
//!
//! A switch is one boolean and one multiplication per column moved. Whatever its switch bits say,
//! the network outputs a permutation of its inputs; which one is the prover's choice, so what the
//! outputs must satisfy is the caller's to constrain. Routing is the looping algorithm (Opferman and
//! Tsao-Wu, 1971).

use super::builder::{Builder, Synth};
use super::wire::Wire;
use ark_bn254::Fr;
use ark_relations::gr1cs::SynthesisError;

/// The number of switches for `rows` rows (a power of two, at least 2).
pub fn switch_count(rows: usize) -> usize {
    (2 * rows.ilog2() as usize - 1) * rows / 2
}

/// Switch bits such that output `k` is input `source[k]`.
///
/// The order is the one that [`permute`] consumes: first column top to bottom, upper half, lower
/// half, last column. `source` must be a permutation of a power of two of rows, at least 2; anything
/// else gives `None`.
pub fn route(source: &[usize]) -> Option<Vec<bool>> {
    let rows = source.len();
    if rows < 2 || !rows.is_power_of_two() {
        return None;
    }
    let mut target = vec![usize::MAX; rows];
    for (output, input) in source.iter().enumerate() {
        let slot = target.get_mut(*input)?;
        if *slot != usize::MAX {
            return None;
        }
        *slot = output;
    }
    let mut bits = Vec::with_capacity(switch_count(rows));
    route_into(source, &target, &mut bits);
    Some(bits)
}

/// `source[output] = input`, `target[input] = output`; both are permutations of `2^k >= 2` rows.
fn route_into(source: &[usize], target: &[usize], bits: &mut Vec<bool>) {
    let rows = source.len();
    if rows == 2 {
        bits.push(source[0] == 1);
        return;
    }
    let half = rows / 2;
    // in_upper[i]: input i travels through the upper half. The two inputs of a first-column switch
    // part ways, and so do the two outputs of a last-column switch.
    let mut in_upper = vec![None; rows];
    for start in 0..rows {
        let mut input = start;
        while in_upper[input].is_none() {
            in_upper[input] = Some(true);
            let partner = input ^ 1;
            in_upper[partner] = Some(false);
            input = source[target[partner] ^ 1];
        }
    }
    let goes_up = |input: usize| in_upper[input] == Some(true);
    bits.extend((0..half).map(|switch| !goes_up(2 * switch)));

    for upper in [true, false] {
        // Output pair k takes its upper-half row from half-output k.
        let inner_source: Vec<usize> = (0..half)
            .map(|pair| {
                let first = source[2 * pair];
                let input = if goes_up(first) == upper { first } else { source[2 * pair + 1] };
                input / 2
            })
            .collect();
        let mut inner_target = vec![0; half];
        for (output, input) in inner_source.iter().enumerate() {
            inner_target[*input] = output;
        }
        route_into(&inner_source, &inner_target, bits);
    }
    bits.extend((0..half).map(|pair| !goes_up(source[2 * pair])));
}

/// Runs `rows` through the network. Each row holds the same number of columns, which travel together.
///
/// Constraints: `switch_count(rows) * (1 + columns)`.
pub fn permute(builder: &mut Builder, rows: Vec<Vec<Wire>>, switches: &[Fr]) -> Synth<Vec<Vec<Wire>>> {
    let count = rows.len();
    if count < 2 || !count.is_power_of_two() || switches.len() != switch_count(count) {
        return Err(SynthesisError::Unsatisfiable);
    }
    let mut remaining = switches.iter().copied();
    permute_from(builder, rows, &mut remaining)
}

fn permute_from(
    builder: &mut Builder,
    rows: Vec<Vec<Wire>>,
    switches: &mut impl Iterator<Item = Fr>,
) -> Synth<Vec<Vec<Wire>>> {
    let (upper, lower) = column(builder, rows, switches)?;
    if upper.len() == 1 {
        return Ok([upper, lower].concat());
    }
    let upper = permute_from(builder, upper, switches)?;
    let lower = permute_from(builder, lower, switches)?;
    let paired = upper.into_iter().zip(lower).flat_map(|(up, down)| [up, down]).collect();
    let (evens, odds) = column(builder, paired, switches)?;
    Ok(evens.into_iter().zip(odds).flat_map(|(even, odd)| [even, odd]).collect())
}

type Halves = (Vec<Vec<Wire>>, Vec<Vec<Wire>>);

/// One column of switches over neighbouring rows: all first outputs, all second outputs.
fn column(
    builder: &mut Builder,
    rows: Vec<Vec<Wire>>,
    switches: &mut impl Iterator<Item = Fr>,
) -> Synth<Halves> {
    let mut firsts = Vec::with_capacity(rows.len() / 2);
    let mut seconds = Vec::with_capacity(rows.len() / 2);
    for pair in rows.chunks_exact(2) {
        let swap = builder.boolean(switches.next().ok_or(SynthesisError::AssignmentMissing)?)?;
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for (a, b) in pair[0].iter().zip(&pair[1]) {
            let moved = builder.product(&(b - a), &swap)?;
            first.push(a + &moved);
            second.push(b - &moved);
        }
        firsts.push(first);
        seconds.push(second);
    }
    Ok((firsts, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_relations::gr1cs::ConstraintSystem;
    use rand::SeedableRng;
    use rand::seq::SliceRandom;
    use rand_chacha::ChaCha20Rng;

    /// Routes and runs a network of two columns; the order in which the rows come out.
    fn run(source: &[usize]) -> Vec<(Fr, Fr)> {
        let cs = ConstraintSystem::<Fr>::new_ref();
        let mut builder = Builder::layout(cs.clone());
        let mut rows = Vec::new();
        for index in 0..source.len() as u64 {
            let columns = [index, 1_000 + index].map(|v| builder.witness(Fr::from(v)).unwrap());
            rows.push(columns.to_vec());
        }
        let switches: Vec<Fr> = route(source).unwrap().into_iter().map(Fr::from).collect();
        let out = permute(&mut builder, rows, &switches).unwrap();
        assert!(cs.is_satisfied().unwrap());
        assert_eq!(cs.num_constraints(), 3 * switch_count(source.len()));
        out.iter().map(|row| (row[0].value(), row[1].value())).collect()
    }

    fn expected(source: &[usize]) -> Vec<(Fr, Fr)> {
        source.iter().map(|from| (Fr::from(*from as u64), Fr::from(1_000 + *from as u64))).collect()
    }

    #[test]
    fn every_permutation_of_four_rows_is_routed() {
        for code in 0..256usize {
            let source: Vec<usize> = (0..4).map(|row| code >> (2 * row) & 3).collect();
            let mut seen = source.clone();
            seen.sort_unstable();
            if seen == [0, 1, 2, 3] {
                assert_eq!(run(&source), expected(&source), "{source:?}");
            } else {
                assert_eq!(route(&source), None, "{source:?}");
            }
        }
    }

    #[test]
    fn random_permutations_of_every_size_are_routed() {
        let mut rng = ChaCha20Rng::seed_from_u64(11);
        for rows in [2, 8, 16, 64, 256, 1024] {
            for _ in 0..3 {
                let mut source: Vec<usize> = (0..rows).collect();
                source.shuffle(&mut rng);
                assert_eq!(run(&source), expected(&source), "{rows} rows");
            }
        }
    }

    #[test]
    fn what_is_no_permutation_of_a_power_of_two_is_not_routed() {
        assert_eq!(route(&[0]), None);
        assert_eq!(route(&[0, 1, 2]), None);
        assert_eq!(route(&[0, 2]), None);
    }

    #[test]
    fn a_switch_that_is_no_bit_is_unsatisfied() {
        let cs = ConstraintSystem::<Fr>::new_ref();
        let mut builder = Builder::layout(cs.clone());
        let rows = [3u64, 4].map(|v| vec![builder.witness(Fr::from(v)).unwrap()]).to_vec();
        permute(&mut builder, rows, &[Fr::from(2u64)]).unwrap();
        assert!(!cs.is_satisfied().unwrap());
    }
}
