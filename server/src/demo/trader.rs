//! One trader of the swarm: an MCP client that seals its own order and follows
//! `nextActions`.

use std::time::Duration;

use anyhow::{Context, bail};
use obscura_auction::order::{Order, Side};
use obscura_circuits::secret::Secret;
use obscura_client::sealing::{Sealed, seal};
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;

use super::mcp_client::McpClient;
use super::plan::PlannedOrder;
use super::report::{OrderLine, OrderOutcome};
use crate::local::DemoAccount;

/// Longest wait of one `lease-status` call.
const WAIT_SECONDS: u32 = 40;

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
        let last = self.follow().await.with_context(|| format!("trader {}", self.name))?;
        let Self { name, mcp, planned } = self;
        mcp.close().await?;
        Ok(Outcome { name, sealed: planned.terms.order(), last })
    }

    async fn follow(&self) -> anyhow::Result<Value> {
        let sealed = self.seal().await?;
        let order = self.commit(&sealed).await?;
        let id = order["orderId"].as_str().context("commit returned no orderId")?.to_owned();
        let mut status = order;
        loop {
            status = match status["state"].as_str() {
                Some("committed") if suggests(&status, "reveal") => self.reveal(&sealed).await?,
                Some("refundable") => self.mcp.call("refund", json!({ "orderId": id })).await?,
                Some("leased") => self.end_leases(&id, &status).await?,
                Some("closed" | "refunded") => return Ok(status),
                Some(_) => self.wait(&id).await?,
                None => bail!("the pool told no state"),
            };
        }
    }

    async fn seal(&self) -> anyhow::Result<Sealed> {
        let account = self.mcp.call("account", json!({})).await?;
        let owner = account["owner"].as_str().context("the account has no owner")?;
        let owner: Pubkey = owner.parse().context("the owner is no public key")?;
        Ok(seal(&self.planned.terms, &owner, Secret::random(&mut rand::rngs::OsRng))?)
    }

    async fn commit(&self, sealed: &Sealed) -> anyhow::Result<Value> {
        let mut arguments = serde_json::to_value(&sealed.commit_body)?;
        if let Some(micro) = self.planned.max_total_micro {
            arguments["maxTotalMicro"] = micro.into();
        }
        if let Some(gpus) = self.planned.lock_gpus {
            arguments["lockGpus"] = gpus.into();
        }
        self.mcp.call("commit", arguments).await
    }

    async fn reveal(&self, sealed: &Sealed) -> anyhow::Result<Value> {
        self.mcp.call("reveal", serde_json::to_value(&sealed.reveal_body)?).await
    }

    async fn wait(&self, id: &str) -> anyhow::Result<Value> {
        self.mcp.call("lease-status", json!({ "orderId": id, "waitSeconds": WAIT_SECONDS })).await
    }

    /// A buyer has seen enough of its leases; a provider waits until they end.
    async fn end_leases(&self, id: &str, status: &Value) -> anyhow::Result<Value> {
        if self.planned.terms.side == Side::Ask {
            return self.wait(id).await;
        }
        for lease in status["leases"].as_array().into_iter().flatten() {
            if lease["state"] == "active" {
                self.mcp.call("release", json!({ "leaseId": lease["leaseId"] })).await?;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        self.mcp.call("lease-status", json!({ "orderId": id })).await
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

fn suggests(status: &Value, tool: &str) -> bool {
    let actions = status["nextActions"].as_array();
    actions.is_some_and(|actions| actions.iter().any(|action| action["tool"] == tool))
}
