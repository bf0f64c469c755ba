//! Multi-scalar multiplication for one assignment over several point lists.
//!
//! Pippenger's buckets with signed digits, in affine coordinates: many buckets take a point at once and
//! share one inversion, so that an addition costs about six multiplications. The digits of an assignment
//! are worked out once for all lists. A clearing's assignment is one fifth bits and small numbers: ones
//! are summed apart, numbers below `2^64` in absolute value have no digits in the upper windows, and
//! zeros cost nothing at all.
//!
//! Must give what `ark-ec`'s own gives; a test compares them.

use crate::progress::{Progress, Stopped};
use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BigInteger, Field, PrimeField, serial_batch_inversion_and_mul};
use rayon::prelude::*;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Scalars below two to this in absolute value are small.
const SMALL_BITS: u32 = 64;
/// A digit is an `i16`.
const MAX_WINDOW_BITS: u32 = 16;
/// Additions that share an inversion, at most; and at most one in this many buckets.
const MAX_BATCH: usize = 1024;
const BUCKETS_PER_ADDITION: usize = 8;

/// An assignment, cut into signed digits.
///
/// Scalars that occur more than once are multiplied once, with the sum of their points: a batch that
/// is not full has many slots and rows that are alike.
pub(super) struct Digits {
    window_bits: u32,
    /// Bits that are left for the last window.
    top_bits: u32,
    /// Positions of the ones, and of the minus ones.
    ones: [Vec<u32>; 2],
    /// The first position of every other scalar that is not zero.
    firsts: Vec<u32>,
    /// Further positions, each with the place of its scalar's first in `firsts`.
    repeats: Vec<(u32, u32)>,
    small: Table,
    large: Table,
}

/// Digits of some of the scalars, window by window.
struct Table {
    /// Places in `firsts`.
    places: Vec<u32>,
    windows: Vec<Vec<i16>>,
}

impl Digits {
    /// Cuts `scalars`, whose order is the order of the points they will multiply.
    pub fn of<F: PrimeField>(scalars: &[F]) -> Self {
        let mut known = HashMap::new();
        let mut ones = [Vec::new(), Vec::new()];
        let (mut firsts, mut repeats) = (Vec::new(), Vec::new());
        let (mut small, mut large) = (Vec::new(), Vec::new());
        for (position, scalar) in (0u32..).zip(scalars) {
            let (size, negative) = shorter(scalar);
            let bits = size.num_bits();
            match bits {
                0 => continue,
                1 => {
                    ones[usize::from(negative)].push(position);
                    continue;
                }
                _ => {}
            }
            let place = firsts.len() as u32;
            match known.entry(*scalar) {
                Entry::Occupied(first) => repeats.push((position, *first.get())),
                Entry::Vacant(entry) => {
                    entry.insert(place);
                    firsts.push(position);
                    if bits <= SMALL_BITS { small.push(place) } else { large.push(place) }
                }
            }
        }
        let window_bits = window_bits(large.len());
        let cut = |places: Vec<u32>, bits: u32| {
            let windows = window_count(bits, window_bits);
            let scalar = |place: &u32| scalars[firsts[*place as usize] as usize];
            let scalars: Vec<F> = places.iter().map(scalar).collect();
            Table { places, windows: digits(&scalars, windows, window_bits) }
        };
        // The smaller of a scalar and its negative.
        let large_bits = F::MODULUS_BIT_SIZE - 1;
        let (small, large) = (cut(small, SMALL_BITS), cut(large, large_bits));
        let lower = large.windows.len().saturating_sub(1) as u32 * window_bits;
        let top_bits = large_bits.saturating_sub(lower).min(window_bits - 1);
        Self { window_bits, top_bits, ones, firsts, repeats, small, large }
    }

