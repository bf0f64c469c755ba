//! What the swarm did, by batch and by strategy, for people and as JSON; and whether it went as it must.

use std::collections::BTreeMap;

use anyhow::ensure;
use comfy_table::{CellAlignment, Table, presets};
use obscura_auction::order::Side;
use obscura_client::amount::decimal;
use serde::Serialize;

use crate::agent::Agent;
use crate::record::Record;
use crate::rounds::AgentError;
use crate::strategy::Strategy;

/// Errors that are shown in words; the document has all of them.
const SHOWN_ERRORS: usize = 5;

/// The run as a whole.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    pub seed: u64,
    pub gpu_type: String,
    /// From the first connection to the last payment.
    pub seconds: u64,
}

/// One batch, as far as the swarm traded in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchLine {
    pub index: u64,
    /// Micro-USDC per GPU-hour.
    pub price_micro: Option<u64>,
    /// It was not cleared in time, and everybody got everything back.
    pub void: bool,
    pub bids_filled: usize,
    pub bids_refunded: usize,
    pub asks_filled: usize,
    pub asks_unsold: usize,
    pub gpus_traded: u64,
}

/// All agents of one strategy together. Averages are over what traded, weighted by GPU-hours.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StrategyLine {
    pub strategy: Strategy,
    pub agents: usize,
    pub orders: usize,
    pub filled: usize,
    /// GPUs traded, in thousandths of the GPUs wanted or offered.
    pub utilisation_permille: u64,
    pub gpu_seconds: u64,
    pub average_limit_micro: Option<u64>,
    pub average_price_micro: Option<u64>,
    pub spent_micro: u64,
    pub earned_micro: u64,
}

/// Everything.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub run: Run,
    pub batches: Vec<BatchLine>,
    pub strategies: Vec<StrategyLine>,
    /// Each owner's money is what its orders explain.
    pub wallets_agree: bool,
    /// The program's books balance; null where the pool is somebody else's.
    pub chain_balances: Option<bool>,
    pub errors: Vec<AgentError>,
    /// Commits that came too late for a batch and went into the next one.
    pub late: u32,
    pub orders: Vec<Record>,
}

/// How many agents there are of each strategy.
pub fn agents_by_strategy(agents: &[Agent]) -> BTreeMap<Strategy, usize> {
    let mut counts = BTreeMap::new();
    for agent in agents {
        *counts.entry(agent.strategy()).or_default() += 1;
    }
    counts
}

impl Report {
    pub fn of(
        run: Run,
        agents: BTreeMap<Strategy, usize>,
        orders: Vec<Record>,
        errors: Vec<AgentError>,
        wallets_agree: bool,
    ) -> Self {
        Self {
            run,
            batches: batches(&orders),
            strategies: agents
                .into_iter()
                .map(|(strategy, count)| line_of(strategy, count, &orders))
                .collect(),
            wallets_agree,
            chain_balances: None,
            errors,
            late: orders.iter().map(|order| order.late).sum(),
            orders,
        }
    }

    /// Errors with the first thing that is not as it must be.
    pub fn check(&self) -> anyhow::Result<()> {
        let first = self.errors.first().map_or("", |error| error.error.as_str());
        ensure!(self.errors.is_empty(), "agents met {} errors, the first: {first}", self.errors.len());
        ensure!(self.wallets_agree, "an owner's money is not what its orders explain");
        ensure!(self.chain_balances != Some(false), "the program's books do not balance");
        Ok(())
    }
}

fn batches(orders: &[Record]) -> Vec<BatchLine> {
    let mut lines = BTreeMap::<u64, BatchLine>::new();
    for order in orders {
        let line = lines.entry(order.batch_index).or_default();
        line.index = order.batch_index;
        line.price_micro = line.price_micro.or(order.clearing_price_micro);
        line.void |= order.reason.as_deref() == Some("batchVoid");
        let count = match (order.strategy.side(), order.filled()) {
            (Side::Bid, true) => &mut line.bids_filled,
            (Side::Bid, false) => &mut line.bids_refunded,
            (Side::Ask, true) => &mut line.asks_filled,
            (Side::Ask, false) => &mut line.asks_unsold,
        };
        *count += 1;
        if order.strategy.side() == Side::Ask {
            line.gpus_traded += u64::from(order.traded);
        }
    }
    lines.into_values().collect()
}

