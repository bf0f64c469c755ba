//! Clearing: prove what follows from the committed orders, and post it.
//!
//! Every batch with an order is cleared, also one that nobody revealed: then the
//! proof shows that nothing was included, and every order can end at once.

use std::sync::Arc;
use std::time::Instant;

use obscura_auction::batch_clock::Phase;
use obscura_circuits::batch::Clearance;
use obscura_circuits::proof::{ProofBytes, prove};
use obscura_client::accounts::{self, Batch};
use obscura_client::address;
use obscura_client::instructions::matcher::post_clearing;
use obscura_client::ledger::Landed;
use obscura_client::transactions::{MAX_COMPUTE_UNITS, Submission};
use solana_sdk::signer::Signer;
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::batch_book::BatchBook;
use super::{Matcher, MatcherError, next_tick};
use crate::chain_points::chain_proof;
use crate::first_error::FirstError;
use crate::pool::Market;
use crate::storage::ClearingRecord;

impl Matcher {
    /// Clears the market's batches, oldest first, until `stop`.
    pub(super) async fn clear_forever(&self, market: &Market, stop: &CancellationToken) {
        let mut backoff = Backoff::default();
        while next_tick(stop).await {
            if !backoff.is_ready() {
                continue;
            }
            match self.clear_what_is_due(market).await {
                Ok(()) => backoff.succeeded(),
                Err(error) => {
                    tracing::warn!(market = market.gpu_type, %error, "clearing failed; trying again");
                    backoff.failed();
                }
            }
        }
    }

    /// Oldest first. One that cannot be cleared does not hold back the ones behind it.
    async fn clear_what_is_due(&self, market: &Market) -> Result<(), MatcherError> {
        let Some(current) = market.clock.index_at(self.now().await?) else {
            return Ok(());
        };
        let window = u64::from(market.clock.clear_seconds() / market.clock.batch_seconds()) + 1;
        let mut failures = FirstError::none();
        for index in current.saturating_sub(window)..current {
            failures.note(self.clear_if_due(market, index).await);
        }
        failures.or(Ok(()))
    }

    async fn clear_if_due(&self, market: &Market, index: u64) -> Result<(), MatcherError> {
        let address = address::batch(&market.address, index);
        let batch = accounts::find::<Batch>(self.ledger.as_ref(), &address).await?;
        let Some(batch) = batch.filter(|batch| !batch.cleared) else {
            return Ok(());
        };
        if market.clock.phase(index, self.now().await?) != Phase::Clearing {
            return Ok(());
        }
        self.clear(&self.batch_book(address, batch).await?).await
    }

    async fn clear(&self, book: &BatchBook) -> Result<(), MatcherError> {
        let clearance = Arc::new(Clearance::compute(&self.batch_inputs(book).await?)?);
        let (proof, proof_millis) = self.prove(clearance.clone()).await?;
        let landed = match self.post(&clearance, &proof).await {
            Err(MatcherError::Ledger(error)) if error.program_error() == Some("AlreadyCleared") => {
                // By an earlier try whose answer was lost: the same openings, the same clearing.
                return self.note_refused_for_size(book, &clearance).await;
            }
            outcome => outcome?,
        };
        let mut failures = FirstError::none();
        failures.note(self.note_refused_for_size(book, &clearance).await);
        failures.or(self.record(book, &landed, proof_millis).await)
    }

    /// Says of what is on chain why a bid got nothing, so only once it is there.
    async fn note_refused_for_size(
        &self,
        book: &BatchBook,
        clearance: &Clearance,
    ) -> Result<(), MatcherError> {
        for index in &clearance.clearing.refused_for_size {
            let address = u16::try_from(*index).ok().and_then(|index| book.address_at(index));
            if let Some(address) = address {
                self.storage.put_refused_for_size(&address.to_bytes()).await?;
            }
        }
        Ok(())
    }

    /// Proves on a thread of its own; returns the proof and its milliseconds.
    async fn prove(&self, clearance: Arc<Clearance>) -> Result<(ProofBytes, u64), MatcherError> {
        let _turn = self.prover.acquire().await.map_err(|_| MatcherError::ProverClosed)?;
        let keys = self.proving_keys.clone();
        let started = Instant::now();
        let proof =
            tokio::task::spawn_blocking(move || prove(&keys, &clearance, &mut rand::rngs::OsRng)).await??;
        Ok((proof, u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)))
    }

    async fn post(&self, clearance: &Clearance, proof: &ProofBytes) -> Result<Landed, MatcherError> {
        let step = post_clearing(self.key.pubkey(), &clearance.statement.0, chain_proof(proof));
        let landed = Submission::new(&self.relayer, [step])
            .signed_by(&self.key)
            .with_compute_units(MAX_COMPUTE_UNITS)
            .send(self.ledger.as_ref())
            .await?;
        Ok(landed)
    }

    async fn record(&self, book: &BatchBook, landed: &Landed, proof_millis: u64) -> Result<(), MatcherError> {
        let record = ClearingRecord {
            proof_millis,
            compute_units: landed.compute_units,
            signature: landed.signature.to_string(),
        };
        self.storage.put_clearing(&book.address.to_bytes(), &record).await?;
        tracing::info!(
            batch = book.batch.index,
            orders = book.batch.order_count,
            proof_millis,
            compute_units = landed.compute_units,
            "batch cleared"
        );
        Ok(())
    }
}
