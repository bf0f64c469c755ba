//! Round after round: every agent decides on what the last round left, all meet in one batch, and the round
//! is over when the last order is. So a seed's decisions do not hang on who was quicker.

use std::time::{Duration, Instant};

use anyhow::Context;
use futures::future::join_all;
use obscura_client::amount::decimal;
use obscura_server::demo::{PoolHttp, Progress};
use serde::Serialize;

use crate::agent::Agent;
use crate::options::Options;
use crate::record::Record;

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A total that has not moved for so long will not move.
const STILL: Duration = Duration::from_secs(3);

/// What a swarm did.
pub struct Traded {
    pub records: Vec<Record>,
    pub errors: Vec<AgentError>,
}

/// What an agent could not do.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentError {
    pub round: u32,
    pub agent: String,
    pub error: String,
}

pub async fn trade(
    options: &Options,
    agents: &mut [Agent],
    http: &PoolHttp,
    progress: &Progress,
) -> anyhow::Result<Traded> {
    let mut traded = Traded { records: Vec::new(), errors: Vec::new() };
    for round in 0..options.batches {
        until_paid(agents, &traded.records).await?;
        wait_for_room(http, &options.gpu_type).await?;
        let plays = join_all(agents.iter_mut().map(|agent| play(agent, round))).await;
        let (records, errors): (Vec<_>, Vec<_>) = plays.into_iter().partition(Result::is_ok);
        let records: Vec<Record> = records.into_iter().flatten().flatten().collect();
        let errors: Vec<AgentError> = errors.into_iter().filter_map(Result::err).collect();
        progress.say(&in_one_line(round, options.batches, &records, &errors));
        traded.records.extend(records);
        traded.errors.extend(errors);
    }
    Ok(traded)
}

async fn play(agent: &mut Agent, round: u32) -> Result<Option<Record>, AgentError> {
    let outcome = agent.play(round).await;
    outcome.map_err(|error| AgentError { round, agent: agent.name().to_owned(), error: format!("{error:#}") })
}

/// The quote counts a payment a moment after its order is over: decisions wait for all of them.
async fn until_paid(agents: &[Agent], records: &[Record]) -> anyhow::Result<()> {
    let agent = agents.first().context("there is no agent")?;
    let expected: u64 = records.iter().map(|record| record.paid_micro).sum();
    let (mut total, mut since) = (agent.total_paid().await?, Instant::now());
    while total != expected && since.elapsed() < STILL {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = agent.total_paid().await?;
        if now != total {
            (total, since) = (now, Instant::now());
        }
    }
    Ok(())
}

/// All orders of a round should meet in one batch: waits for one that has most of its commit window left.
async fn wait_for_room(http: &PoolHttp, gpu_type: &str) -> anyhow::Result<()> {
    loop {
        let batch = http.current_batch(gpu_type).await?;
        let second = |field: &str| batch[field].as_i64().with_context(|| format!("the batch has no {field}"));
        let (reveal, end, now) = (second("revealOpensAt")?, second("endsAt")?, second("chainTime")?);
        // A reveal window is half as long as its commit window.
        let window = (end - reveal) * 2;
        if batch["phase"] == "open" && (reveal - now) * 4 >= window * 3 {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn in_one_line(round: u32, rounds: u32, records: &[Record], errors: &[AgentError]) -> String {
    let filled = records.iter().filter(|record| record.filled()).count();
    let price = records.iter().find_map(|record| record.clearing_price_micro);
    let price = price.map_or("no trade".to_owned(), |price| format!("{} USDC per GPU-hour", decimal(price)));
    format!(
        "round {} of {rounds}: {} orders, {filled} filled, {price}, {} errors",
        round + 1,
        records.len(),
        errors.len()
    )
}
