//! Receipts of full batches: how long a client takes to check one.

use std::path::Path;

use obscura_auction::order::{MarketTag, Side};
use obscura_circuits::batch::{BatchInputs, Clearance, CommittedOrder};
use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::lease_tree::LeaseRow;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::prove;
use obscura_circuits::size::BatchSize;
use obscura_circuits::trial::{GPU_TYPE, full_batch};
use obscura_client::idl::types::LeaseTerms;
use obscura_client::receipt::{Hex, ListedOrder, OrderSide, Outcome, Receipt, ReceiptSource};
use obscura_client::{address, idl};
use rand::rngs::OsRng;
use solana_sdk::pubkey::Pubkey;

use super::table::{Cell, Table};
use super::{best_of, development_key};

pub fn measure(sizes: &[BatchSize], runs: u32, cache: &Path) -> anyhow::Result<Table> {
    let rows = sizes.iter().map(|size| row(*size, runs, cache)).collect::<anyhow::Result<_>>()?;
    Ok(Table {
        name: "receipts",
        title: format!(
            "receipts of full batches, best of {runs}, {} threads: read from JSON, every check",
            rayon::current_num_threads()
        ),
        columns: vec!["slots", "orders", "leases", "JSON kB", "read and verify ms"],
        rows,
    })
}

fn row(size: BatchSize, runs: u32, cache: &Path) -> anyhow::Result<Vec<Cell>> {
    let receipt = receipt(size, cache)?;
    let text = serde_json::to_vec(&receipt)?;
    let took = best_of(runs, || {
        Receipt::from_json(&text)?.verify()?;
        Ok(())
    })?;
    Ok(vec![
        Cell::Count(size.get().into()),
        Cell::Count(receipt.orders.len() as u64),
        Cell::Count(receipt.leases.len() as u64),
        Cell::Figure(text.len() as f64 / 1e3, 1),
        Cell::Figure(took.as_secs_f64() * 1e3, 2),
    ])
}

/// The receipt with the most leases of all.
fn receipt(size: BatchSize, cache: &Path) -> anyhow::Result<Receipt> {
    let market = address::market(MarketTag::of(GPU_TYPE));
    let inputs = BatchInputs { program: idl::ID.to_bytes(), market: market.to_bytes(), ..full_batch(size)? };
    let clearance = Clearance::compute(&inputs)?;
    let keys = development_key(size, cache)?;
    let source = ReceiptSource {
        gpu_type: GPU_TYPE.to_owned(),
        statement: clearance.statement.0,
        orders: inputs.orders.iter().map(listed).collect(),
        verifying_key: VerifyingKeyBytes::clone(keys.verifying_key()),
        proof: prove(&keys, &clearance, &mut OsRng, &Progress::default())?,
        rows: clearance
            .leases
            .iter()
            .map(|lease| LeaseRow { bid: lease.bid, ask: lease.ask, terms: lease.terms })
            .collect(),
    };
    let terms = |row: u16| {
        let lease = clearance.leases.get(usize::from(row))?;
        let (qty, duration) = (lease.qty.get(), lease.duration.get());
        Some(LeaseTerms { qty, duration, blind: lease.blind })
    };
    let most = (0..size.get()).max_by_key(|index| source.leases_of(*index).len());
    let receipt = source.receipt(most.unwrap_or_default(), &terms)?;
    anyhow::ensure!(receipt.outcome == Outcome::Filled, "nothing trades in the trial's batch");
    Ok(receipt)
}

fn listed(order: &CommittedOrder) -> ListedOrder {
    let side = match order.lock.side {
        Side::Bid => OrderSide::Bid,
        Side::Ask => OrderSide::Ask,
    };
    let (commit_hash, owner) = (Hex(order.commit_hash), Pubkey::from(order.owner));
    ListedOrder { commit_hash, owner, side, lock: order.lock.amount }
}
