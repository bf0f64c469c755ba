//! One lease as a party sees it: the chain's account, and the terms that this
//! pool keeps while it runs.

use obscura_auction::settlement::amount_ceil;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use obscura_client::accounts::{
    self, Batch, CloseReason, Fault, Lease, LeaseState as ChainLeaseState, Order, Provider,
};
use obscura_client::address;
use obscura_client::deadlines::term_starts;
use solana_sdk::pubkey::Pubkey;

use super::Pool;
use crate::service::{
    LeaseState, LeaseTermsView, LeaseView, NextAction, ServiceError, SideInput, UntrustedText,
};
use crate::storage::StoredTerms;

impl Pool {
    /// The view of `lease`, which is of `batch`, for its party on `side`.
    pub(super) async fn lease_view(
        &self,
        address: &Pubkey,
        lease: &Lease,
        batch: &Batch,
        side: SideInput,
    ) -> Result<LeaseView, ServiceError> {
        let terms = match lease.state {
            ChainLeaseState::Closed => None,
            _ => self.storage.lease_terms(&address.to_bytes()).await?,
        };
        let starts = self.term_starts(lease, batch).await?;
        let mut view = view(address, lease, side, terms, starts);
        view.provider_label = self.label_of(&lease.provider).await?;
        Ok(view)
    }

    async fn label_of(&self, provider: &Pubkey) -> Result<Option<UntrustedText>, ServiceError> {
        let provider = accounts::find::<Provider>(self.ledger.as_ref(), &address::provider(provider)).await?;
        Ok(provider.map(|provider| UntrustedText::of(&provider.label)))
    }

    /// First second of the term of a lease that was accepted.
    async fn term_starts(&self, lease: &Lease, batch: &Batch) -> Result<Option<i64>, ServiceError> {
        if lease.accepted_at == 0 {
            return Ok(None);
        }
        let bid: Order = accounts::get(self.ledger.as_ref(), &lease.bid_order).await?;
        Ok(Some(term_starts(lease, &bid, &batch.params)))
    }
}

fn view(
    address: &Pubkey,
    lease: &Lease,
    side: SideInput,
    terms: Option<StoredTerms>,
    starts: Option<i64>,
) -> LeaseView {
    let state = state_of(lease);
    let opened = (lease.qty > 0).then_some((lease.qty, lease.duration));
    let size = opened.or(terms.as_ref().map(|terms| (terms.qty, terms.duration_seconds)));
    let ends_at = size.zip(starts).map(|((_, seconds), starts)| starts.saturating_add(i64::from(seconds)));
    LeaseView {
        lease_id: address.to_string(),
        state,
        reason: reason_of(lease).map(Into::into),
        fault: (state == LeaseState::Closed).then(|| fault_of(lease).into()),
        side,
        buyer: lease.buyer.to_string(),
        provider: lease.provider.to_string(),
        provider_label: None,
        qty: size.map(|(qty, _)| qty),
        duration_seconds: size.map(|(_, seconds)| seconds),
        amount_micro: size.and_then(|(qty, seconds)| amount(lease.price_micro, qty, seconds)),
        paid_micro: (state == LeaseState::Closed).then_some(lease.amount),
        terms: terms.map(|terms| LeaseTermsView {
            qty: terms.qty,
            duration_seconds: terms.duration_seconds,
            ask_index: terms.ask_index,
            blind: hex::encode(terms.blind),
        }),
        offered_at: lease.offered_at,
        accepted_at: happened(lease.accepted_at),
        ends_at,
        closed_at: happened(lease.closed_at),
        accept_by: (state == LeaseState::Offered).then_some(lease.accept_by.seconds.saturating_sub(1)),
        answer_by: lease.challenge.map(|challenge| challenge.answer_by.seconds.saturating_sub(1)),
        next_actions: next_actions(address, state, side),
    }
}

fn next_actions(address: &Pubkey, state: LeaseState, side: SideInput) -> Vec<NextAction> {
    match (state, side) {
        (LeaseState::Active, SideInput::Bid) => vec![NextAction::release(
            &address.to_string(),
            "only when you are done with it: ends the lease now and pays its whole amount, unused time included; the \
             rest of the lock comes back",
        )],
        _ => Vec::new(),
    }
}

/// The chain's state in the service's words.
pub fn state_of(lease: &Lease) -> LeaseState {
    match lease.state {
        ChainLeaseState::Offered => LeaseState::Offered,
        ChainLeaseState::Active => LeaseState::Active,
        ChainLeaseState::Closed => LeaseState::Closed,
    }
}

fn reason_of(lease: &Lease) -> Option<&'static str> {
    match lease.reason {
        CloseReason::None => None,
        CloseReason::Released => Some("released"),
        CloseReason::Claimed => Some("claimed"),
        CloseReason::NotAccepted => Some("notAccepted"),
        CloseReason::NoShow => Some("noShow"),
        CloseReason::Cancelled => Some("cancelled"),
        CloseReason::Failed => Some("failed"),
        CloseReason::Unclaimed => Some("unclaimed"),
    }
}

fn fault_of(lease: &Lease) -> &'static str {
    match lease.fault {
        Fault::Nobody => "nobody",
        Fault::Provider => "provider",
    }
}

fn amount(price_micro: u64, qty: u16, seconds: u32) -> Option<u64> {
    let price = PriceMicro::new(price_micro).ok()?;
    let qty = Gpus::new(qty).ok()?;
    let duration = DurationSeconds::new(seconds).ok()?;
    Some(amount_ceil(price, qty, duration).get())
}

/// The program keeps zero until something happens.
fn happened(at: i64) -> Option<i64> {
    (at > 0).then_some(at)
}
