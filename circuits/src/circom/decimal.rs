//! Field elements as decimal text, as circom's tools write them in JSON.
//!
//! Must never reduce silently, and never take two texts for one number.

use ark_ff::PrimeField;

/// The element that `text` is the decimal form of; none for anything but the digits of a number below the
/// modulus, without leading zeros.
pub(super) fn parse<F: PrimeField>(text: &str) -> Option<F> {
    // One digit more than any element has would be reduced; what was reduced does not read the same again.
    let digits = text.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0'));
    let too_long = text.len() > F::MODULUS_BIT_SIZE as usize;
    let digits: Vec<u8> = if too_long { None } else { digits.collect() }?;
    let ten = F::from(10u64);
    let element = digits.into_iter().fold(F::ZERO, |number, digit| number * ten + F::from(digit));
    (element.into_bigint().to_string() == text).then_some(element)
}

pub(super) fn text(element: &impl PrimeField) -> String {
    element.into_bigint().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_bn254::Fr;
    use ark_ff::{AdditiveGroup, Field};

    const LARGEST: &str = "21888242871839275222246405745257275088548364400416034343698204186575808495616";

    #[test]
    fn the_digits_of_every_element_are_read_back() {
        for element in [Fr::ZERO, Fr::ONE, Fr::from(1u64 << 40), -Fr::ONE] {
            assert_eq!(parse(&text(&element)), Some(element));
        }
        assert_eq!(text(&-Fr::ONE), LARGEST);
        assert_eq!(text(&Fr::ZERO), "0");
    }

    #[test]
    fn anything_else_is_refused() {
        let modulus = LARGEST.replace("5616", "5617");
        let long = "1".repeat(10_000);
        for wrong in ["", "00", "01", "-1", "+1", " 1", "1 ", "0x1", "1e3", "١", &modulus, &long] {
            assert_eq!(parse::<Fr>(wrong), None, "{wrong}");
        }
    }
}
