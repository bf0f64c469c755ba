//! What an order has told to whom so far, and among how many it hides: docs/PRIVACY.md, for one order.
//!
//! Counts only what the chain shows to everybody, and says of its own knowledge no more than that.

use std::collections::BTreeSet;

use obscura_auction::encoding::Bitmap;
use obscura_client::accounts::{self, Batch, Lease, LeaseState, Order, filter};

use super::Pool;
use super::order_lookup::FoundOrder;
use crate::service::{
    Caller, Disclosure, NextAction, Observer, PrivacyInput, PrivacyReportView, ServiceError,
};

/// Below this many orders a batch says much about each.
const FEW_ORDERS: usize = 8;

/// Where an order's terms have gone.
#[derive(Clone, Copy)]
struct Knowledge {
    /// Its opening stands on the chain.
    public: bool,
    /// A close, a challenge or a party has shown a lease's terms on the chain.
    terms_shown: bool,
    /// A lease of it has a counterparty.
    leased: bool,
    /// The matcher holds, or has held, its opening.
    matcher: bool,
}

impl Pool {
    pub(super) async fn report_privacy(
        &self,
        caller: &Caller,
        input: PrivacyInput,
    ) -> Result<PrivacyReportView, ServiceError> {
        let found = self.find_order(caller, &input.order_id).await?;
        let of_batch = filter::orders_of_batch(&found.order.batch);
        let orders = accounts::list::<Order>(self.ledger.as_ref(), [of_batch]).await?;
        let orders: Vec<Order> = orders.into_iter().map(|(_, order)| order).collect();
        let known = self.knowledge(&found).await?;
        let id = found.id.to_string();
        let same_side = orders.iter().filter(|order| order.side == found.order.side).count();
        let other_side = orders.len().saturating_sub(same_side);
        let alike = orders.iter().filter(|order| looks_like(order, &found.order, &found.batch)).count();
        let owners: BTreeSet<_> = orders.iter().map(|order| order.owner).collect();
        Ok(PrivacyReportView {
            batch_index: found.batch.index,
            orders_in_batch: count(orders.len()),
            owners_in_batch: count(owners.len()),
            same_side: count(same_side),
            other_side: count(other_side),
            could_be_it: count(alike),
            disclosed: disclosed(known),
            warnings: warnings(orders.len(), other_side, alike, known),
            next_actions: vec![NextAction::wait(&id, 0, "see where the order stands")],
            order_id: id,
        })
    }

    async fn knowledge(&self, found: &FoundOrder<'_>) -> Result<Knowledge, ServiceError> {
        let leases = self.leases_of(found).await?;
        let included = found.batch.cleared
            && Bitmap::from_bytes(found.batch.included).get(usize::from(found.order.index));
        let held = self.storage.has_opening(&found.address.to_bytes()).await?;
        Ok(Knowledge {
            public: found.order.public_opening.is_some(),
            terms_shown: leases.iter().any(|(_, lease)| shows_terms(lease)),
            leased: !leases.is_empty(),
            matcher: held || included,
        })
    }
}

fn shows_terms(lease: &Lease) -> bool {
    lease.qty > 0 || matches!(lease.state, LeaseState::Closed)
}

/// Whether everybody sees the same of both.
fn looks_like(other: &Order, own: &Order, batch: &Batch) -> bool {
    let filled = |order: &Order| Bitmap::from_bytes(batch.filled).get(usize::from(order.index));
    let included = |order: &Order| Bitmap::from_bytes(batch.included).get(usize::from(order.index));
    other.side == own.side
        && other.lock == own.lock
        && filled(other) == filled(own)
        && included(other) == included(own)
}

fn disclosed(known: Knowledge) -> Vec<Disclosure> {
    let Knowledge { public, terms_shown, leased, matcher } = known;
    let row = |to, limit_price, size_and_duration| Disclosure {
        to,
        identity: true,
        limit_price,
        size_and_duration,
    };
    vec![
        row(Observer::Everyone, public, public || terms_shown),
        row(Observer::Counterparty, public, public || leased),
        row(Observer::Matcher, public || matcher, public || matcher),
        // One process with the matcher here: docs/PRIVACY.md.
        row(Observer::PoolServer, public || matcher, public || matcher),
    ]
}

fn warnings(orders: usize, other_side: usize, alike: usize, known: Knowledge) -> Vec<String> {
    let mut warnings = Vec::new();
    if orders < FEW_ORDERS {
        warnings.push(format!(
            "its batch holds {orders} orders: so few that the clearing price says much about the limits that set it"
        ));
    }
    if other_side == 1 {
        warnings.push(
            "one order stands on the other side: its trader can compute this one's limit where it sets the price"
                .to_owned(),
        );
    }
    if alike == 1 {
        warnings.push("no other order looks like it: lock a round amount that others lock too".to_owned());
    }
    if known.public {
        warnings.push("it was revealed in public, for ever; so is whatever shared its secret".to_owned());
    }
    warnings
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
