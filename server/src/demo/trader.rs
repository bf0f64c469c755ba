//! One trader of the demo: an account, an MCP client and one order.

use anyhow::Context;
use obscura_auction::order::Order;
use serde_json::{Value, json};

use super::follow_order::{Ended, follow};
use super::mcp_client::McpClient;
use super::plan::PlannedOrder;
use super::report::{OrderLine, OrderOutcome};
use crate::local::DemoAccount;

/// A connected trader with its order.
pub struct Trader {
    name: String,
    mcp: McpClient,
    planned: PlannedOrder,
}

/// How a trader's order ended.
pub struct Outcome {
    name: String,
    sealed: Order,
    last: Value,
}

impl Trader {
    /// Connects, and looks at the market as any agent would.
    pub async fn connect(
        mcp_url: &str,
        account: &DemoAccount,
        planned: PlannedOrder,
    ) -> anyhow::Result<Self> {
        let mcp = McpClient::connect(mcp_url, &account.api_key).await?;
        mcp.call("quote", json!({ "gpuType": planned.terms.gpu_type })).await?;
        Ok(Self { name: account.name.clone(), mcp, planned })
    }

    /// From commit to the order's end.
    pub async fn trade(self) -> anyhow::Result<Outcome> {
        let Self { name, mcp, planned } = self;
        let Ended { last, .. } = follow(&mcp, &planned).await.with_context(|| format!("trader {name}"))?;
        mcp.close().await?;
        Ok(Outcome { name, sealed: planned.terms.order(), last })
    }
}

impl Outcome {
    pub fn was_leased(&self) -> bool {
        self.outcome() == OrderOutcome::Leased
    }

    pub fn batch_index(&self) -> u64 {
        self.last["batchIndex"].as_u64().unwrap_or(0)
    }

    pub fn into_line(self) -> OrderLine {
        let outcome = self.outcome();
        let Self { name, sealed, last } = self;
        let micro = |field: &str| last[field].as_u64().unwrap_or(0);
        OrderLine {
            order_id: last["orderId"].as_str().unwrap_or_default().to_owned(),
            trader: name,
            side: last["side"].as_str().unwrap_or_default().to_owned(),
            outcome,
            reason: last["reason"].as_str().map(Into::into),
            paid_micro: micro("paidMicro"),
            earned_micro: micro("earnedMicro"),
            refunded_micro: micro("refundedMicro"),
            limit_micro: sealed.price.get(),
            qty: sealed.qty.get(),
            duration_seconds: sealed.duration.get(),
            locked_micro: micro("lockedMicro"),
            lock_gpus: micro("lockGpus"),
        }
    }

    fn outcome(&self) -> OrderOutcome {
        match self.last["state"].as_str() {
            Some("closed") => OrderOutcome::Leased,
            _ => OrderOutcome::Refunded,
        }
    }
}
