//! Curve points as circom's tools keep them in files: little-endian Montgomery form, x before y.
//!
//! A coordinate is the number `c * 2^256 mod q`; one of G2 has its real part first. The point at infinity is
//! all zeros. Must never hand out a point that is not on its curve, and must never skip the subgroup check
//! for a file that somebody else wrote.

use super::FIELD_BYTES;
use crate::encoding::PointError;
use crate::progress::{Progress, Stopped};
use ark_bn254::{Fq, Fq2, Fr};
use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::Affine;
use ark_ff::{AdditiveGroup, BigInt, Fp, MontBackend, MontConfig, PrimeField};
use rayon::prelude::*;
use std::io::{self, Read, Write};

/// Points read between two looks at whether to go on.
const CHUNK: usize = 1 << 13;

/// Where bytes come from, which decides what is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// On the curve, and in the subgroup.
    Foreign,
    /// On the curve; the subgroup was checked before the bytes were hashed, and the hash fits.
    Hashed,
}

/// A point with a raw form.
pub(crate) trait RawPoint: AffineRepr {
    const BYTES: usize;

    /// The point in `bytes`, of which there are `BYTES`.
    fn decode(bytes: &[u8], origin: Origin) -> Result<Self, PointError>;

    /// Writes the raw form into `bytes`, of which there are `BYTES`.
    fn encode(&self, bytes: &mut [u8]);
}

impl RawPoint for Affine<ark_bn254::g1::Config> {
    const BYTES: usize = 2 * FIELD_BYTES;

    fn decode(bytes: &[u8], _: Origin) -> Result<Self, PointError> {
        let [x, y] = coordinates(bytes)?;
        if x == Fq::ZERO && y == Fq::ZERO {
            return Ok(Self::zero());
        }
        // The subgroup is the whole curve.
        let point = Self::new_unchecked(x, y);
        if point.is_on_curve() { Ok(point) } else { Err(PointError::OffCurve) }
    }

    fn encode(&self, bytes: &mut [u8]) {
        let (x, y) = self.xy().unwrap_or((Fq::ZERO, Fq::ZERO));
        put(bytes, &[x, y]);
    }
}

impl RawPoint for Affine<ark_bn254::g2::Config> {
    const BYTES: usize = 4 * FIELD_BYTES;

    fn decode(bytes: &[u8], origin: Origin) -> Result<Self, PointError> {
        let [x0, x1, y0, y1] = coordinates(bytes)?;
        let (x, y) = (Fq2::new(x0, x1), Fq2::new(y0, y1));
        if x == Fq2::ZERO && y == Fq2::ZERO {
            return Ok(Self::zero());
        }
        let point = Self::new_unchecked(x, y);
        if !point.is_on_curve() {
            return Err(PointError::OffCurve);
        }
        if origin == Origin::Foreign && !point.is_in_correct_subgroup_assuming_on_curve() {
            return Err(PointError::OutsideSubgroup);
        }
        Ok(point)
    }

    fn encode(&self, bytes: &mut [u8]) {
        let (x, y) = self.xy().unwrap_or((Fq2::ZERO, Fq2::ZERO));
        put(bytes, &[x.c0, x.c1, y.c0, y.c1]);
    }
}

