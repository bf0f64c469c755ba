//! `obscura market list` and `show`.

use std::process::ExitCode;

use clap::Args;
use obscura_auction::batch_clock::Phase;
use obscura_auction::order::MarketTag;
use obscura_client::accounts::Market;
use obscura_client::address;
use obscura_client::figures::{Figure, Figures, Quantity};
use obscura_client::ledger::Ledger;
use obscura_client::placing::{RunningBatch, running};
use obscura_client::pubkey::Pubkey;

use super::NO_MARKET;
use crate::chain::options::Node;
use crate::chain::session::{self, get, told};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
    obscura market list
    obscura market show \"H100 80GB\" --json";

const COLUMNS: [&str; 6] = ["gpuType", "batch", "runningBatch", "phase", "phaseEndsAt", "feeBps"];

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ListArguments {
    #[command(flatten)]
    node: Node,
}

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowArguments {
    /// The market's GPU type, for example `H100 80GB`.
    gpu_type: String,

    #[command(flatten)]
    node: Node,
}

pub fn list(arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let ListArguments { node } = arguments;
    chain::run(async {
        let ledger = node.ledger();
        let now = ledger.clock().await.map_err(|error| told(node, error))?.unix_seconds;
        let markets = session::list::<Market>(&ledger, node, []).await?;
        let told: anyhow::Result<Vec<(Pubkey, Vec<Figure>)>> =
            markets.iter().map(|(address, market)| Ok((*address, with_batch(market, now)?))).collect();
        let markets = told?;
        Ok(Answer::done(show::many(node.json, "markets", &COLUMNS, &markets)))
    })
}

pub fn show_one(arguments: &ShowArguments) -> anyhow::Result<ExitCode> {
    let ShowArguments { gpu_type, node } = arguments;
    chain::run(async {
        let ledger = node.ledger();
        let address = address::market(MarketTag::of(gpu_type));
        let market: Market = get(&ledger, node, &address, NO_MARKET).await?;
        let now = ledger.clock().await.map_err(|error| told(node, error))?.unix_seconds;
        let figures = with_batch(&market, now)?;
        Ok(Answer::done(show::one(node.json, "market", &address, &figures)))
    })
}

/// A market's figures, and those of the batch that runs.
fn with_batch(market: &Market, now: i64) -> anyhow::Result<Vec<Figure>> {
    let mut figures = market.figures();
    let figure = |name: &str, value| Figure { name: name.to_owned(), value };
    if let Some(batch) = running(market, now)? {
        let RunningBatch { index, phase, starts_at: _, reveal_opens_at, ends_at, void_at: _ } = batch;
        let (phase, until) = match phase {
            Phase::Revealing => ("revealing", ends_at),
            _ => ("open", reveal_opens_at),
        };
        figures.extend([
            figure("runningBatch", Quantity::Number(index)),
            figure("phase", Quantity::Text(phase.to_owned())),
            figure("phaseEndsAt", Quantity::Time(until)),
            figure("now", Quantity::Time(now)),
        ]);
    }
    Ok(figures)
}
