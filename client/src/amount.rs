//! Amounts of USDC and OBSC as people write them, exact to the millionth.
//!
//! Must never round: what has more than six decimals is refused.

const DECIMALS: usize = 6;
const MICRO: u64 = 1_000_000;

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    #[error("give a number like 12.5: digits, and at most one point")]
    NotANumber,
    #[error("an amount has at most {DECIMALS} decimals, this has {got}")]
    TooFine { got: usize },
    #[error("an amount is at most {}", decimal(u64::MAX))]
    TooLarge,
}

/// Reads `12.5` as 12,500,000 millionths.
pub fn parse_micro(text: &str) -> Result<u64, AmountError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return Err(AmountError::NotANumber);
    }
    if fraction.len() > DECIMALS {
        return Err(AmountError::TooFine { got: fraction.len() });
    }
    let whole: u64 = whole.parse().map_err(|_| AmountError::TooLarge)?;
    let fraction: u64 = format!("{fraction:0<DECIMALS$}").parse().map_err(|_| AmountError::NotANumber)?;
    whole.checked_mul(MICRO).and_then(|micro| micro.checked_add(fraction)).ok_or(AmountError::TooLarge)
}

/// Writes 12,500,000 millionths as `12.500000`.
pub fn decimal(micro: u64) -> String {
    format!("{}.{:06}", micro / MICRO, micro % MICRO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_millionth() {
        let table = [("12.5", 12_500_000), ("0.000001", 1), ("7", 7_000_000), ("00.10", 100_000), ("0", 0)];
        for (text, micro) in table {
            assert_eq!(parse_micro(text), Ok(micro), "{text}");
        }
        assert_eq!(parse_micro("18446744073709.551615"), Ok(u64::MAX));
    }

    #[test]
    fn what_would_have_to_be_rounded_or_guessed_is_refused() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1_000", "1,5", "1.2.3", " 1", "NaN"] {
            assert_eq!(parse_micro(text), Err(AmountError::NotANumber), "{text:?}");
        }
        assert_eq!(parse_micro("1.0000001"), Err(AmountError::TooFine { got: 7 }));
        for text in ["18446744073709.551616", "18446744073710", "99999999999999999999999"] {
            assert_eq!(parse_micro(text), Err(AmountError::TooLarge), "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for micro in [0, 1, 999_999, 12_500_000, u64::MAX] {
            assert_eq!(parse_micro(&decimal(micro)), Ok(micro));
        }
    }
}
