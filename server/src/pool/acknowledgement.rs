//! The matcher's signed word that an order is admissible and will be included:
//! SPEC section 12. Whoever holds it can show later that the matcher left the
//! order out.

use obscura_client::acknowledgement::{Subject, message};
use solana_sdk::signer::Signer;

use super::Pool;
use super::order_lookup::FoundOrder;
use crate::service::Acknowledgement;

impl Pool {
    /// Signs for `found` at `now`, seconds of the chain's clock.
    pub(super) fn acknowledge(&self, found: &FoundOrder<'_>, now: i64) -> Acknowledgement {
        let subject = Subject {
            market: found.batch.market,
            batch_index: found.batch.index,
            order: found.address,
            commit_hash: found.order.commit_hash,
        };
        let message = message(&subject, now);
        Acknowledgement {
            matcher: self.matcher.pubkey().to_string(),
            time: now,
            signature: self.matcher.sign_message(&message).to_string(),
            message: hex::encode(&message),
        }
    }
}
