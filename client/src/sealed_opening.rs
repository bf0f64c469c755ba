//! An opening that only the batch's matcher can read: a libsodium sealed box to the matcher's ed25519 key,
//! converted to X25519. SPEC section 13.
//!
//! The text inside names the order's account, so that a box made for one order opens no other, and has
//! one length, so that it tells nothing. Must never be sealed to a key that somebody in between named:
//! the batch account records whose it is.

use crypto_box::{PublicKey, SecretKey};
use ed25519_dalek::VerifyingKey;
use obscura_circuits::opening::Opening;
use obscura_circuits::secret::Secret;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use zeroize::Zeroizing;

const DOMAIN: &[u8; 18] = b"obscura-opening-v1";
const PLAIN_BYTES: usize = 18 + 32 + 8 + 2 + 2 + 4 + 32;
/// An ephemeral key and a tag come on top.
pub const SEALED_BYTES: usize = 32 + 16 + PLAIN_BYTES;

/// What a sealed opening says, as its sender wrote it: nothing of it is checked yet but for which order it is.
#[derive(Clone, Debug)]
pub struct OpenedTerms {
    pub price_micro: u64,
    pub qty: u16,
    pub min_qty: u16,
    pub duration_seconds: u32,
    pub secret: Secret,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealedOpeningError {
    #[error("the matcher's key {matcher} is no key that anything can be sealed to")]
    MatcherKey { matcher: Pubkey },
    #[error("a sealed opening has {SEALED_BYTES} bytes, this has {got}")]
    Length { got: usize },
    #[error("it was not sealed to this matcher's key, or was changed on its way")]
    Unreadable,
    #[error("what was sealed is not an opening")]
    Format,
    #[error("it was sealed for the order at {sealed_for}")]
    OtherOrder { sealed_for: Pubkey },
}

/// Seals `opening` of the order at `order` so that `matcher` alone can read it.
pub fn seal_opening(
    matcher: &Pubkey,
    order: &Pubkey,
    opening: &Opening,
) -> Result<Vec<u8>, SealedOpeningError> {
    let unusable = SealedOpeningError::MatcherKey { matcher: *matcher };
    let key = VerifyingKey::from_bytes(&matcher.to_bytes()).map_err(|_| unusable)?;
    // Whatever is sealed to a key of small order, everybody can read.
    if key.is_weak() {
        return Err(unusable);
    }
    let to = PublicKey::from(key.to_montgomery().to_bytes());
    to.seal(&mut rand::rngs::OsRng, &plain(order, opening)).map_err(|_| unusable)
}

/// Opens what was sealed to `matcher` for the order at `order`.
pub fn open_opening(
    matcher: &Keypair,
    order: &Pubkey,
    sealed: &[u8],
) -> Result<OpenedTerms, SealedOpeningError> {
    if sealed.len() != SEALED_BYTES {
        return Err(SealedOpeningError::Length { got: sealed.len() });
    }
    let plain = x25519_secret(matcher).unseal(sealed).map_err(|_| SealedOpeningError::Unreadable)?;
    let plain = Zeroizing::new(plain);
    let (sealed_for, terms) = read(&plain).ok_or(SealedOpeningError::Format)?;
    if sealed_for != *order {
        return Err(SealedOpeningError::OtherOrder { sealed_for });
    }
    Ok(terms)
}

fn x25519_secret(keypair: &Keypair) -> SecretKey {
    let signing = ed25519_dalek::SigningKey::from_bytes(keypair.secret_bytes());
    SecretKey::from_bytes(*Zeroizing::new(signing.to_scalar_bytes()))
}

fn plain(order: &Pubkey, opening: &Opening) -> Zeroizing<Vec<u8>> {
    let Opening { order: terms, owner: _, secret } = opening;
    let mut plain = Zeroizing::new(Vec::with_capacity(PLAIN_BYTES));
    plain.extend_from_slice(DOMAIN);
    plain.extend_from_slice(order.as_ref());
    plain.extend_from_slice(&terms.price.get().to_le_bytes());
    plain.extend_from_slice(&terms.qty.get().to_le_bytes());
    plain.extend_from_slice(&terms.min_qty.get().to_le_bytes());
    plain.extend_from_slice(&terms.duration.get().to_le_bytes());
    plain.extend_from_slice(secret.reduced());
    plain
}

/// The order that a text names, and its terms; none where it is not such a text.
fn read(plain: &[u8]) -> Option<(Pubkey, OpenedTerms)> {
    let rest = plain.strip_prefix(DOMAIN)?;
    let (order, rest) = rest.split_first_chunk::<32>()?;
    let (price, rest) = rest.split_first_chunk::<8>()?;
    let (qty, rest) = rest.split_first_chunk::<2>()?;
    let (min_qty, rest) = rest.split_first_chunk::<2>()?;
    let (duration, rest) = rest.split_first_chunk::<4>()?;
    let secret: &[u8; 32] = rest.try_into().ok()?;
    let terms = OpenedTerms {
        price_micro: u64::from_le_bytes(*price),
        qty: u16::from_le_bytes(*qty),
        min_qty: u16::from_le_bytes(*min_qty),
        duration_seconds: u32::from_le_bytes(*duration),
        secret: Secret::from_bytes(*secret),
    };
    Some((Pubkey::new_from_array(*order), terms))
}

#[cfg(test)]
mod tests {
    use obscura_auction::order::{MarketTag, Order, Side};
    use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
    use solana_sdk::signature::Signer;

