//! What is kept of each order: what its agent wanted, and what the pool says became of it.

use serde::Serialize;
use serde_json::Value;

use crate::strategy::{Decision, Outcome, Strategy};

/// One order from its decision to its end. Money in micro-USDC, prices per GPU-hour.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    pub round: u32,
    pub agent: String,
    pub strategy: Strategy,
    pub order_id: String,
    pub batch_index: u64,
    pub limit_micro: u64,
    /// GPUs wanted or offered.
    pub qty: u16,
    /// GPUs traded.
    pub traded: u16,
    /// Seconds times GPUs that were traded.
    pub gpu_seconds: u64,
    pub clearing_price_micro: Option<u64>,
    pub locked_micro: u64,
    /// Order fee and reveal deposit.
    pub charges_micro: u64,
    pub paid_micro: u64,
    pub earned_micro: u64,
    pub refunded_micro: u64,
    /// Why it ended without a lease, where it did.
    pub reason: Option<String>,
    /// Batches that it came too late for.
    pub late: u32,
    /// Owner's key, base58.
    #[serde(skip)]
    pub owner: String,
}

/// Whose order it is, and what it was to be.
pub struct Placed<'a> {
    pub round: u32,
    pub agent: &'a str,
    pub strategy: Strategy,
    pub decision: Decision,
}

impl Record {
    /// From the pool's last word on the order.
    pub fn of(placed: Placed<'_>, last: &Value, late: u32) -> Self {
        let Placed { round, agent, strategy, decision } = placed;
        let micro = |field: &str| last[field].as_u64().unwrap_or(0);
        let text = |field: &str| last[field].as_str().unwrap_or_default().to_owned();
        let traded = Traded::of(last);
        Self {
            round,
            agent: agent.to_owned(),
            strategy,
            order_id: text("orderId"),
            batch_index: micro("batchIndex"),
            limit_micro: decision.limit,
            qty: decision.qty,
            traded: traded.gpus,
            gpu_seconds: traded.gpu_seconds,
            clearing_price_micro: last["clearingPriceMicro"].as_u64().filter(|price| *price > 0),
            locked_micro: micro("lockedMicro"),
            charges_micro: micro("orderFeeMicro") + micro("revealDepositMicro"),
            paid_micro: micro("paidMicro"),
            earned_micro: micro("earnedMicro"),
            refunded_micro: micro("refundedMicro"),
            reason: last["reason"].as_str().map(Into::into),
            late,
            owner: text("owner"),
        }
    }

    pub fn filled(&self) -> bool {
        self.traded > 0
    }

    pub fn outcome(&self) -> Outcome {
        Outcome { qty: self.traded, paid: self.paid_micro, clearing_price: self.clearing_price_micro }
    }

    /// What the order moved out of its owner's account, as the pool tells it.
    pub fn moved_out(&self) -> i128 {
        let taken = i128::from(self.locked_micro) + i128::from(self.charges_micro);
        taken - i128::from(self.refunded_micro) - i128::from(self.earned_micro)
    }
}

struct Traded {
    gpus: u16,
    gpu_seconds: u64,
}

impl Traded {
    /// Leases that were paid.
    fn of(last: &Value) -> Self {
        let mut traded = Self { gpus: 0, gpu_seconds: 0 };
        for lease in last["leases"].as_array().into_iter().flatten() {
            let gpus = lease["qty"].as_u64().and_then(|gpus| u16::try_from(gpus).ok());
            if let Some(gpus) = gpus.filter(|_| lease["paidMicro"].as_u64().unwrap_or(0) > 0) {
                traded.gpus += gpus;
                traded.gpu_seconds += u64::from(gpus) * lease["durationSeconds"].as_u64().unwrap_or(0);
            }
        }
        traded
    }
}