    /// `sum of scalars[i] * points[i - first]` over all `i` from `first` on.
    pub fn multiply<C: SWCurveConfig>(
        &self,
        points: &[Affine<C>],
        first: usize,
        progress: &Progress,
    ) -> Result<Projective<C>, Stopped> {
        let point = |position: &u32| {
            let point = (*position as usize).checked_sub(first).and_then(|at| points.get(at));
            point.copied().unwrap_or_else(Affine::identity)
        };
        let [plus, minus] =
            self.ones.each_ref().map(|positions| sum(&positions.iter().map(point).collect::<Vec<_>>()));
        let distinct = self.collect_repeats(self.firsts.iter().map(point).collect(), point);
        let windows: Vec<Projective<C>> = (0..self.large.windows.len().max(self.small.windows.len()))
            .into_par_iter()
            .map(|window| {
                progress.check()?;
                Ok(self.window_sum(&distinct, window))
            })
            .collect::<Result<_, Stopped>>()?;
        let mut total = Projective::<C>::ZERO;
        for window in windows.into_iter().rev() {
            for _ in 0..self.window_bits {
                total.double_in_place();
            }
            total += window;
        }
        progress.step();
        Ok(total + plus - minus)
    }

    /// Adds each repeated scalar's further points to its first.
    fn collect_repeats<C: SWCurveConfig>(
        &self,
        firsts: Vec<Affine<C>>,
        point: impl Fn(&u32) -> Affine<C>,
    ) -> Vec<Affine<C>> {
        let mut sums = Buckets::starting_with(firsts);
        for (position, place) in &self.repeats {
            sums.add(*place as usize, point(position));
        }
        sums.into_points()
    }

    fn window_sum<C: SWCurveConfig>(&self, points: &[Affine<C>], window: usize) -> Projective<C> {
        let count = 1usize << (self.window_bits - 1);
        // The last window's digits may be few: then each has many buckets, for what meets in one waits.
        let used = 1usize << self.top_bits;
        let lanes = if window + 1 == self.large.windows.len() { count.div_ceil(used) } else { 1 };
        let mut buckets = Buckets::starting_with(vec![Affine::identity(); count]);
        for table in [&self.small, &self.large] {
            let Some(digits) = table.windows.get(window) else { continue };
            let digits = table.places.iter().zip(digits).filter(|(_, digit)| **digit != 0);
            for (turn, (place, digit)) in digits.enumerate() {
                let point = points[*place as usize];
                let bucket = usize::from(digit.unsigned_abs()) - 1 + turn % lanes * used;
                buckets.add(bucket, if *digit < 0 { -point } else { point });
            }
        }
        let buckets = buckets.into_points();
        let (mut running, mut total) = (Projective::<C>::ZERO, Projective::<C>::ZERO);
        for digit in (0..count / lanes).rev() {
            buckets.iter().skip(digit).step_by(count / lanes).for_each(|point| running += point);
            total += running;
        }
        total
    }
}

/// Windows for scalars below two to `bits`: two bits more, so that the last digit carries nothing on
/// though the one before carries into it.
fn window_count(bits: u32, window_bits: u32) -> usize {
    (bits + 2).div_ceil(window_bits) as usize
}

/// Signed digits, window by window, each of `window_bits`.
fn digits<F: PrimeField>(scalars: &[F], windows: usize, window_bits: u32) -> Vec<Vec<i16>> {
    let mut table = vec![vec![0i16; scalars.len()]; windows];
    for (column, scalar) in scalars.iter().enumerate() {
        let (size, negative) = shorter(scalar);
        let mut carry = 0i32;
        for (window, digits) in table.iter_mut().enumerate() {
            let mut digit = bits_at(size.as_ref(), window as u32 * window_bits, window_bits) + carry;
            carry = (digit >> (window_bits - 1) & 1) | (digit >> window_bits);
            digit -= carry << window_bits;
            digits[column] = if negative { -digit } else { digit } as i16;
        }
    }
    table
}

/// Fewer, wider windows for more points; found by trying.
fn window_bits(points: usize) -> u32 {
    (points.max(2).ilog2().saturating_sub(4)).clamp(6, MAX_WINDOW_BITS - 1)
}

