//! One order as its owner sees it: the chain's accounts, the state they add up
//! to, and what to do next.

use obscura_auction::order::Side;
use obscura_client::accounts::{self, Ended, Lease, Order, filter};
use solana_sdk::pubkey::Pubkey;

use super::Pool;
use super::order_lookup::FoundOrder;
use super::order_state::{PrivateFacts, batch_phase, standing};
use crate::service::{
    BatchPhase, LeaseState, MAX_WAIT_SECONDS, NextAction, OrderState, OrderView, ServiceError,
};

impl Pool {
    /// The view of an order at this moment.
    pub(super) async fn order_view(&self, found: &FoundOrder<'_>) -> Result<OrderView, ServiceError> {
        let clock = self.clock().await?;
        let now = clock.unix_seconds;
        let leases = self.leases_of(found).await?;
        let facts = self.private_facts(found).await?;
        let FoundOrder { id, address, order, side, batch, market } = found;
        let phase = batch_phase(market, Some(batch), batch.index, clock);
        let chain_leases: Vec<Lease> = leases.iter().map(|(_, lease)| *lease).collect();
        let standing = standing(order, batch, &chain_leases, phase, clock, facts);
        // Only an opening that the clearing will know is acknowledged, and as often as it is asked for: the
        // first answer may get lost.
        let acknowledged = facts.opening_held && standing.state == OrderState::Revealed;
        let mut lease_views = Vec::with_capacity(leases.len());
        for (address, lease) in &leases {
            lease_views.push(self.lease_view(address, lease, batch, (*side).into()).await?);
        }
        let (locked_micro, lock_gpus) = split_lock(*side, order.lock);
        let (paid_micro, earned_micro) = split_lock(*side, order.paid);
        let mut view = OrderView {
            order_id: id.to_string(),
            state: standing.state,
            reason: standing.reason,
            gpu_type: market.gpu_type.clone(),
            side: (*side).into(),
            batch_index: batch.index,
            index_in_batch: u32::from(order.index),
            commit_hash: hex::encode(order.commit_hash),
            owner: order.owner.to_string(),
            address: address.to_string(),
            locked_micro,
            lock_gpus,
            order_fee_micro: order.order_fee,
            reveal_deposit_micro: order.reveal_deposit,
            paid_micro,
            refunded_micro: order.refunded,
            forfeited_micro: forfeited(order),
            earned_micro,
            clearing_price_micro: (batch.cleared && batch.price_micro > 0).then_some(batch.price_micro),
            leases: lease_views,
            seconds_left: market.seconds_left(phase, batch.index, now),
            batch_phase: phase,
            acknowledgement: acknowledged.then(|| self.acknowledge(found, now)),
            already_committed: None,
            already_refunded: None,
            attempts: None,
            client_tag: self.storage.client_tag(&address.to_bytes()).await?,
            budget: None,
            terms: None,
            matcher_knows_since: None,
            next_actions: Vec::new(),
        };
        view.next_actions = next_actions(&view);
        Ok(view)
    }

    pub(super) async fn leases_of(
        &self,
        found: &FoundOrder<'_>,
    ) -> Result<Vec<(Pubkey, Lease)>, ServiceError> {
        if found.order.leases == 0 {
            return Ok(Vec::new());
        }
        let of_order = match found.side {
            Side::Bid => filter::leases_of_bid(&found.address),
            Side::Ask => filter::leases_of_ask(&found.address),
        };
        let mut leases = accounts::list::<Lease>(self.ledger.as_ref(), [of_order]).await?;
        leases.sort_by_key(|(_, lease)| lease.row);
        Ok(leases)
    }

    async fn private_facts(&self, found: &FoundOrder<'_>) -> Result<PrivateFacts, ServiceError> {
        let address = found.address.to_bytes();
        Ok(PrivateFacts {
            opening_held: self.storage.has_opening(&address).await?,
            refused_for_size: self.storage.is_refused_for_size(&address).await?,
        })
    }
}

/// Only an order that nobody revealed loses its deposit: SPEC section 11.
fn forfeited(order: &Order) -> u64 {
    if matches!(order.ended, Ended::NotRevealed) { order.reveal_deposit } else { 0 }
}

/// An amount that means one thing for bids and another for asks.
pub(super) fn split_lock(side: Side, amount: u64) -> (u64, u64) {
    match side {
        Side::Bid => (amount, 0),
        Side::Ask => (0, amount),
    }
}

fn next_actions(view: &OrderView) -> Vec<NextAction> {
    let id = view.order_id.as_str();
    let wait = |reason: String| vec![NextAction::wait(id, MAX_WAIT_SECONDS, reason)];
    match (view.state, view.batch_phase) {
        (OrderState::Queued, _) => wait("answers when the order is committed".into()),
        (OrderState::Committed, BatchPhase::Open) => wait(until_reveals(view.seconds_left)),
        (OrderState::Committed, BatchPhase::Revealing) => vec![NextAction::reveal(
            id,
            format!(
                "within {} s, the whole revealBody that `obscura seal` printed; an order that is not revealed \
                 loses its reveal deposit",
                view.seconds_left
            ),
        )],
        (OrderState::Committed, _) => {
            wait("the reveal window is over; the lock comes back once the batch is cleared or void".into())
        }
        (OrderState::Revealed, _) => wait("answers when the batch is cleared".into()),
        (OrderState::Refundable, _) => {
            vec![NextAction::refund(id, "the order is over; the pool also does this by itself")]
        }
        (OrderState::Offered, _) => wait("answers when a provider accepts, or the offer expires".into()),
        (OrderState::Leased, _) => leased_actions(view),
        (OrderState::Refunded | OrderState::Closed, _) => {
            vec![NextAction::quote(&view.gpu_type, "this order is over; look at the market again")]
        }
    }
}

fn until_reveals(seconds: u64) -> String {
    if seconds <= u64::from(MAX_WAIT_SECONDS) {
        format!("the reveal window opens in {seconds} s; this answers when it does")
    } else {
        format!(
            "the reveal window opens in {seconds} s; one call waits {MAX_WAIT_SECONDS} s at most: repeat it until \
             nextActions say `reveal`"
        )
    }
}

/// To release comes last: it cannot be undone, and a running lease ends by itself.
fn leased_actions(view: &OrderView) -> Vec<NextAction> {
    let running = view.leases.iter().filter(|lease| lease.state == LeaseState::Active);
    let mut actions = vec![NextAction::wait(&view.order_id, MAX_WAIT_SECONDS, "answers when a lease ends")];
    actions.extend(running.flat_map(|lease| lease.next_actions.clone()));
    actions
}
