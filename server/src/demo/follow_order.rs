//! What an agent does with one order, from its sealing to its end: whatever `nextActions` and the order's
//! state ask for.
//!
//! The secret is drawn and kept here, on the agent's side. A window that was missed by a moment is waited
//! for; anything else that a tool refuses is the caller's to judge.

use std::time::Duration;

use anyhow::{Context, bail};
use obscura_auction::order::Side;
use obscura_circuits::secret::Secret;
use obscura_client::sealing::{Sealed, seal};
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;

use super::mcp_client::{McpClient, Refused};
use super::plan::PlannedOrder;

/// Wait of one `lease-status` call. It is told of what changes after its first look: what changed just
/// before that is seen by the next call.
const WAIT_SECONDS: u32 = 10;
/// The same while leases end, which takes a moment.
const SHORT_WAIT_SECONDS: u32 = 2;
/// A batch that was missed is followed by another; this many in a row mean something else.
const MAX_LATE: u32 = 8;
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// An order that is over.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The order as its owner sees it at the end.
    pub last: Value,
    /// Batches that it came too late for.
    pub late: u32,
}

/// Seals `planned`, and follows it to its end.
pub async fn follow(mcp: &McpClient, planned: &PlannedOrder) -> anyhow::Result<Ended> {
    OrderRun { mcp, planned }.follow().await
}

struct OrderRun<'a> {
    mcp: &'a McpClient,
    planned: &'a PlannedOrder,
}

impl OrderRun<'_> {
    async fn follow(&self) -> anyhow::Result<Ended> {
        let sealed = self.seal().await?;
        let (mut status, late) = self.commit(&sealed).await?;
        let id = status["orderId"].as_str().context("commit returned no orderId")?.to_owned();
        loop {
            status = match status["state"].as_str() {
                Some("committed") if suggests(&status, "reveal") => self.reveal(&sealed).await?,
                Some("refundable") => self.mcp.call("refund", json!({ "orderId": id })).await?,
                Some("leased") => self.end_leases(&id, &status).await?,
                Some("closed" | "refunded") => return Ok(Ended { last: status, late }),
                Some(_) => self.wait(&id, WAIT_SECONDS).await?,
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

    /// The order once it is in a batch, and how many it was late for.
    async fn commit(&self, sealed: &Sealed) -> anyhow::Result<(Value, u32)> {
        let mut arguments = serde_json::to_value(&sealed.commit_body)?;
        if let Some(micro) = self.planned.max_total_micro {
            arguments["maxTotalMicro"] = micro.into();
        }
        if let Some(gpus) = self.planned.lock_gpus {
            arguments["lockGpus"] = gpus.into();
        }
        let mut late = 0;
        loop {
            match self.mcp.call("commit", arguments.clone()).await {
                Err(error) if late < MAX_LATE && came_late(&error) => {
                    late += 1;
                    self.wait_for_another_batch().await?;
                }
                outcome => return Ok((outcome?, late)),
            }
        }
    }

    async fn wait_for_another_batch(&self) -> anyhow::Result<()> {
        let market = json!({ "gpuType": self.planned.terms.gpu_type });
        let missed = self.mcp.call("quote", market.clone()).await?["batch"]["index"].clone();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let quote = self.mcp.call("quote", market.clone()).await?;
            if quote["batch"]["index"] != missed && quote["batch"]["phase"] == "open" {
                return Ok(());
            }
        }
    }

    async fn reveal(&self, sealed: &Sealed) -> anyhow::Result<Value> {
        self.mcp.call("reveal", serde_json::to_value(&sealed.reveal_body)?).await
    }

    async fn wait(&self, id: &str, seconds: u32) -> anyhow::Result<Value> {
        self.mcp.call("lease-status", json!({ "orderId": id, "waitSeconds": seconds })).await
    }

    /// A buyer has seen enough of its leases; a provider waits until they end.
    async fn end_leases(&self, id: &str, status: &Value) -> anyhow::Result<Value> {
        if self.planned.terms.side == Side::Bid {
            for lease in status["leases"].as_array().into_iter().flatten() {
                if lease["state"] == "active" {
                    self.mcp.call("release", json!({ "leaseId": lease["leaseId"] })).await?;
                }
            }
        }
        self.wait(id, SHORT_WAIT_SECONDS).await
    }
}

/// The batch stopped taking commits before this one arrived.
fn came_late(error: &anyhow::Error) -> bool {
    let refused = error.downcast_ref::<Refused>();
    refused
        .is_some_and(|refused| matches!(refused.code.as_str(), "wrong_phase" | "batch_full" | "unavailable"))
}

fn suggests(status: &Value, tool: &str) -> bool {
    let actions = status["nextActions"].as_array();
    actions.is_some_and(|actions| actions.iter().any(|action| action["tool"] == tool))
}
