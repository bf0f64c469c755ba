//! Clearing: prove what follows from the committed orders, and post it.
//!
//! Every batch with an order is cleared, also one that nobody revealed: then the
//! proof shows that nothing was included, and every order can end at once. The one
//! exception: an order that could not be revealed because this pool was down must
//! not lose its deposit, so its batch is left to go void.

use std::collections::BTreeSet;
use std::time::Duration;

use obscura_circuits::batch::{BatchInputs, Clearance, ClearedLease};
use obscura_circuits::proof::ProofBytes;
use obscura_client::accounts::{self, Batch, Moment};
use obscura_client::address;
use obscura_client::instructions::matcher::post_clearing;
use obscura_client::ledger::{ChainClock, Landed};
use obscura_client::transactions::{MAX_COMPUTE_UNITS, Submission};
use solana_sdk::signer::Signer;
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::batch_book::{BatchBook, circuit_size};
use super::{Matcher, MatcherError, next_tick};
use crate::first_error::FirstError;
use crate::pool::Market;
use crate::pool::order_state::batch_phase;
use crate::prover::Proven;
use crate::service::BatchPhase;
use crate::storage::{ClearingRecord, StoredProof};

/// Milliseconds of a slot.
const SLOT_MILLIS: u64 = 400;

/// What became of a batch whose clearing was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// Nothing is left to do for it.
    Decided,
    /// It is not decided yet.
    Later,
}

impl Matcher {
    /// Clears the market's batches, oldest first, until `stop`.
    pub(super) async fn clear_forever(&self, market: &Market, stop: &CancellationToken) {
        let mut backoff = Backoff::default();
        let mut prepared = None;
        let mut pending = BTreeSet::new();
        while next_tick(stop).await {
            if !backoff.is_ready() {
                continue;
            }
            let outcome = match self.clear_what_is_due(market, &mut pending, stop).await {
                Ok(()) => self.prepare(market, &mut prepared, stop).await,
                failed => failed,
            };
            match outcome {
                Ok(()) => backoff.succeeded(),
                Err(error) => {
                    tracing::warn!(market = market.gpu_type, %error, "clearing failed; trying again");
                    backoff.failed();
                }
            }
        }
    }

    /// Oldest first. One that cannot be cleared does not hold back the ones behind it.
    /// `pending` are the batches whose clearing was due and is not decided: on a cluster that stood still
    /// the deadline is later than its second.
    async fn clear_what_is_due(
        &self,
        market: &Market,
        pending: &mut BTreeSet<u64>,
        stop: &CancellationToken,
    ) -> Result<(), MatcherError> {
        let mut failures = FirstError::none();
        pending.extend(market.clock.clearing_at(self.clock().await?.unix_seconds));
        for index in pending.clone() {
            if stop.is_cancelled() {
                break;
            }
            if failures.note(self.clear_if_due(market, index, stop).await) == Some(Due::Decided) {
                pending.remove(&index);
            }
        }
        failures.or(Ok(()))
    }

    /// Loads the key that the batch under reveal will need, once, so that its proof starts at once.
    async fn prepare(
        &self,
        market: &Market,
        prepared: &mut Option<u64>,
        stop: &CancellationToken,
    ) -> Result<(), MatcherError> {
        let now = self.clock().await?.unix_seconds;
        let Some(index) = market.clock.index_at(now).filter(|index| Some(*index) != *prepared) else {
            return Ok(());
        };
        if !market.clock.phase(index, now).accepts_reveals() {
            return Ok(());
        }
        let address = address::batch(&market.address, index);
        if let Some(batch) = accounts::find::<Batch>(self.ledger.as_ref(), &address).await? {
            self.prover.turn().await.load(circuit_size(&batch)?, stop).await?;
        }
        *prepared = Some(index);
        Ok(())
    }

    async fn clear_if_due(
        &self,
        market: &Market,
        index: u64,
        stop: &CancellationToken,
    ) -> Result<Due, MatcherError> {
        let address = address::batch(&market.address, index);
        let batch = accounts::find::<Batch>(self.ledger.as_ref(), &address).await?;
        let Some(batch) = batch.filter(|batch| !batch.cleared && self.answers_for(batch)) else {
            return Ok(Due::Decided);
        };
        let turn = self.prover.turn().await;
        // A proof for a batch that is void by now would only delay the next one's.
        let now = self.clock().await?;
        if batch_phase(market, Some(&batch), index, now) != BatchPhase::Clearing {
            return Ok(Due::Decided);
        }
        let within = time_left(&batch.void_at, now);
        let book = self.batch_book(address, batch).await?;
        let inputs = self.batch_inputs(&book).await?;
        if self.missed_a_reveal(market, &inputs) {
            tracing::debug!(
                batch = index,
                "left to go void: the pool was down while orders were to be revealed"
            );
            return Ok(Due::Later);
        }
        let proven = turn.prove(inputs, within, stop).await?;
        self.post_proven(&book, &proven).await?;
        Ok(Due::Decided)
    }

    /// Whether an order may be unrevealed because nobody was here to take its opening.
    fn missed_a_reveal(&self, market: &Market, inputs: &BatchInputs) -> bool {
        market.clock.reveal_opens_at(inputs.batch_index) < self.up_since
            && inputs.orders.iter().any(|order| order.opening.is_none())
    }

    async fn post_proven(&self, book: &BatchBook, proven: &Proven) -> Result<(), MatcherError> {
        let Proven { clearance, proof, millis } = proven;
        // Before it is posted: what is on chain is final, and a crash in between must not lose why a bid
        // got nothing, nor the terms of a lease that somebody else opens first.
        self.note_refused_for_size(book, clearance).await?;
        self.keep_terms(book, clearance).await?;
        self.keep_proof(book, clearance, proof).await?;
        match self.post(clearance, proof).await {
            // By an earlier try whose answer was lost: the same openings, the same clearing.
            Err(MatcherError::Ledger(error)) if error.program_error() == Some("AlreadyCleared") => Ok(()),
            outcome => self.record(book, &outcome?, *millis).await,
        }
    }

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

    async fn keep_proof(
        &self,
        book: &BatchBook,
        clearance: &Clearance,
        proof: &ProofBytes,
    ) -> Result<(), MatcherError> {
        let rows = clearance.leases.iter().map(ClearedLease::row).collect();
        let stored = StoredProof { proof: *proof, rows };
        Ok(self.storage.put_proof(&book.address.to_bytes(), &stored).await?)
    }

    async fn post(&self, clearance: &Clearance, proof: &ProofBytes) -> Result<Landed, MatcherError> {
        let step = post_clearing(self.key.pubkey(), &clearance.statement.0, proof.into());
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

/// Until both the seconds and the slots of `deadline` have passed.
fn time_left(deadline: &Moment, now: ChainClock) -> Duration {
    let seconds = deadline.seconds.saturating_sub(now.unix_seconds);
    let by_seconds = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    let by_slots = Duration::from_millis(deadline.slot.saturating_sub(now.slot).saturating_mul(SLOT_MILLIS));
    by_seconds.max(by_slots)
}
