//! Plays the host daemon of the demo providers: accepts what they are offered,
//! claims when a term is over. Signs with the providers' own keys; the pool server
//! proper cannot do this.

use std::sync::Arc;
use std::time::Duration;

use obscura_client::accounts::{self, Batch, Lease, LeaseState, Order, filter};
use obscura_client::deadlines::{is_past, leases_may_open, term_starts};
use obscura_client::instructions::lease;
use obscura_client::ledger::{ChainClock, Ledger};
use obscura_client::transactions::Submission;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::first_error::FirstError;
use crate::pool::chain_terms;
use crate::storage::Storage;
use crate::supervise::supervise;

/// How often it looks at the chain.
const TICK: Duration = Duration::from_millis(500);

/// The hands of the demo providers.
pub struct ProviderActor {
    ledger: Arc<dyn Ledger>,
    storage: Storage,
    payer: Arc<Keypair>,
    owners: Vec<Arc<Keypair>>,
}

impl ProviderActor {
    pub fn new(
        ledger: Arc<dyn Ledger>,
        storage: Storage,
        payer: Arc<Keypair>,
        owners: Vec<Arc<Keypair>>,
    ) -> Self {
        Self { ledger, storage, payer, owners }
    }

    /// Acts until `stop`.
    pub fn spawn(self: Arc<Self>, stop: &CancellationToken) -> JoinHandle<()> {
        let parts = (self, stop.clone());
        supervise("demo providers", stop, move || {
            let (actor, stop) = parts.clone();
            async move { actor.act_forever(&stop).await }
        })
    }

    async fn act_forever(&self, stop: &CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(TICK) => {}
            }
            self.act_for_all().await;
        }
    }

    async fn act_for_all(&self) {
        for owner in &self.owners {
            if let Err(error) = self.act_for(owner).await {
                tracing::warn!(provider = %owner.pubkey(), %error, "a demo provider could not act; trying again");
            }
        }
    }

    /// Each lease on its own: one that fails leaves the others' terms running.
    async fn act_for(&self, owner: &Keypair) -> anyhow::Result<()> {
        let now = self.ledger.clock().await?;
        let own = filter::leases_of_provider(&owner.pubkey());
        let mut failures = FirstError::<anyhow::Error>::none();
        for (address, lease) in accounts::list::<Lease>(self.ledger.as_ref(), [own]).await? {
            let acted = match lease.state {
                LeaseState::Offered if !is_past(&lease.accept_by, now) => {
                    self.accept(owner, address, &lease).await
                }
                LeaseState::Active if lease.challenge.is_some() => {
                    self.answer(owner, address, &lease, now).await
                }
                LeaseState::Active => self.claim_if_over(owner, address, &lease, now).await,
                LeaseState::Offered | LeaseState::Closed => Ok(()),
            };
            failures.note(acted);
        }
        failures.or(Ok(()))
    }

    async fn accept(&self, owner: &Keypair, address: Pubkey, lease: &Lease) -> anyhow::Result<()> {
        // A lease whose terms it cannot open it could never claim.
        if self.storage.lease_terms(&address.to_bytes()).await?.is_none() {
            return Ok(());
        }
        self.send(owner, lease::accept_lease(owner.pubkey(), address, lease)).await?;
        tracing::info!(lease = %address, "lease accepted");
        Ok(())
    }

    async fn answer(
        &self,
        owner: &Keypair,
        address: Pubkey,
        lease: &Lease,
        now: ChainClock,
    ) -> anyhow::Result<()> {
        if lease.challenge.is_none_or(|challenge| is_past(&challenge.answer_by, now)) {
            return Ok(());
        }
        self.send(owner, lease::answer_challenge(owner.pubkey(), address, lease)).await?;
        tracing::info!(lease = %address, "challenge answered");
        Ok(())
    }

    async fn claim_if_over(
        &self,
        owner: &Keypair,
        address: Pubkey,
        lease: &Lease,
        now: ChainClock,
    ) -> anyhow::Result<()> {
        let Some(terms) = self.storage.lease_terms(&address.to_bytes()).await? else {
            return Ok(());
        };
        let over = |starts: i64| now.unix_seconds >= starts.saturating_add(i64::from(terms.duration_seconds));
        if !over(lease.accepted_at) {
            return Ok(());
        }
        let ledger = self.ledger.as_ref();
        let (bid, batch): (Order, Batch) =
            (accounts::get(ledger, &lease.bid_order).await?, accounts::get(ledger, &lease.batch).await?);
        if !over(term_starts(lease, &bid, &batch.params)) || leases_may_open(&batch, now) {
            return Ok(());
        }
        let step = lease::claim_lease(owner.pubkey(), address, lease, chain_terms(&terms));
        self.send(owner, step).await?;
        tracing::info!(lease = %address, "lease claimed");
        Ok(())
    }

    async fn send(&self, owner: &Keypair, step: Instruction) -> anyhow::Result<()> {
        Submission::new(&self.payer, [step]).signed_by(owner).send(self.ledger.as_ref()).await?;
        Ok(())
    }
}
