//! A buyer ends its running lease: the terms are opened on chain and the whole
//! amount is paid.

use std::str::FromStr;

use obscura_client::accounts::{self, Batch, CloseReason, Lease, LeaseState, LeaseTerms};
use obscura_client::instructions::lease;
use obscura_client::transactions::Submission;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use super::{Pool, chain_error, owner_of};
use crate::service::{Caller, LeaseView, ReleaseInput, ServiceError, SideInput};
use crate::storage::StoredTerms;

impl Pool {
    pub(super) async fn release(
        &self,
        caller: &Caller,
        input: ReleaseInput,
    ) -> Result<LeaseView, ServiceError> {
        let not_found =
            || ServiceError::LeaseNotFound { lease_id: input.lease_id.chars().take(44).collect() };
        let address = Pubkey::from_str(&input.lease_id).map_err(|_| not_found())?;
        let lease = self.lease_at(&address).await?.ok_or_else(not_found)?;
        if lease.buyer != owner_of(caller) {
            return Err(not_found());
        }
        match lease.state {
            LeaseState::Active => self.send_release(&address, &lease).await?,
            LeaseState::Closed if matches!(lease.reason, CloseReason::Released) => {}
            _ => return Err(not_active(&address, &lease)),
        }
        let lease = self.lease_at(&address).await?.ok_or_else(not_found)?;
        let batch: Batch = accounts::get(self.ledger.as_ref(), &lease.batch).await?;
        self.lease_view(&address, &lease, &batch, SideInput::Bid).await
    }

    /// The lease at an address that came from outside: anything else there is none.
    async fn lease_at(&self, address: &Pubkey) -> Result<Option<Lease>, ServiceError> {
        let account = self.ledger.account(address).await.map_err(chain_error::unreadable)?;
        Ok(account.and_then(|account| accounts::decode::<Lease>(address, &account).ok()))
    }

    async fn send_release(&self, address: &Pubkey, lease: &Lease) -> Result<(), ServiceError> {
        let terms = self.storage.lease_terms(&address.to_bytes()).await?.ok_or_else(|| {
            ServiceError::Unavailable { detail: "it has not kept the terms of this lease".into() }
        })?;
        let step = lease::release_lease(self.relayer.pubkey(), *address, lease, chain_terms(&terms));
        match Submission::new(&self.relayer, [step]).send(self.ledger.as_ref()).await {
            Ok(_) => Ok(()),
            Err(error) if error.program_error() == Some("NotActive") => Ok(()),
            Err(error) => Err(chain_error::refused(error)),
        }
    }
}

/// What opens a lease's terms hash, in the program's type.
pub fn chain_terms(terms: &StoredTerms) -> LeaseTerms {
    LeaseTerms { qty: terms.qty, duration: terms.duration_seconds, blind: terms.blind }
}

fn not_active(address: &Pubkey, lease: &Lease) -> ServiceError {
    let state = match lease.state {
        LeaseState::Offered => "still waiting for its provider",
        LeaseState::Active => "active",
        LeaseState::Closed => "already closed",
    };
    ServiceError::LeaseNotActive { lease_id: address.to_string(), state: state.into() }
}