    use super::*;

    fn opening(price: u64) -> Opening {
        let order = Order {
            side: Side::Bid,
            market: MarketTag::of("H100 80GB"),
            price: PriceMicro::new(price).unwrap(),
            qty: Gpus::new(4).unwrap(),
            min_qty: Gpus::new(2).unwrap(),
            duration: DurationSeconds::new(3600).unwrap(),
        };
        Opening { order, owner: [3; 32], secret: Secret::from_bytes([7; 32]) }
    }

    #[test]
    fn the_matcher_reads_what_was_sealed_to_its_key() {
        let (matcher, order) = (Keypair::new(), Pubkey::new_unique());
        let sealed = seal_opening(&matcher.pubkey(), &order, &opening(1_860_000)).unwrap();
        let terms = open_opening(&matcher, &order, &sealed).unwrap();
        assert_eq!((terms.price_micro, terms.qty, terms.min_qty), (1_860_000, 4, 2));
        assert_eq!((terms.duration_seconds, terms.secret.reduced()), (3600, opening(1).secret.reduced()));
    }

    #[test]
    fn another_key_reads_nothing_and_a_changed_box_neither() {
        let (matcher, order) = (Keypair::new(), Pubkey::new_unique());
        let mut sealed = seal_opening(&matcher.pubkey(), &order, &opening(1)).unwrap();
        let other = open_opening(&Keypair::new(), &order, &sealed).unwrap_err();
        assert_eq!(other, SealedOpeningError::Unreadable);
        sealed[60] ^= 1;
        assert_eq!(open_opening(&matcher, &order, &sealed).unwrap_err(), SealedOpeningError::Unreadable);
    }

    #[test]
    fn a_box_for_one_order_opens_no_other() {
        let (matcher, order) = (Keypair::new(), Pubkey::new_unique());
        let sealed = seal_opening(&matcher.pubkey(), &order, &opening(1)).unwrap();
        let moved = open_opening(&matcher, &Pubkey::new_unique(), &sealed).unwrap_err();
        assert_eq!(moved, SealedOpeningError::OtherOrder { sealed_for: order });
    }

    #[test]
    fn every_box_has_one_length_and_none_shows_its_terms() {
        let (matcher, order) = (Keypair::new(), Pubkey::new_unique());
        for price in [1, (1 << 40) - 1] {
            let sealed = seal_opening(&matcher.pubkey(), &order, &opening(price)).unwrap();
            assert_eq!(sealed.len(), SEALED_BYTES);
            assert!(!sealed.windows(32).any(|window| window == [7; 32]));
        }
    }

    #[test]
    fn nothing_is_sealed_to_a_key_that_everybody_could_open() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let matcher = Pubkey::new_from_array(neutral);
        let refused = seal_opening(&matcher, &Pubkey::new_unique(), &opening(1)).unwrap_err();
        assert_eq!(refused, SealedOpeningError::MatcherKey { matcher });
    }
}
