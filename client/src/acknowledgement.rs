//! A matcher's signed word that an order will be included, as a pool returns it: SPEC section 12.
//!
//! Must never pass on one that the chain would not believe: shape and signature are checked here.

use std::str::FromStr;

use serde::Deserialize;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;

use obscura_auction::field::FieldBytes;

use crate::idl;

const DOMAIN: &[u8; 14] = b"obscura-ack-v1";
const MESSAGE_BYTES: usize = 14 + 32 + 32 + 8 + 32 + 32 + 8;
const ORDER_AT: usize = 14 + 32 + 32 + 8;

/// The order that an acknowledgement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub market: Pubkey,
    pub batch_index: u64,
    /// Address of its account.
    pub order: Pubkey,
    pub commit_hash: FieldBytes,
}

/// What the batch's matcher signs, at second `time` of the chain's clock.
pub fn message(subject: &Subject, time: i64) -> Vec<u8> {
    let Subject { market, batch_index, order, commit_hash } = subject;
    [
        DOMAIN.as_slice(),
        idl::ID.as_ref(),
        market.as_ref(),
        &batch_index.to_le_bytes(),
        order.as_ref(),
        commit_hash,
        &time.to_le_bytes(),
    ]
    .concat()
}

/// One that its matcher signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    pub matcher: Pubkey,
    pub signature: Signature,
    message: Vec<u8>,
    order: Pubkey,
}

#[derive(Debug, thiserror::Error)]
pub enum AcknowledgementError {
    #[error("this is neither a pool's answer to a reveal nor its `acknowledgement`: {0}")]
    Format(serde_json::Error),
    #[error("matcher or signature is not base58")]
    Base58,
    #[error("message: expected {MESSAGE_BYTES} bytes in hex that start with obscura-ack-v1")]
    Message,
    #[error("the matcher {matcher} did not sign this message")]
    Signature { matcher: Pubkey },
    #[error("it was signed by {got}, and the batch's matcher is {expected}")]
    OtherMatcher { expected: Pubkey, got: Pubkey },
    #[error("it is about another order, batch or market than the one that was revealed")]
    OtherOrder,
}

#[derive(Deserialize)]
struct Text {
    matcher: String,
    signature: String,
    message: String,
}

impl Acknowledgement {
    /// Reads an acknowledgement, or an answer with one in it.
    pub fn read(text: &str) -> Result<Self, AcknowledgementError> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(AcknowledgementError::Format)?;
        let inner = value.get("acknowledgement").unwrap_or(&value);
        let Text { matcher, signature, message } =
            Text::deserialize(inner).map_err(AcknowledgementError::Format)?;
        let matcher = Pubkey::from_str(&matcher).map_err(|_| AcknowledgementError::Base58)?;
        let signature = Signature::from_str(&signature).map_err(|_| AcknowledgementError::Base58)?;
        let message = hex::decode(message).map_err(|_| AcknowledgementError::Message)?;
        let order = message.get(ORDER_AT..ORDER_AT + 32).and_then(|key| Pubkey::try_from(key).ok());
        match order {
            Some(order) if message.len() == MESSAGE_BYTES && message.starts_with(DOMAIN) => {
                if !signature.verify(matcher.as_ref(), &message) {
                    return Err(AcknowledgementError::Signature { matcher });
                }
                Ok(Self { matcher, signature, message, order })
            }
            _ => Err(AcknowledgementError::Message),
        }
    }

    /// The address of the order that it is about.
    pub fn order(&self) -> Pubkey {
        self.order
    }

    /// Whether `matcher` acknowledged exactly this order: what the chain will hold it to.
    pub fn check(&self, matcher: &Pubkey, subject: &Subject) -> Result<(), AcknowledgementError> {
        if self.matcher != *matcher {
            return Err(AcknowledgementError::OtherMatcher { expected: *matcher, got: self.matcher });
        }
        let time = self.message.last_chunk::<8>().map(|bytes| i64::from_le_bytes(*bytes));
        match time {
            Some(time) if message(subject, time) == self.message => Ok(()),
            _ => Err(AcknowledgementError::OtherOrder),
        }
    }

    pub fn message(&self) -> &[u8] {
        &self.message
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use solana_sdk::signature::{Keypair, Signer};

    use super::*;

    fn answer(matcher: &Keypair, order: &Pubkey) -> serde_json::Value {
        let mut message = DOMAIN.to_vec();
        message.extend([1; 72]);
        message.extend(order.as_ref());
        message.extend([2; 40]);
        json!({ "orderId": "x", "acknowledgement": {
            "matcher": matcher.pubkey().to_string(), "time": 7,
            "signature": matcher.sign_message(&message).to_string(), "message": hex::encode(&message),
        }})
    }

    #[test]
    fn an_answer_and_the_acknowledgement_alone_read_the_same() {
        let (matcher, order) = (Keypair::new(), Pubkey::new_unique());
        let answer = answer(&matcher, &order);
        let read = Acknowledgement::read(&answer.to_string()).unwrap();
        assert_eq!((read.order(), read.matcher), (order, matcher.pubkey()));
        assert_eq!(Acknowledgement::read(&answer["acknowledgement"].to_string()).unwrap(), read);
    }

    #[test]
    fn it_counts_for_its_own_order_and_its_own_matcher_alone() {
        let matcher = Keypair::new();
        let subject = Subject {
            market: Pubkey::new_unique(),
            batch_index: 7,
            order: Pubkey::new_unique(),
            commit_hash: [3; 32],
        };
        let signed = message(&subject, 1_800_000_000);
        let answer = json!({
            "matcher": matcher.pubkey().to_string(), "time": 1_800_000_000,
            "signature": matcher.sign_message(&signed).to_string(), "message": hex::encode(&signed),
        });
        let read = Acknowledgement::read(&answer.to_string()).unwrap();
        read.check(&matcher.pubkey(), &subject).unwrap();
        let elsewhere = read.check(&matcher.pubkey(), &Subject { batch_index: 8, ..subject });
        assert!(matches!(elsewhere, Err(AcknowledgementError::OtherOrder)));
        let other = read.check(&Pubkey::new_unique(), &subject);
        assert!(matches!(other, Err(AcknowledgementError::OtherMatcher { .. })));
    }

    #[test]
    fn one_that_another_key_signed_is_refused() {
        let mut answer = answer(&Keypair::new(), &Pubkey::new_unique());
        answer["acknowledgement"]["matcher"] = Pubkey::new_unique().to_string().into();
        let refused = Acknowledgement::read(&answer.to_string());
        assert!(matches!(refused, Err(AcknowledgementError::Signature { .. })));
    }
}
