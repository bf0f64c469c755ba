//! `obscura bench`: how fast this machine clears, proves and verifies, in tables.
//!
//! Each part compares in one run what it compares: machines are noisy, ratios are not. Must never be a
//! test: nothing here passes or fails.

mod clearing;
mod memory;
mod proving;
mod receipts;
mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Args, ValueEnum};
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::size::BatchSize;

use crate::progress_bar::watched;

const EXAMPLES: &str = "Examples:
  Everything, on a machine that does nothing else:
    obscura bench
  How long the largest proof takes here, and how much memory:
    obscura bench proofs --sizes 1024
  As one JSON document:
    obscura bench clearing --json

Proving keys are made on first use and kept in --keys; for 1024 slots that takes about a minute.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What to measure; by default everything.
    parts: Vec<Part>,

    /// Slots of the circuits to prove with.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [16, 64, 256, 1024])]
    sizes: Vec<u16>,

    /// Times that each proof is made; the best counts.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,

    /// Folder for proving keys.
    #[arg(long, value_name = "DIR", default_value = "target/bench-keys")]
    keys: PathBuf,

    /// Print one JSON document: what was measured, by part.
    #[arg(long)]
    json: bool,
}

/// A part of the benchmark.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The clearing rule on books of 10^4 to 10^7 orders, against sorting both sides.
    Clearing,
    /// Proofs of full batches, against the stock prover.
    Proofs,
    /// The check of a receipt, from its JSON to its verdict.
    Receipts,
}

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { parts, sizes, runs, keys, json } = arguments;
    let sizes: Vec<BatchSize> =
        sizes.into_iter().map(BatchSize::new).collect::<Result<_, _>>().context("--sizes")?;
    let wanted = |part| parts.is_empty() || parts.contains(&part);
    let mut tables = Vec::new();
    if wanted(Part::Clearing) {
        tables.push(clearing::measure()?);
    }
    if wanted(Part::Proofs) {
        tables.push(proving::measure(&sizes, runs, &keys)?);
    }
    if wanted(Part::Receipts) {
        tables.push(receipts::measure(&sizes, runs, &keys)?);
    }
    table::print(&tables, json)
}

/// The development key of `size`, from `cache` or made there.
fn development_key(size: BatchSize, cache: &Path) -> anyhow::Result<ClearingKeys> {
    watched("making the proving key", |progress| ClearingKeys::dev(size, cache, progress))
        .with_context(|| format!("making the proving key of {size:?} in {}", cache.display()))
}

/// The shortest time that `work` takes in `runs` runs.
fn best_of(runs: u32, mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..runs {
        let started = Instant::now();
        work()?;
        best = best.min(started.elapsed());
    }
    Ok(best)
}
