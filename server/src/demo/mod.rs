//! `demo`: a pool and a small swarm of traders, from nothing to settled leases.
//!
//! Every trader is an MCP client over streamable HTTP that does what any agent
//! would: quote, seal, commit, wait, reveal, wait, refund. Nothing is simulated:
//! the program runs, the proof is made and verified, and at the end the books must
//! balance to the micro-USDC. Other swarms are made of the same parts.

mod follow_order;
mod http_client;
mod mcp_client;
mod plan;
mod progress;
mod report;
mod trader;

use std::io::{Write, stdout};
use std::time::Duration;

use anyhow::{Context, bail};
use futures::future::try_join_all;
use obscura_circuits::size::BatchSize;
use obscura_client::books;
use obscura_client::bootstrap::GPU_TYPES;
use obscura_client::ledger::local::ClockSource;
use tokio::time::timeout;

use crate::local::{
    self, DEFAULT_BATCH_SECONDS, DEFAULT_MAX_ORDERS, DataDir, DemoAccount, LocalOptions, LocalPool,
};
use crate::serve::Server;
use plan::Swarm;
use report::{BatchFigures, Report};
use trader::{Outcome, Trader};

pub use follow_order::{Ended, follow};
pub use http_client::PoolHttp;
pub use mcp_client::{McpClient, Refused};
pub use plan::PlannedOrder;
pub use progress::Progress;

/// A lone bid against a lone ask leaves nobody to lose.
const LEAST_ORDERS: u16 = 3;

/// What `demo` was asked for.
#[derive(Clone, Copy, Debug)]
pub struct DemoOptions {
    pub agents: u16,
    pub providers: u16,
    pub batch_seconds: Option<u32>,
    pub json: bool,
}

/// Why a demo is not even started.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(
        "{agents} agents and {providers} providers are {} orders, but a batch proves at most {max}: ask for \
         fewer",
        u32::from(*.agents) + u32::from(*.providers)
    )]
    TooMany { agents: u16, providers: u16, max: u16 },
    #[error(
        "{agents} agents and {providers} providers cannot show a lease and a loser: ask for at least one of \
         each and {LEAST_ORDERS} together"
    )]
    TooFew { agents: u16, providers: u16 },
}

impl DemoOptions {
    /// Whether this many orders fit one batch and can show both outcomes.
    pub fn check(&self) -> Result<(), Refusal> {
        let Self { agents, providers, .. } = *self;
        let orders = agents.saturating_add(providers);
        let max = BatchSize::S1024.get();
        if orders > max {
            return Err(Refusal::TooMany { agents, providers, max });
        }
        if agents == 0 || providers == 0 || orders < LEAST_ORDERS {
            return Err(Refusal::TooFew { agents, providers });
        }
        Ok(())
    }
}

/// Runs the demo and prints its result. Errors where it does not show what it is
/// meant to show.
pub async fn run(options: DemoOptions) -> anyhow::Result<()> {
    options.check()?;
    let folder = tempfile::tempdir().context("cannot make a temporary data directory")?;
    let progress = Progress::start();
    let pool = start_pool(&options, folder.path()).await?;
    let server = Server::start(&pool, ([127, 0, 0, 1], 0).into()).await?;
    progress.say(&format!("pool ready at {}", server.http_url()));

    let outcomes = trade(&options, &pool, &server, &progress).await;
    let report = match outcomes {
        Ok(outcomes) => collect(&pool, &server, outcomes).await,
        Err(error) => Err(error),
    };
    progress.finish();
    server.stop().await;
    pool.stop().await;
    let report = report?;
    let text = if options.json { serde_json::to_string_pretty(&report)? } else { report.table() };
    writeln!(stdout(), "{text}").context("cannot write the result to standard output")?;
    report.check()
}

async fn start_pool(options: &DemoOptions, folder: &std::path::Path) -> anyhow::Result<LocalPool> {
    LocalPool::start(LocalOptions {
        data_dir: DataDir::new(folder),
        batch_seconds: options.batch_seconds,
        max_orders: Some(max_orders(options)),
        clock: ClockSource::Machine,
        more_accounts: plan::accounts(options),
        providers_act: true,
        circuit_cache: Some(local::shared_circuit_cache()),
        proving_keys: None,
    })
    .await
}

async fn trade(
    options: &DemoOptions,
    pool: &LocalPool,
    server: &Server,
    progress: &Progress,
) -> anyhow::Result<Vec<Outcome>> {
    let gpu_type = GPU_TYPES[0];
    let mut traders = Vec::new();
    for (account, order) in pool.more_accounts.iter().zip(Swarm::of(options).orders(gpu_type)) {
        traders.push(trader(server, account, order).await?);
    }
    let clock = PoolHttp::new(server.http_url());
    wait_for_room(&clock, gpu_type, options).await?;
    let watch = progress.watch(clock, gpu_type);
    let patience = Duration::from_secs(u64::from(patience_seconds(options)));
    let trading = try_join_all(traders.into_iter().map(Trader::trade));
    let outcomes = timeout(patience, trading).await;
    watch.abort();
    outcomes.with_context(|| format!("the swarm did not finish within {} s", patience.as_secs()))?
}

async fn trader(server: &Server, account: &DemoAccount, order: plan::PlannedOrder) -> anyhow::Result<Trader> {
    Trader::connect(&server.mcp_url(), account, order).await
}

/// All orders should meet in one batch: waits for the next one where little is left
/// of this one's commit window.
async fn wait_for_room(clock: &PoolHttp, gpu_type: &str, options: &DemoOptions) -> anyhow::Result<()> {
    let enough = u64::from(batch_seconds(options) / 3).max(1);
    loop {
        let batch = clock.current_batch(gpu_type).await?;
        let open = batch["phase"] == "open";
        if open && batch["secondsLeft"].as_u64().unwrap_or(0) > enough {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn collect(pool: &LocalPool, server: &Server, outcomes: Vec<Outcome>) -> anyhow::Result<Report> {
    let leased = outcomes.iter().find(|outcome| outcome.was_leased()).or(outcomes.first());
    let Some(batch_index) = leased.map(Outcome::batch_index) else {
        bail!("no order was placed");
    };
    let http = PoolHttp::new(server.http_url());
    let batch = http.batch(GPU_TYPES[0], batch_index).await?;
    let books = books::balance(pool.ledger.as_ref()).await?;
    Ok(Report {
        batch: BatchFigures::of(&batch),
        orders: outcomes.into_iter().map(Outcome::into_line).collect(),
        vault_balanced: books.holds(),
    })
}

/// The market's usual room, or more where the swarm is larger.
fn max_orders(options: &DemoOptions) -> u16 {
    let orders = options.agents.saturating_add(options.providers).max(DEFAULT_MAX_ORDERS);
    BatchSize::holding(orders.into()).unwrap_or(BatchSize::S1024).get()
}

fn batch_seconds(options: &DemoOptions) -> u32 {
    options.batch_seconds.unwrap_or(DEFAULT_BATCH_SECONDS)
}

/// Two batches to get in and be cleared, and every window that follows.
fn patience_seconds(options: &DemoOptions) -> u32 {
    batch_seconds(options).saturating_mul(8).saturating_add(180)
}
