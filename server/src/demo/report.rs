//! What the demo shows at the end, as a table and as JSON, and whether it shows
//! what it is meant to.

use anyhow::{Context, ensure};
use comfy_table::{CellAlignment, Table, presets};
use obscura_client::amount::decimal;
use serde::Serialize;
use serde_json::Value;

/// How one order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OrderOutcome {
    /// It traded, and its leases were paid.
    Leased,
    /// It got its money back.
    Refunded,
}

/// One order's line.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    pub order_id: String,
    pub trader: String,
    pub side: String,
    pub outcome: OrderOutcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Micro-USDC.
    pub paid_micro: u64,
    /// Micro-USDC, after the fee.
    pub earned_micro: u64,
    /// Micro-USDC.
    pub refunded_micro: u64,
    /// What the trader sealed: micro-USDC per GPU-hour, GPUs, seconds.
    pub limit_micro: u64,
    pub qty: u16,
    pub duration_seconds: u32,
    /// What stood behind it: micro-USDC of a bid, GPUs of an ask.
    pub locked_micro: u64,
    pub lock_gpus: u64,
}

/// The batch's figures.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchFigures {
    pub index: u64,
    pub price_micro: Option<u64>,
    pub proof_millis: Option<u64>,
    pub clearing_compute_units: Option<u64>,
    /// The program accepted the clearing, so it verified its proof.
    pub cleared: bool,
}

impl BatchFigures {
    /// From the batch route's answer.
    pub fn of(batch: &Value) -> Self {
        Self {
            index: batch["index"].as_u64().unwrap_or(0),
            price_micro: batch["priceMicro"].as_u64(),
            proof_millis: batch["proofMillis"].as_u64(),
            clearing_compute_units: batch["clearingComputeUnits"].as_u64(),
            cleared: batch["phase"] == "cleared",
        }
    }
}

/// Everything the demo found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub batch: BatchFigures,
    pub orders: Vec<OrderLine>,
    pub vault_balanced: bool,
}

impl Report {
    /// Errors with the first thing that was not shown.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(self.batch.cleared, "batch {} was not cleared", self.batch.index);
        self.batch.price_micro.context("the batch cleared without a price: nothing traded")?;
        let any = |test: fn(&OrderLine) -> bool| self.orders.iter().any(test);
        ensure!(any(|line| line.outcome == OrderOutcome::Leased && line.paid_micro > 0), "no lease was paid");
        ensure!(any(|line| line.outcome == OrderOutcome::Refunded), "no loser was refunded");
        ensure!(self.vault_balanced, "the books do not balance");
        Ok(())
    }

    /// For people.
    pub fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED);
        table.set_header([
            "trader", "side", "GPUs", "hours", "limit", "lock", "outcome", "paid", "earned", "refunded",
            "order",
        ]);
        for line in &self.orders {
            table.add_row(row(line));
        }
        for column in [2, 3, 4, 5, 7, 8, 9] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        format!("{table}\n{}", self.summary())
    }

    fn summary(&self) -> String {
        let BatchFigures { index, price_micro, proof_millis, clearing_compute_units, cleared: _ } =
            &self.batch;
        let number = |value: &Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
        format!(
            "batch {index} cleared at {} USDC per GPU-hour · proof {} ms, verified by the program · {} compute \
             units · books {}",
            price_micro.map_or("-".to_owned(), decimal),
            number(proof_millis),
            number(clearing_compute_units),
            if self.vault_balanced { "balance" } else { "DO NOT BALANCE" },
        )
    }
}

fn row(line: &OrderLine) -> [String; 11] {
    let outcome = match (line.outcome, &line.reason) {
        (OrderOutcome::Leased, _) => "leased".to_owned(),
        (OrderOutcome::Refunded, Some(reason)) => format!("refunded ({reason})"),
        (OrderOutcome::Refunded, None) => "refunded".to_owned(),
    };
    [
        line.trader.clone(),
        line.side.clone(),
        line.qty.to_string(),
        hours(line.duration_seconds),
        decimal(line.limit_micro),
        if line.lock_gpus > 0 { format!("{} GPUs", line.lock_gpus) } else { decimal(line.locked_micro) },
        outcome,
        decimal(line.paid_micro),
        decimal(line.earned_micro),
        decimal(line.refunded_micro),
        line.order_id.chars().take(SHORT_ID).collect(),
    ]
}

fn hours(seconds: u32) -> String {
    format!("{}.{}", seconds / 3600, seconds % 3600 * 10 / 3600)
}

/// Enough of an order's id to tell it from the others; the document has all of it.
const SHORT_ID: usize = 8;
