//! An order as `obscura seal --json` prints it, read back.
//!
//! Must never take a file on trust: its terms have to hash to its commitment for the owner at hand. Must never
//! show its secret.

use std::fmt;

use obscura_auction::field::FieldBytes;
use obscura_auction::order::Side;
use obscura_auction::units::{DurationSeconds, Gpus, OutOfRange, PriceMicro};
use obscura_circuits::opening::{CommitHashError, Opening, parse_commit_hash};
use obscura_circuits::secret::{Secret, SecretError};
use serde::Deserialize;
use solana_sdk::pubkey::Pubkey;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::sealing::Terms;

/// An order with its secret.
#[derive(Clone, Debug)]
pub struct SealedOrder {
    pub order_id: Uuid,
    pub commit_hash: FieldBytes,
    pub terms: Terms,
    pub secret: Secret,
}

#[derive(Debug, thiserror::Error)]
pub enum SealedOrderError {
    #[error("this is not what `obscura seal --json` prints: {0}")]
    Format(serde_json::Error),
    #[error("side must be \"bid\" or \"ask\"")]
    Side,
    #[error(transparent)]
    Range(#[from] OutOfRange),
    #[error("secret: {0}")]
    Secret(#[from] SecretError),
    #[error("commitHash: {0}")]
    CommitHash(#[from] CommitHashError),
    #[error(
        "the terms, the secret and the owner {owner} do not hash to the commitment: the order was sealed for another owner, or the file was changed"
    )]
    Mismatch { owner: Pubkey },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    commit_hash: String,
    commit_body: CommitPart,
    reveal_body: RevealPart,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommitPart {
    gpu_type: String,
    side: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RevealPart {
    order_id: Uuid,
    price_micro: u64,
    qty: u64,
    secret: HiddenText,
    min_qty: Option<u64>,
    duration_seconds: Option<u64>,
}

/// Wiped when dropped, and in no error.
#[derive(Deserialize)]
#[serde(from = "String")]
struct HiddenText(Zeroizing<String>);

impl From<String> for HiddenText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for HiddenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hidden")
    }
}

impl SealedOrder {
    pub fn read(text: &str) -> Result<Self, SealedOrderError> {
        let File { commit_hash, commit_body, reveal_body } =
            serde_json::from_str(text).map_err(SealedOrderError::Format)?;
        let side = match commit_body.side.as_deref() {
            None | Some("bid") => Side::Bid,
            Some("ask") => Side::Ask,
            Some(_) => return Err(SealedOrderError::Side),
        };
        let terms = Terms {
            gpu_type: commit_body.gpu_type,
            side,
            price: PriceMicro::try_from(reveal_body.price_micro)?,
            qty: Gpus::try_from(reveal_body.qty)?,
            min_qty: reveal_body.min_qty.map(Gpus::try_from).transpose()?,
            duration: reveal_body.duration_seconds.map(DurationSeconds::try_from).transpose()?,
        };
        Ok(Self {
            order_id: reveal_body.order_id,
            commit_hash: parse_commit_hash(&commit_hash)?,
            terms,
            secret: Secret::from_hex(&reveal_body.secret.0)?,
        })
    }

    /// The opening under `owner`, for whom the order must have been sealed.
    pub fn opening(&self, owner: &Pubkey) -> Result<Opening, SealedOrderError> {
        let opening =
            Opening { order: self.terms.order(), owner: owner.to_bytes(), secret: self.secret.clone() };
        if !opening.opens(&self.commit_hash) {
            return Err(SealedOrderError::Mismatch { owner: *owner });
        }
        Ok(opening)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealing::seal;

    fn sealed(side: Side) -> (String, Pubkey) {
        let owner = Pubkey::new_unique();
        let terms = Terms {
            gpu_type: "H100 80GB".to_owned(),
            side,
            price: PriceMicro::new(1_860_000).unwrap(),
            qty: Gpus::new(4).unwrap(),
            min_qty: None,
            duration: None,
        };
        let sealed = seal(&terms, &owner, Secret::from_bytes([7; 32])).unwrap();
        (serde_json::to_string(&sealed).unwrap(), owner)
    }

    #[test]
    fn what_was_sealed_opens_for_its_owner_alone() {
        for side in [Side::Bid, Side::Ask] {
            let (text, owner) = sealed(side);
            let order = SealedOrder::read(&text).unwrap();
            assert_eq!(order.opening(&owner).unwrap().order.side, side);
            let other = order.opening(&Pubkey::new_unique());
            assert!(matches!(other, Err(SealedOrderError::Mismatch { .. })));
        }
    }

    #[test]
    fn a_changed_file_does_not_open() {
        let (text, owner) = sealed(Side::Bid);
        let changed = text.replace("1860000", "1860001");
        let refused = SealedOrder::read(&changed).unwrap().opening(&owner);
        assert!(matches!(refused, Err(SealedOrderError::Mismatch { .. })));
    }

    #[test]
    fn no_error_repeats_the_secret() {
        let secret = hex::encode([7; 32]);
        let (text, _) = sealed(Side::Bid);
        for broken in [text.replace("\"qty\":4", "\"qty\":\"4\""), text.replace(&secret, &secret[1..])] {
            let error = SealedOrder::read(&broken).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(&secret[1..]), "{error}");
        }
        assert!(!format!("{:?}", SealedOrder::read(&text).unwrap()).contains(&secret));
    }
}
