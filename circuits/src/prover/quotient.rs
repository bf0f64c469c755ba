//! The quotient's values in circom's form: `A*B - C` at the odd powers of a root of twice the order
//! (see [`crate::reduction`]), from what each constraint's factors evaluate to.

use crate::progress::{Progress, Stopped};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, FftField};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use rayon::prelude::*;

/// Why there is no quotient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuotientError {
    TooManyConstraints,
    Stopped,
}

impl From<Stopped> for QuotientError {
    fn from(Stopped: Stopped) -> Self {
        Self::Stopped
    }
}

/// The values for factors `a` and `b`, one pair per constraint, and the public values that follow them.
///
/// Where the constraints hold, the third factor is the product of the two.
pub(crate) fn quotient(
    mut a: Vec<Fr>,
    mut b: Vec<Fr>,
    public: &[Fr],
    progress: &Progress,
) -> Result<Vec<Fr>, QuotientError> {
    let too_many = QuotientError::TooManyConstraints;
    a.extend_from_slice(public);
    let domain = Radix2EvaluationDomain::<Fr>::new(a.len()).ok_or(too_many)?;
    let odd = Fr::get_root_of_unity(2 * domain.size() as u64).ok_or(too_many)?;
    let odd_powers = domain.get_coset(odd).ok_or(too_many)?;
    a.resize(domain.size(), Fr::ZERO);
    b.resize(domain.size(), Fr::ZERO);
    let mut c: Vec<Fr> = a.par_iter().zip(&b).map(|(a, b)| *a * b).collect();
    for column in [&mut a, &mut b, &mut c] {
        progress.check()?;
        domain.ifft_in_place(column);
        odd_powers.fft_in_place(column);
        progress.step();
    }
    a.par_iter_mut().zip(b).zip(c).for_each(|((a, b), c)| *a = *a * b - c);
    Ok(a)
}
