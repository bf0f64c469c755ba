//! A market of autonomous agents: buyers and providers with strategies and budgets, each a real MCP client
//! that seals its own orders, over batch after batch of one pool.
//!
//! Nothing is simulated: the pool, the chain, the proofs and the money movements are those of any local pool.
//! An agent sees what any agent sees: tool results, and its own memory.

pub mod agent;
pub mod books;
pub mod chart;
pub mod market_view;
pub mod options;
pub mod record;
pub mod report;
pub mod rounds;
pub mod strategy;
pub mod venue;

use std::time::Instant;

use anyhow::Context;
use obscura_server::demo::Progress;

use agent::Agent;
use books::Wallets;
use options::Options;
use report::{Report, Run};
use venue::Venue;

/// Trades as the options say, and draws the chart.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let progress = Progress::start();
    let seed = options.seed.unwrap_or_else(rand::random);
    progress.say(&format!("seed {seed}"));
    let venue = Venue::open(options).await?;
    progress.say(&format!("pool at {}, {} agents", venue.url(), venue.seats().len()));
    let traded = trade(options, seed, &venue, &progress).await;
    progress.finish();
    let balanced = venue.close().await;
    let mut report = traded?;
    report.chain_balances = balanced?;
    chart::draw(&report, &options.chart_dir)?;
    Ok(report)
}

async fn trade(options: &Options, seed: u64, venue: &Venue, progress: &Progress) -> anyhow::Result<Report> {
    let started = Instant::now();
    let mut agents = Vec::new();
    for (number, seat) in (0..).zip(venue.seats()) {
        let agent = Agent::connect(&venue.mcp_url(), seat, number, seed, options).await;
        agents.push(agent.with_context(|| format!("connecting {}", seat.name))?);
    }
    let before = Wallets::read(&agents).await?;
    let watch = progress.watch(venue.http(), &options.gpu_type);
    let traded = rounds::trade(options, &mut agents, &venue.http(), progress).await;
    watch.abort();
    let rounds::Traded { records, errors } = traded?;
    let after = Wallets::read(&agents).await?;
    let wallets_agree = before.explains(&after, &records);
    let agents_of = report::agents_by_strategy(&agents);
    for agent in agents {
        agent.leave().await?;
    }
    let run = Run { seed, gpu_type: options.gpu_type.clone(), seconds: started.elapsed().as_secs() };
    Ok(Report::of(run, agents_of, records, errors, wallets_agree))
}