/// Why a list of points cannot be had.
#[derive(Debug)]
pub(crate) enum ReadError {
    Io(io::Error),
    /// The point at `index` is none.
    Point {
        index: usize,
        error: PointError,
    },
    Stopped,
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Stopped> for ReadError {
    fn from(Stopped: Stopped) -> Self {
        Self::Stopped
    }
}

/// How many progress steps a list of `count` points is.
pub(crate) fn steps(count: usize) -> usize {
    count.div_ceil(CHUNK)
}

/// Reads `count` points; the caller knows that so many are there.
pub(crate) fn read_points<P: RawPoint>(
    input: &mut dyn Read,
    count: usize,
    origin: Origin,
    progress: &Progress,
) -> Result<Vec<P>, ReadError> {
    let mut points = Vec::with_capacity(count);
    let mut buffer = vec![0; P::BYTES * count.min(CHUNK)];
    while points.len() < count {
        progress.check()?;
        let wanted = (count - points.len()).min(CHUNK);
        buffer.truncate(P::BYTES * wanted);
        input.read_exact(&mut buffer)?;
        let decoded: Vec<_> =
            buffer.par_chunks_exact(P::BYTES).map(|bytes| P::decode(bytes, origin)).collect();
        for point in decoded {
            points.push(point.map_err(|error| ReadError::Point { index: points.len(), error })?);
        }
        progress.step();
    }
    Ok(points)
}

/// Reads one point.
pub(crate) fn read_point<P: RawPoint>(input: &mut dyn Read, origin: Origin) -> Result<P, ReadError> {
    let mut buffer = vec![0; P::BYTES];
    input.read_exact(&mut buffer)?;
    P::decode(&buffer, origin).map_err(|error| ReadError::Point { index: 0, error })
}

/// Writes `points` one after the other.
pub(crate) fn write_points<P: RawPoint>(points: &[P], out: &mut dyn Write) -> io::Result<()> {
    let mut buffer = vec![0; P::BYTES * points.len().min(CHUNK)];
    points.chunks(CHUNK).try_for_each(|points| {
        buffer.truncate(P::BYTES * points.len());
        buffer.par_chunks_exact_mut(P::BYTES).zip(points).for_each(|(bytes, point)| point.encode(bytes));
        out.write_all(&buffer)
    })
}

/// The element whose Montgomery form is in `bytes`; none if that is not below the modulus.
fn from_raw<M: MontConfig<4>>(bytes: &[u8]) -> Option<Fp<MontBackend<M, 4>, 4>> {
    let mut limbs = [0; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
        *limb = u64::from_le_bytes(chunk.try_into().ok()?);
    }
    let raw = BigInt::new(limbs);
    (raw < Fp::<MontBackend<M, 4>, 4>::MODULUS).then(|| Fp::new_unchecked(raw))
}

/// The scalar whose Montgomery form is in `bytes`.
pub(crate) fn scalar_from_raw(bytes: &[u8]) -> Option<Fr> {
    from_raw(bytes)
}

/// The Montgomery form of a scalar.
pub(crate) fn scalar_to_raw(scalar: &Fr) -> [u8; FIELD_BYTES] {
    to_raw(scalar)
}

fn to_raw<M: MontConfig<4>>(element: &Fp<MontBackend<M, 4>, 4>) -> [u8; FIELD_BYTES] {
    let mut bytes = [0; FIELD_BYTES];
    let limbs = element.0.0.iter().flat_map(|limb| limb.to_le_bytes());
    bytes.iter_mut().zip(limbs).for_each(|(byte, limb)| *byte = limb);
    bytes
}

fn put(bytes: &mut [u8], coordinates: &[Fq]) {
    for (chunk, coordinate) in bytes.chunks_exact_mut(FIELD_BYTES).zip(coordinates) {
        chunk.copy_from_slice(&to_raw(coordinate));
    }
}

fn coordinates<const N: usize>(bytes: &[u8]) -> Result<[Fq; N], PointError> {
    let mut coordinates = [Fq::ZERO; N];
    for (coordinate, chunk) in coordinates.iter_mut().zip(bytes.chunks_exact(FIELD_BYTES)) {
        *coordinate = from_raw(chunk).ok_or(PointError::Coordinate)?;
    }
    Ok(coordinates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_bn254::{G1Affine, G2Affine};
    use ark_ec::{CurveGroup, PrimeGroup};
    use ark_ff::Field;

    fn bytes<P: RawPoint>(point: &P) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_points(&[*point], &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_coordinate_is_the_number_times_two_to_the_256() {
        let one = Fq::from(2u64).pow([256]).into_bigint();
        let mut expected = Vec::new();
        one.0.iter().for_each(|limb| expected.extend(limb.to_le_bytes()));
        assert_eq!(bytes(&G1Affine::generator())[..32], expected);
    }

    #[test]
    fn points_round_trip_and_infinity_is_zeros() {
        let g1 = (ark_bn254::G1Projective::generator() * Fr::from(7u64)).into_affine();
        let g2 = (ark_bn254::G2Projective::generator() * Fr::from(7u64)).into_affine();
        assert_eq!(G1Affine::decode(&bytes(&g1), Origin::Foreign), Ok(g1));
        assert_eq!(G2Affine::decode(&bytes(&g2), Origin::Foreign), Ok(g2));
        assert_eq!(bytes(&G1Affine::zero()), [0; 64]);
        assert_eq!(G1Affine::decode(&[0; 64], Origin::Foreign), Ok(G1Affine::zero()));
        assert_eq!(G2Affine::decode(&[0; 128], Origin::Foreign), Ok(G2Affine::zero()));
    }

    #[test]
    fn bytes_that_are_no_point_are_refused() {
        assert_eq!(G1Affine::decode(&[0xff; 64], Origin::Foreign), Err(PointError::Coordinate));
        assert_eq!(G2Affine::decode(&[0xff; 128], Origin::Hashed), Err(PointError::Coordinate));
        let mut off_curve = bytes(&G1Affine::generator());
        off_curve[0] ^= 1;
        assert_eq!(G1Affine::decode(&off_curve, Origin::Hashed), Err(PointError::OffCurve));
        let mut off_curve = bytes(&G2Affine::generator());
        off_curve[0] ^= 1;
        assert_eq!(G2Affine::decode(&off_curve, Origin::Hashed), Err(PointError::OffCurve));
    }

    #[test]
    fn a_point_outside_the_subgroup_is_refused_unless_it_was_checked_before() {
        let stray = (1u64..)
            .find_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::from(x), false))
            .expect("half of all x are on the curve");
        assert_eq!(G2Affine::decode(&bytes(&stray), Origin::Foreign), Err(PointError::OutsideSubgroup));
        assert_eq!(G2Affine::decode(&bytes(&stray), Origin::Hashed), Ok(stray));
    }
}