fn line_of(strategy: Strategy, agents: usize, orders: &[Record]) -> StrategyLine {
    let own: Vec<&Record> = orders.iter().filter(|order| order.strategy == strategy).collect();
    let sum = |of: fn(&Record) -> u64| own.iter().map(|order| of(order)).sum::<u64>();
    let gpu_seconds = sum(|order| order.gpu_seconds);
    let average = |of: fn(&Record) -> u64| {
        let weighted =
            own.iter().map(|order| u128::from(of(order)) * u128::from(order.gpu_seconds)).sum::<u128>();
        weighted.checked_div(gpu_seconds.into()).and_then(|average| u64::try_from(average).ok())
    };
    let wanted = sum(|order| order.qty.into());
    StrategyLine {
        strategy,
        agents,
        orders: own.len(),
        filled: own.iter().filter(|order| order.filled()).count(),
        utilisation_permille: (sum(|order| order.traded.into()) * 1_000).checked_div(wanted).unwrap_or(0),
        gpu_seconds,
        average_limit_micro: average(|order| order.limit_micro),
        average_price_micro: average(|order| order.clearing_price_micro.unwrap_or(0)),
        spent_micro: sum(|order| order.paid_micro),
        earned_micro: sum(|order| order.earned_micro),
    }
}

/// For people.
pub fn in_words(report: &Report) -> String {
    let Report { run, wallets_agree, chain_balances, errors, late, orders, .. } = report;
    let Run { seed, gpu_type, seconds } = run;
    let mut text = format!("{}\n{}\n", batch_table(report), strategy_table(report));
    for error in errors.iter().take(SHOWN_ERRORS) {
        text.push_str(&format!("round {}, {}: {}\n", error.round + 1, error.agent, error.error));
    }
    let chain = match chain_balances {
        Some(true) => "the program's books balance",
        Some(false) => "THE PROGRAM'S BOOKS DO NOT BALANCE",
        None => "the program's books were not looked into",
    };
    let wallets = if *wallets_agree { "every wallet agrees" } else { "A WALLET DOES NOT AGREE" };
    text.push_str(&format!(
        "{gpu_type} · seed {seed} · {} orders in {seconds} s, {late} late · {} errors · {wallets} · {chain}\n\
         prices in USDC per GPU-hour, money in USDC; charts: swarm.svg, swarm.png",
        orders.len(),
        errors.len(),
    ));
    text
}

fn batch_table(report: &Report) -> Table {
    let header = ["batch", "price", "bids filled", "bids refunded", "asks filled", "asks unsold", "GPUs"];
    let rows = report.batches.iter().map(|line| {
        vec![
            line.index.to_string(),
            line.price_micro.map_or(if line.void { "void" } else { "-" }.to_owned(), decimal),
            line.bids_filled.to_string(),
            line.bids_refunded.to_string(),
            line.asks_filled.to_string(),
            line.asks_unsold.to_string(),
            line.gpus_traded.to_string(),
        ]
    });
    table(header.to_vec(), rows)
}

fn strategy_table(report: &Report) -> Table {
    let header = [
        "strategy",
        "side",
        "agents",
        "orders",
        "filled",
        "utilised",
        "GPU-hours",
        "limit",
        "price",
        "spent",
        "earned",
    ];
    let price = |average: Option<u64>| average.map_or("-".to_owned(), decimal);
    let rows = report.strategies.iter().map(|line| {
        let side = if line.strategy.side() == Side::Bid { "buy" } else { "sell" };
        vec![
            line.strategy.name().to_owned(),
            side.to_owned(),
            line.agents.to_string(),
            line.orders.to_string(),
            line.filled.to_string(),
            format!("{} %", line.utilisation_permille / 10),
            format!("{}.{}", line.gpu_seconds / 3_600, line.gpu_seconds % 3_600 / 360),
            price(line.average_limit_micro),
            price(line.average_price_micro),
            decimal(line.spent_micro),
            decimal(line.earned_micro),
        ]
    });
    let mut table = table(header.to_vec(), rows);
    if let Some(column) = table.column_mut(0) {
        column.set_cell_alignment(CellAlignment::Left);
    }
    table
}

fn table(header: Vec<&str>, rows: impl Iterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_header(header).add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
