//! After a clearing: opens every lease row by its path, then shows with the first
//! empty row that there are no more, so that orders can end before the deadline.
//!
//! Recomputed from the openings, so it works after a restart; what it finds must
//! hash to the root on chain before anything is sent.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt};
use obscura_circuits::batch::Clearance;
use obscura_client::accounts::{self, Lease};
use obscura_client::address;
use obscura_client::instructions::anyone::{OpenLease, complete_settlement, open_lease};
use obscura_client::transactions::Submission;
use solana_sdk::instruction::Instruction;
use solana_sdk::signer::Signer;

use super::batch_book::BatchBook;
use super::{Matcher, MatcherError};
use crate::first_error::FirstError;
use crate::storage::StoredTerms;

/// Transactions under way at a time: a node confirms one in about a second.
const ROWS_AT_ONCE: usize = 16;

impl Matcher {
    /// Opens what is left to open. Afterwards the batch's settlement is complete.
    pub(super) async fn open_leases(&self, book: &BatchBook) -> Result<(), MatcherError> {
        let clearance = Clearance::compute(&self.batch_inputs(book).await?)?;
        if clearance.lease_tree.root() != book.batch.leases_root {
            return Err(MatcherError::OtherLeasesRoot { index: book.batch.index });
        }
        self.keep_terms(book, &clearance).await?;
        let mut failures = FirstError::<MatcherError>::none();
        let mut opened = stream::iter(first_rows_first(&clearance))
            .map(|row| self.open_row(book, &clearance, row))
            .buffer_unordered(ROWS_AT_ONCE);
        while let Some(outcome) = opened.next().await {
            failures.note(outcome);
        }
        failures.or(Ok(()))?;
        self.complete(book, &clearance).await
    }

    /// Keeps what opens every lease of a clearing: one whose terms are lost could not be closed.
    pub(super) async fn keep_terms(
        &self,
        book: &BatchBook,
        clearance: &Clearance,
    ) -> Result<(), MatcherError> {
        for (row, lease) in (0..).zip(&clearance.leases) {
            let terms = StoredTerms {
                qty: lease.qty.get(),
                duration_seconds: lease.duration.get(),
                ask_index: lease.ask,
                blind: lease.blind,
            };
            let address = address::lease(&book.address, row);
            self.storage.put_lease_terms(&book.address.to_bytes(), &address.to_bytes(), &terms).await?;
        }
        Ok(())
    }

    async fn open_row(&self, book: &BatchBook, clearance: &Clearance, row: u16) -> Result<(), MatcherError> {
        let address = address::lease(&book.address, row);
        let Some(lease) = clearance.leases.get(usize::from(row)) else {
            return Ok(());
        };
        if accounts::find::<Lease>(self.ledger.as_ref(), &address).await?.is_some() {
            return Ok(());
        }
        let no_path = || MatcherError::NoPath { index: book.batch.index, row };
        let step = open_lease(OpenLease {
            payer: self.relayer.pubkey(),
            batch: book.address,
            bid_order: book.address_at(lease.bid).ok_or_else(no_path)?,
            ask_order: book.address_at(lease.ask).ok_or_else(no_path)?,
            row,
            terms_hash: lease.terms,
            path: clearance.lease_tree.path(row).map_err(|_| no_path())?,
        });
        self.crank(step).await?;
        tracing::info!(lease = %address, batch = book.batch.index, "lease offered");
        Ok(())
    }

    async fn complete(&self, book: &BatchBook, clearance: &Clearance) -> Result<(), MatcherError> {
        let rows = row_count(clearance);
        if rows >= book.batch.row_count {
            return Ok(());
        }
        let path = clearance
            .lease_tree
            .path(rows)
            .map_err(|_| MatcherError::NoPath { index: book.batch.index, row: rows })?;
        self.crank(complete_settlement(book.address, rows, path)).await
    }

    /// Sends a step that anyone may send.
    pub(super) async fn crank(&self, step: Instruction) -> Result<(), MatcherError> {
        Submission::new(&self.relayer, [step]).send(self.ledger.as_ref()).await?;
        Ok(())
    }
}

/// A bid of which no lease opens costs the matcher a penalty, so the first row of each comes first.
fn first_rows_first(clearance: &Clearance) -> Vec<u16> {
    let (mut first, mut rest, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (row, lease) in (0..row_count(clearance)).zip(&clearance.leases) {
        if seen.insert(lease.bid) { first.push(row) } else { rest.push(row) }
    }
    first.append(&mut rest);
    first
}

fn row_count(clearance: &Clearance) -> u16 {
    u16::try_from(clearance.leases.len()).unwrap_or(u16::MAX)
}