/// The scalar or its negative, whichever is the smaller number, and whether it is the latter.
fn shorter<F: PrimeField>(scalar: &F) -> (F::BigInt, bool) {
    let (plain, negated) = (scalar.into_bigint(), (-*scalar).into_bigint());
    if plain <= negated { (plain, false) } else { (negated, true) }
}

/// `width` bits of a little-endian number from bit `from` on; zero past its end.
fn bits_at(limbs: &[u64], from: u32, width: u32) -> i32 {
    let (limb, shift) = ((from / 64) as usize, from % 64);
    let low = limbs.get(limb).map_or(0, |limb| limb >> shift);
    let high = if shift == 0 { 0 } else { limbs.get(limb + 1).map_or(0, |limb| limb << (64 - shift)) };
    ((low | high) & ((1 << width) - 1)) as i32
}

/// The sum of points, a share of them on each thread.
fn sum<C: SWCurveConfig>(points: &[Affine<C>]) -> Projective<C> {
    let shares = points.par_chunks(points.len().div_ceil(rayon::current_num_threads()).max(1));
    let sum_of_share = |points: &[Affine<C>]| {
        // One bucket after the other: neighbours do not meet in one batch.
        let count = points.len().div_ceil(BUCKETS_PER_ADDITION).clamp(1, MAX_BATCH * BUCKETS_PER_ADDITION);
        let mut buckets = Buckets::starting_with(vec![Affine::identity(); count]);
        points.iter().enumerate().for_each(|(at, point)| buckets.add(at % count, *point));
        buckets.into_points().iter().fold(Projective::<C>::ZERO, |sum, point| sum + point)
    };
    shares.map(sum_of_share).reduce(|| Projective::<C>::ZERO, |a, b| a + b)
}

/// Sums under construction, in affine coordinates.
struct Buckets<C: SWCurveConfig> {
    points: Vec<Affine<C>>,
    /// Whether a bucket is in the batch that is being filled.
    busy: Vec<bool>,
    /// Additions whose slope's denominator waits for the common inversion.
    batch: Vec<(usize, Affine<C>)>,
    denominators: Vec<C::BaseField>,
    capacity: usize,
    /// Additions to busy buckets.
    waiting: Vec<(usize, Affine<C>)>,
}

impl<C: SWCurveConfig> Buckets<C> {
    fn starting_with(points: Vec<Affine<C>>) -> Self {
        let count = points.len();
        Self {
            points,
            busy: vec![false; count],
            batch: Vec::new(),
            denominators: Vec::new(),
            capacity: (count / BUCKETS_PER_ADDITION).clamp(1, MAX_BATCH),
            waiting: Vec::new(),
        }
    }

    fn add(&mut self, bucket: usize, point: Affine<C>) {
        if self.busy[bucket] {
            self.waiting.push((bucket, point));
            if self.waiting.len() > self.capacity {
                self.run_batch();
                self.take_up_waiting();
            }
            return;
        }
        let sum = &mut self.points[bucket];
        if point.is_zero() {
            // Nothing to add.
        } else if sum.is_zero() {
            *sum = point;
        } else if sum.x == point.x {
            // The same point, or its negative: no slope. Too rare to be fast.
            *sum = (*sum + point).into_affine();
        } else {
            self.busy[bucket] = true;
            self.denominators.push(point.x - sum.x);
            self.batch.push((bucket, point));
            if self.batch.len() == self.capacity {
                self.run_batch();
            }
        }
    }

    fn run_batch(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        serial_batch_inversion_and_mul(&mut self.denominators, &C::BaseField::ONE);
        for ((bucket, point), inverse) in self.batch.drain(..).zip(self.denominators.drain(..)) {
            let sum = &mut self.points[bucket];
            let slope = (point.y - sum.y) * inverse;
            let x = slope.square() - sum.x - point.x;
            *sum = Affine::new_unchecked(x, slope * (sum.x - x) - sum.y);
            self.busy[bucket] = false;
        }
    }

    fn take_up_waiting(&mut self) {
        for (bucket, point) in std::mem::take(&mut self.waiting) {
            self.add(bucket, point);
        }
    }

