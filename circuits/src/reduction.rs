//! The step from constraints to polynomials that circom's tools use, for Groth16.
//!
//! It differs from the libsnark one of `ark-groth16` only in the quotient: with `n` constraint rows
//! and `P = A*B - C` of degree below `2n`, `P` vanishes on the `n`-th roots of unity, so its values
//! at the odd powers of a `2n`-th root determine it. The prover hands over those `n` values instead of
//! a quotient's coefficients, and the key holds the matching odd Lagrange polynomials of the doubled
//! domain. Keys from circom's ceremony tools have that form. Rows, and the extra row per public
//! value, are libsnark's.

use ark_ff::PrimeField;
use ark_groth16::r1cs_to_qap::{LibsnarkReduction, R1CSToQAP, evaluate_constraint};
use ark_poly::EvaluationDomain;
use ark_relations::gr1cs::{ConstraintSystemRef, Matrix, SynthesisError};

/// Groth16 with circom's convention.
pub struct CircomReduction;

type Evaluations<F> = (Vec<F>, Vec<F>, Vec<F>, F, usize, usize);

impl R1CSToQAP for CircomReduction {
    fn instance_map_with_evaluation<F: PrimeField, D: EvaluationDomain<F>>(
        cs: ConstraintSystemRef<F>,
        t: &F,
    ) -> Result<Evaluations<F>, SynthesisError> {
        LibsnarkReduction::instance_map_with_evaluation::<F, D>(cs, t)
    }

    fn witness_map_from_matrices<F: PrimeField, D: EvaluationDomain<F>>(
        matrices: &[Matrix<F>],
        num_inputs: usize,
        num_constraints: usize,
        full_assignment: &[F],
    ) -> Result<Vec<F>, SynthesisError> {
        let domain = D::new(num_constraints + num_inputs).ok_or(SynthesisError::PolynomialDegreeTooLarge)?;
        let odd_points = doubled::<F, D>(&domain)?;
        let odd_points =
            domain.get_coset(odd_points.group_gen()).ok_or(SynthesisError::PolynomialDegreeTooLarge)?;
        let [a_rows, b_rows, _] = matrices else {
            return Err(SynthesisError::Unsatisfiable);
        };
        let product_of_rows = |rows: &Matrix<F>| -> Vec<F> {
            rows.iter().map(|row| evaluate_constraint(row, full_assignment)).collect()
        };
        let mut a = product_of_rows(a_rows);
        a.extend_from_slice(&full_assignment[..num_inputs]);
        let mut b = product_of_rows(b_rows);
        // Where the constraints hold, the third matrix is the product of the first two.
        let mut c: Vec<F> = a.iter().zip(&b).map(|(a, b)| *a * b).collect();
        for column in [&mut a, &mut b, &mut c] {
            column.resize(domain.size(), F::zero());
            domain.ifft_in_place(column);
            odd_points.fft_in_place(column);
        }
        Ok(a.into_iter().zip(b).zip(c).map(|((a, b), c)| a * b - c).collect())
    }

    fn h_query_scalars<F: PrimeField, D: EvaluationDomain<F>>(
        max_power: usize,
        t: F,
        _zt: F,
        delta_inverse: F,
    ) -> Result<Vec<F>, SynthesisError> {
        let domain = D::new(max_power + 1).ok_or(SynthesisError::PolynomialDegreeTooLarge)?;
        let lagrange = doubled::<F, D>(&domain)?.evaluate_all_lagrange_coefficients(t);
        Ok(lagrange.into_iter().skip(1).step_by(2).map(|value| value * delta_inverse).collect())
    }
}

/// The domain of twice the size; its generator's odd powers are a coset of `domain`.
fn doubled<F: PrimeField, D: EvaluationDomain<F>>(domain: &D) -> Result<D, SynthesisError> {
    D::new(2 * domain.size()).ok_or(SynthesisError::PolynomialDegreeTooLarge)
}
