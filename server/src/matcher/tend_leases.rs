//! The leases of a batch after they opened: ends what is overdue, notes what was paid,
//! and erases the terms that nobody needs any more.

use obscura_client::accounts::{self, Batch, Lease, LeaseState, filter};
use obscura_client::deadlines::{is_past, leases_may_open};
use obscura_client::idl;
use obscura_client::instructions::lease::{expire_lease, fail_lease};
use obscura_client::ledger::ChainClock;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use super::batch_book::BatchBook;
use super::{Matcher, MatcherError};
use crate::first_error::FirstError;
use crate::storage::{Address, Payment};

impl Matcher {
    /// Ends what is overdue; returns the batch's leases as they are then.
    pub(super) async fn tend_leases(
        &self,
        book: &BatchBook,
        now: ChainClock,
        failures: &mut FirstError<MatcherError>,
    ) -> Result<Vec<(Pubkey, Lease)>, MatcherError> {
        let of_batch = filter::leases_of_batch(&book.address);
        let leases = accounts::list::<Lease>(self.ledger.as_ref(), [of_batch.clone()]).await?;
        let mut ended = false;
        for (address, lease) in &leases {
            let Some(step) = self.overdue(address, lease, now) else { continue };
            ended |= failures.note(self.end_lease(address, step).await).is_some();
        }
        if !ended {
            return Ok(leases);
        }
        Ok(accounts::list::<Lease>(self.ledger.as_ref(), [of_batch]).await?)
    }

    /// What anyone may send to end `lease` now: SPEC section 11.
    fn overdue(&self, address: &Pubkey, lease: &Lease, now: ChainClock) -> Option<Instruction> {
        let cranker = self.relayer.pubkey();
        let expire = || expire_lease(cranker, *address, lease);
        match (lease.state, lease.challenge) {
            (LeaseState::Offered, _) => is_past(&lease.accept_by, now).then(expire),
            (LeaseState::Active, Some(challenge)) => {
                is_past(&challenge.answer_by, now).then(|| fail_lease(cranker, *address, lease))
            }
            (LeaseState::Active, None) => (now.unix_seconds >= claimable_until(lease)).then(expire),
            (LeaseState::Closed, _) => None,
        }
    }

    async fn end_lease(&self, address: &Pubkey, step: Instruction) -> Result<(), MatcherError> {
        self.crank(step).await?;
        tracing::info!(lease = %address, "lease ended: not accepted, not answered for, or not claimed in time");
        Ok(())
    }

    /// Erases the terms that nobody needs any more; a lease that was paid is noted first.
    pub(super) async fn settle_terms(
        &self,
        book: &BatchBook,
        leases: &[(Pubkey, Lease)],
        now: ChainClock,
    ) -> Result<(), MatcherError> {
        for address in self.storage.leases_with_terms(&book.address.to_bytes()).await? {
            let lease = leases.iter().find(|(known, _)| known.to_bytes() == address).map(|(_, lease)| lease);
            match lease {
                Some(lease) if matches!(lease.state, LeaseState::Closed) => {
                    self.note_payment(&book.batch, address, lease).await?;
                    self.keep_opened(address, lease).await?;
                }
                None if !leases_may_open(&book.batch, now) => {}
                _ => continue,
            }
            self.storage.erase_lease_terms(&address).await?;
        }
        Ok(())
    }

    /// What the close has shown to everybody stays, for receipts.
    async fn keep_opened(&self, address: Address, lease: &Lease) -> Result<(), MatcherError> {
        if lease.qty > 0
            && let Some(terms) = self.storage.lease_terms(&address).await?
        {
            self.storage.put_opened_terms(&address, &terms).await?;
        }
        Ok(())
    }

    async fn note_payment(&self, batch: &Batch, address: Address, lease: &Lease) -> Result<(), MatcherError> {
        if lease.amount == 0 {
            return Ok(());
        }
        let payment = Payment {
            lease: address,
            market: batch.market.to_bytes(),
            batch_index: batch.index,
            price_micro: lease.price_micro,
            amount_micro: lease.amount,
            buyer: lease.buyer.to_bytes(),
            provider: lease.provider.to_bytes(),
            paid_at: lease.closed_at,
        };
        Ok(self.storage.put_payment(&payment).await?)
    }
}

/// First second at which an active lease that nobody claimed can be ended.
fn claimable_until(lease: &Lease) -> i64 {
    let claimable_for = i64::from(lease.max_duration) + i64::from(idl::constants::CLAIM_GRACE_SECONDS);
    lease.accepted_at.saturating_add(claimable_for)
}
