//! Curve points as the chain's `alt_bn128` syscalls read them: big-endian, x before y.
//!
//! A coordinate of G2 is written imaginary part first. Decoding is strict: a coordinate not below the
//! base field's modulus, a point off the curve or outside the subgroup is an error.

use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{AdditiveGroup, BigInteger, PrimeField};

/// A point of G1: x, y.
pub type G1Bytes = [u8; 64];
/// A point of G2: x.c1, x.c0, y.c1, y.c0.
pub type G2Bytes = [u8; 128];

/// Bytes that are no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    #[error("a coordinate is not below the base field's modulus")]
    Coordinate,
    #[error("the point is not on the curve")]
    OffCurve,
    #[error("the point is not in the subgroup")]
    OutsideSubgroup,
}

pub fn g1_bytes(point: &G1Affine) -> G1Bytes {
    let (x, y) = point.xy().unwrap_or((Fq::ZERO, Fq::ZERO));
    let mut bytes = [0; 64];
    put(&mut bytes, &[x, y]);
    bytes
}

pub fn g2_bytes(point: &G2Affine) -> G2Bytes {
    let (x, y) = point.xy().unwrap_or((Fq2::ZERO, Fq2::ZERO));
    let mut bytes = [0; 128];
    put(&mut bytes, &[x.c1, x.c0, y.c1, y.c0]);
    bytes
}

pub fn g1_point(bytes: &G1Bytes) -> Result<G1Affine, PointError> {
    let [x, y] = take(bytes)?;
    if x == Fq::ZERO && y == Fq::ZERO {
        return Ok(G1Affine::zero());
    }
    let point = G1Affine::new_unchecked(x, y);
    checked(point, point.is_on_curve(), point.is_in_correct_subgroup_assuming_on_curve())
}

pub fn g2_point(bytes: &G2Bytes) -> Result<G2Affine, PointError> {
    let [x1, x0, y1, y0] = take(bytes)?;
    let (x, y) = (Fq2::new(x0, x1), Fq2::new(y0, y1));
    if x == Fq2::ZERO && y == Fq2::ZERO {
        return Ok(G2Affine::zero());
    }
    let point = G2Affine::new_unchecked(x, y);
    checked(point, point.is_on_curve(), point.is_in_correct_subgroup_assuming_on_curve())
}

fn checked<P>(point: P, on_curve: bool, in_subgroup: bool) -> Result<P, PointError> {
    match (on_curve, in_subgroup) {
        (true, true) => Ok(point),
        (true, false) => Err(PointError::OutsideSubgroup),
        (false, _) => Err(PointError::OffCurve),
    }
}

fn put(bytes: &mut [u8], coordinates: &[Fq]) {
    for (chunk, coordinate) in bytes.chunks_mut(32).zip(coordinates) {
        chunk.copy_from_slice(&coordinate.into_bigint().to_bytes_be());
    }
}

fn take<const N: usize>(bytes: &[u8]) -> Result<[Fq; N], PointError> {
    let mut coordinates = [Fq::ZERO; N];
    for (coordinate, chunk) in coordinates.iter_mut().zip(bytes.chunks(32)) {
        let read = Fq::from_be_bytes_mod_order(chunk);
        if read.into_bigint().to_bytes_be() != chunk {
            return Err(PointError::Coordinate);
        }
        *coordinate = read;
    }
    Ok(coordinates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ec::PrimeGroup;

    #[test]
    fn the_generators_are_written_as_the_syscalls_read_them() {
        let mut g1 = [0; 64];
        (g1[31], g1[63]) = (1, 2);
        assert_eq!(g1_bytes(&G1Affine::generator()), g1);
        let g2 = hex::encode(g2_bytes(&G2Affine::generator()));
        assert!(g2.starts_with("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"));
    }

    #[test]
    fn points_round_trip_and_infinity_is_zeros() {
        let g1 = G1Affine::from(ark_bn254::G1Projective::generator() * ark_bn254::Fr::from(7u64));
        assert_eq!(g1_point(&g1_bytes(&g1)), Ok(g1));
        let g2 = G2Affine::generator();
        assert_eq!(g2_point(&g2_bytes(&g2)), Ok(g2));
        assert_eq!(g1_bytes(&G1Affine::zero()), [0; 64]);
        assert_eq!(g1_point(&[0; 64]), Ok(G1Affine::zero()));
    }

    #[test]
    fn bytes_that_are_no_point_are_refused() {
        let mut off_curve = g1_bytes(&G1Affine::generator());
        off_curve[63] = 3;
        assert_eq!(g1_point(&off_curve), Err(PointError::OffCurve));
        assert_eq!(g1_point(&[0xff; 64]), Err(PointError::Coordinate));
        // On the curve but of another order: almost every x with a square y is.
        let stray = (1u64..)
            .find_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::from(x), false))
            .expect("half of all x are on the curve");
        assert_eq!(g2_point(&g2_bytes(&stray)), Err(PointError::OutsideSubgroup));
    }
}