    fn into_points(mut self) -> Vec<Affine<C>> {
        while !self.batch.is_empty() || !self.waiting.is_empty() {
            self.run_batch();
            self.take_up_waiting();
        }
        self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
    use ark_ec::VariableBaseMSM;
    use ark_std::UniformRand;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha20Rng;

    /// Every kind of scalar, some of them often.
    fn scalars(count: usize, rng: &mut ChaCha20Rng) -> Vec<Fr> {
        let kind = |rng: &mut ChaCha20Rng| match rng.r#gen_range(0..9) {
            0 => Fr::ZERO,
            1 => Fr::ONE,
            2 => -Fr::ONE,
            3 => Fr::from(rng.r#gen::<u16>()),
            4 => -Fr::from(rng.r#gen::<u64>()),
            5 => Fr::from(u64::MAX),
            6 => Fr::from(3600u64),
            _ => Fr::rand(rng),
        };
        (0..count).map(|_| kind(rng)).collect()
    }

    #[test]
    fn products_are_those_of_the_library_for_both_groups() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        for count in [0, 1, 2, 37, 1_000, 5_000] {
            let scalars = scalars(count, &mut rng);
            let digits = Digits::of(&scalars);
            let base: Vec<G1Affine> = (0..7).map(|_| G1Affine::rand(&mut rng)).collect();
            // Few different points, so that equal and opposite ones meet; and some that are zero.
            let point = |at: usize| if at % 11 == 3 { G1Affine::identity() } else { base[at % 7] };
            let points: Vec<G1Affine> = (0..count).map(point).collect();
            let product = digits.multiply(&points, 0, &Progress::default()).unwrap();
            assert_eq!(product, G1Projective::msm(&points, &scalars).unwrap(), "{count} in G1");
            let points: Vec<G2Affine> = (0..count).map(|_| G2Affine::rand(&mut rng)).collect();
            let product = digits.multiply(&points, 0, &Progress::default()).unwrap();
            assert_eq!(product, G2Projective::msm(&points, &scalars).unwrap(), "{count} in G2");
        }
    }

    #[test]
    fn digits_of_every_width_add_up_to_their_scalar() {
        let top = Fr::from_bigint(Fr::MODULUS_MINUS_ONE_DIV_TWO).unwrap();
        let small = [u64::MAX, u64::MAX - 1, 1 << 63, !0 << 51, !0 << 52, 2].map(Fr::from);
        let large = [top, top - Fr::ONE, Fr::from(u64::MAX) + Fr::ONE, Fr::from(1u128 << 127)];
        for width in 6..MAX_WINDOW_BITS {
            for (scalars, bits) in [(&small[..], SMALL_BITS), (&large[..], Fr::MODULUS_BIT_SIZE - 1)] {
                let scalars: Vec<Fr> = scalars.iter().flat_map(|scalar| [*scalar, -*scalar]).collect();
                let windows = digits(&scalars, window_count(bits, width), width);
                let base = Fr::from(1u64 << width);
                for (at, scalar) in scalars.iter().enumerate() {
                    let step = |sum: Fr, window: &Vec<i16>| sum * base + Fr::from(window[at]);
                    let sum = windows.iter().rev().fold(Fr::ZERO, step);
                    assert_eq!(sum, *scalar, "width {width}");
                }
            }
        }
    }

    #[test]
    fn a_list_may_begin_further_on() {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let scalars = scalars(500, &mut rng);
        let points: Vec<G1Affine> = (0..498).map(|_| G1Affine::rand(&mut rng)).collect();
        let product = Digits::of(&scalars).multiply(&points, 2, &Progress::default()).unwrap();
        assert_eq!(product, G1Projective::msm(&points, &scalars[2..]).unwrap());
    }

    #[test]
    fn a_cancelled_product_stops() {
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let scalars = scalars(100, &mut rng);
        let points: Vec<G1Affine> = (0..100).map(|_| G1Affine::rand(&mut rng)).collect();
        let progress = Progress::default();
        progress.cancel();
        assert!(Digits::of(&scalars).multiply(&points, 0, &progress).is_err());
    }
}
