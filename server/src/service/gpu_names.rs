//! GPU types as people write them: a sloppy name finds its market, a wrong one is told the nearest.
//!
//! Only for names that nothing was sealed under: a market's name is part of an order's hash, so a
//! sealed order has to spell it exactly.

use super::{PoolService, ServiceError};

/// A guess below this similarity is worse than none.
const LEAST_SIMILARITY: f64 = 0.6;

/// The name of the market that `written` means.
///
/// Errors: `UnknownGpuType`, with the nearest name where one is near.
pub async fn in_full(pool: &dyn PoolService, written: &str) -> Result<String, ServiceError> {
    let markets = pool.markets().await?.markets;
    let names: Vec<&str> = markets.iter().map(|market| market.gpu_type.as_str()).collect();
    match meant(written, &names) {
        Some(name) => Ok(name.to_owned()),
        None => Err(ServiceError::unknown_gpu_type(written, &names)),
    }
}

/// The one of `names` that `written` is short for: the same letters and digits, or the only one that
/// has all its words.
pub fn meant<'a>(written: &str, names: &[&'a str]) -> Option<&'a str> {
    let wanted = squeezed(written);
    if wanted.is_empty() {
        return None;
    }
    if let Some(same) = names.iter().find(|name| squeezed(name) == wanted) {
        return Some(same);
    }
    let words = words(written);
    let mut fitting = names.iter().filter(|name| {
        let name = squeezed(name);
        name.contains(&wanted) || words.iter().all(|word| name.contains(word))
    });
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// The name that is most like `written`, where one is.
pub fn nearest<'a>(written: &str, names: &[&'a str]) -> Option<&'a str> {
    let wanted = squeezed(written);
    let similarity = |name: &str| strsim::jaro_winkler(&wanted, &squeezed(name));
    let best = names.iter().max_by(|a, b| similarity(a).total_cmp(&similarity(b)))?;
    (similarity(best) >= LEAST_SIMILARITY).then_some(best)
}

/// Makers and words that say nothing.
const NOISE: [&str; 5] = ["nvidia", "geforce", "tesla", "gpu", "gb"];

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let parts = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty() && !NOISE.contains(part)).map(str::to_owned).collect()
}

fn squeezed(text: &str) -> String {
    words(text).concat().trim_end_matches("gb").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["H100 80GB", "A100 80GB", "L40S 48GB", "RTX 4090 24GB"];

    #[test]
    fn sloppy_names_mean_the_market_that_only_they_can_mean() {
        for (written, name) in [
            ("h100", "H100 80GB"),
            ("NVIDIA H100", "H100 80GB"),
            ("h100-80gb", "H100 80GB"),
            ("H100 80 GB", "H100 80GB"),
            ("a100", "A100 80GB"),
            ("4090", "RTX 4090 24GB"),
            ("GeForce RTX4090", "RTX 4090 24GB"),
            ("l40s", "L40S 48GB"),
        ] {
            assert_eq!(meant(written, &NAMES), Some(name), "{written}");
        }
    }

    #[test]
    fn a_name_that_could_mean_two_markets_or_none_means_none() {
        for written in ["80GB", "100", "B200", "", "  ", "GPU"] {
            assert_eq!(meant(written, &NAMES), None, "{written}");
        }
    }

    #[test]
    fn a_typing_error_is_told_what_it_is_near_to() {
        assert_eq!(nearest("H10O", &NAMES), Some("H100 80GB"));
        assert_eq!(nearest("completely else", &NAMES), None);
    }
}
