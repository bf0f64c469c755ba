//! `quote` next to a tool that does nothing: both are asked in turn, a slice of time each, so that whatever
//! else the machine does meets both.

use std::time::Duration;

use anyhow::ensure;
use clap::Args;
use comfy_table::{CellAlignment, Table};
use obscura_circuits::size::BatchSize;
use serde_json::json;

use super::clients::Clients;
use super::load::{Doing, Load, Seen};
use super::nothing;
use super::pool::{BenchPool, GPU_TYPE, PoolShape};
use super::process::processor_time;
use super::wire::{Revision, ToolCall};

#[derive(Clone, Debug, Args)]
pub struct QuoteArgs {
    /// Concurrent clients
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64, 512])]
    clients: Vec<usize>,
    /// Protocol revisions
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Revision::Stateless, Revision::Previous])]
    revisions: Vec<Revision>,
    /// Slices of each of the two in each state; the medians are shown
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Milliseconds of a slice
    #[arg(long, default_value_t = 1_000)]
    slice: u64,
}

impl Default for QuoteArgs {
    fn default() -> Self {
        let revisions = vec![Revision::Stateless, Revision::Previous];
        Self { clients: vec![1, 64, 512], revisions, rounds: 5, slice: 1_000 }
    }
}

/// What one slice measured.
struct Slice {
    seen: Seen,
    processor: Duration,
}

/// The medians over some slices.
struct Medians {
    per_second: f64,
    p50: f64,
    p99: f64,
    /// Processor time of the server for one request, in microseconds.
    processor: f64,
}

pub async fn run(args: QuoteArgs) -> anyhow::Result<()> {
    let shape = PoolShape { max_orders: BatchSize::S16, buyers: 0, batch_seconds: None };
    let pool = BenchPool::start(shape).await?;
    let api_key = pool.pool.buyer.api_key.clone();
    let quote =
        ToolCall { api_key, tool: "quote".into(), arguments: json!({ "gpuType": GPU_TYPE, "qty": 4 }) };
    let nothing = ToolCall { api_key: "none".into(), tool: nothing::TOOL.into(), arguments: json!({}) };
    let (pool_host, nothing_host) = (pool.host(), nothing::serve().await?);
    let mut table = table();
    for &revision in &args.revisions {
        for &clients in &args.clients {
            eprintln!("{}, {clients} clients", revision.name());
            let (mut floor, mut quotes) = (Vec::new(), Vec::new());
            for _ in 0..args.rounds {
                for (host, call, slices) in
                    [(&nothing_host, &nothing, &mut floor), (&pool_host, &quote, &mut quotes)]
                {
                    let doing = Doing::Repeat(Duration::from_millis(args.slice));
                    let calls = vec![call.clone(); clients];
                    slices.push(slice(&Load { host: host.clone(), revision, doing, calls }).await?);
                }
            }
            table.add_row(row(revision, clients, &medians(&floor), &medians(&quotes)));
        }
    }
    println!("{} slices of {} ms each, in turn; medians\n{table}", args.rounds, args.slice);
    pool.stop().await;
    Ok(())
}

async fn slice(load: &Load) -> anyhow::Result<Slice> {
    let clients = Clients::connect(load).await?;
    let before = processor_time()?;
    let seen = clients.go().await?;
    let processor = processor_time()?.saturating_sub(before);
    ensure!(seen.errors == 0, "{} errors: {}", seen.errors, seen.first_error.unwrap_or_default());
    Ok(Slice { seen, processor })
}

fn medians(slices: &[Slice]) -> Medians {
    let of = |figure: &dyn Fn(&Slice) -> f64| {
        let mut figures: Vec<f64> = slices.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Medians {
        per_second: of(&|slice| slice.seen.per_second()),
        p50: of(&|slice| slice.seen.percentile(50)),
        p99: of(&|slice| slice.seen.percentile(99)),
        processor: of(&|slice| slice.processor.as_secs_f64() * 1e6 / slice.seen.micros.len() as f64),
    }
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_header([
        "revision",
        "clients",
        "nothing/s",
        "p50 ms",
        "p99 ms",
        "CPU µs",
        "quote/s",
        "p50 ms",
        "p99 ms",
        "CPU µs",
        "quote/nothing",
    ]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn row(revision: Revision, clients: usize, floor: &Medians, quotes: &Medians) -> Vec<String> {
    let mut cells = vec![revision.name().to_owned(), clients.to_string()];
    for Medians { per_second, p50, p99, processor } in [floor, quotes] {
        cells.extend([
            format!("{per_second:.0}"),
            format!("{p50:.2}"),
            format!("{p99:.2}"),
            format!("{processor:.0}"),
        ]);
    }
    cells.push(format!("{:.2}", quotes.per_second / floor.per_second));
    cells
}
