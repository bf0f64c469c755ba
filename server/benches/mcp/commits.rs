//! A crowd of agents that commit at one moment, each with an account, a key and a connection of its own: how
//! long until all of them are acknowledged, and whether any was refused.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Args;
use comfy_table::{CellAlignment, Table};
use obscura_auction::order::Side;
use obscura_auction::units::{Gpus, PriceMicro};
use obscura_circuits::secret::Secret;
use obscura_circuits::size::BatchSize;
use obscura_client::sealing::{Terms, seal};
use obscura_server::local::DemoAccount;
use obscura_server::service::{BatchPhase, CurrentBatch, PoolService};
use solana_sdk::signer::Signer;

use super::clients::Clients;
use super::load::{Doing, Load, Seen};
use super::pool::{BenchPool, GPU_TYPE, PoolShape};
use super::process::peak_resident_kib;
use super::wire::{Revision, ToolCall};

/// 5 USDC: what each of them locks.
const MAX_TOTAL_MICRO: u64 = 5_000_000;
const LOOK_EVERY: Duration = Duration::from_millis(50);

#[derive(Clone, Debug, Args)]
pub struct CommitArgs {
    /// Agents, each with an account of its own
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(1..=1024))]
    agents: u16,
    /// Seconds of a batch, of which two thirds take commits
    #[arg(long, default_value_t = 45)]
    batch_seconds: u32,
    #[arg(long, value_enum, default_value = "2026-07-28")]
    revision: Revision,
}

pub async fn run(args: CommitArgs) -> anyhow::Result<()> {
    eprintln!("opening {} accounts", args.agents);
    let started = Instant::now();
    let batch_seconds = Some(args.batch_seconds);
    let pool =
        BenchPool::start(PoolShape { max_orders: BatchSize::S1024, buyers: args.agents, batch_seconds })
            .await?;
    let opened = started.elapsed();
    let calls: Vec<ToolCall> = pool.pool.more_accounts.iter().map(commit_of).collect::<Result<_, _>>()?;
    let load = Load { host: pool.host(), revision: args.revision, doing: Doing::Once, calls };
    let clients = Clients::connect(&load).await?;
    let batch = next_batch(&pool).await?;
    eprintln!("batch {} is open for {} s: all commit now", batch.index, batch.seconds_left);
    let seen = clients.go().await?;
    let after = pool.pool.pool.batch(Some(GPU_TYPE), batch.index).await?;
    print(&args, &seen, opened, after.order_count)?;
    pool.stop().await;
    ensure!(seen.errors == 0, "{} errors: {}", seen.errors, seen.first_error.unwrap_or_default());
    ensure!(
        after.order_count == u32::from(args.agents),
        "only {} orders are in the batch",
        after.order_count
    );
    Ok(())
}

fn commit_of(account: &DemoAccount) -> anyhow::Result<ToolCall> {
    let terms = Terms {
        gpu_type: GPU_TYPE.to_owned(),
        side: Side::Bid,
        price: PriceMicro::new(1_800_000)?,
        qty: Gpus::new(2)?,
        min_qty: None,
        duration: None,
    };
    let sealed = seal(&terms, &account.owner.pubkey(), Secret::random(&mut rand::rngs::OsRng))?;
    let mut arguments = serde_json::to_value(&sealed.commit_body)?;
    arguments["maxTotalMicro"] = MAX_TOTAL_MICRO.into();
    Ok(ToolCall { api_key: account.api_key.clone(), tool: "commit".into(), arguments })
}

/// The batch that has just opened.
async fn next_batch(pool: &BenchPool) -> anyhow::Result<CurrentBatch> {
    let service = &pool.pool.pool;
    let running = service.current_batch(Some(GPU_TYPE)).await?.index;
    loop {
        let batch = service.current_batch(Some(GPU_TYPE)).await?;
        if batch.index > running && batch.phase == BatchPhase::Open {
            return Ok(batch);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn print(args: &CommitArgs, seen: &Seen, opened: Duration, orders: u32) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_header([
        "agents",
        "errors",
        "in the batch",
        "all within s",
        "per s",
        "p50 ms",
        "p99 ms",
        "peak MiB",
    ]);
    table.add_row([
        args.agents.to_string(),
        seen.errors.to_string(),
        orders.to_string(),
        format!("{:.2}", seen.elapsed.as_secs_f64()),
        format!("{:.0}", seen.per_second()),
        format!("{:.0}", seen.percentile(50)),
        format!("{:.0}", seen.percentile(99)),
        (peak_resident_kib().context("the peak of memory")? / 1024).to_string(),
    ]);
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!(
        "accounts opened in {:.1} s; window of {} s\n{table}",
        opened.as_secs_f64(),
        args.batch_seconds * 2 / 3
    );
    Ok(())
}
