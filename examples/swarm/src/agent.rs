//! One agent: a mind, and the MCP client through which it sees and acts.

use anyhow::Context;
use obscura_auction::order::Side;
use obscura_server::demo::{Ended, McpClient, PlannedOrder, follow};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use crate::market_view::MarketView;
use crate::options::Options;
use crate::record::{Placed, Record};
use crate::strategy::{Buyer, Mind, Provider, Strategy};
use crate::venue::Seat;

/// A connected agent.
pub struct Agent {
    name: String,
    gpu_type: String,
    mcp: McpClient,
    mind: Mind,
}

/// An owner's money at one moment, in micro-USDC.
pub struct Wallet {
    /// Base58.
    pub owner: String,
    pub micro: u64,
}

impl Agent {
    /// Its strategy is its turn's; its draws are its own stream of the seed.
    pub async fn connect(
        mcp_url: &str,
        seat: &Seat,
        number: u64,
        seed: u64,
        options: &Options,
    ) -> anyhow::Result<Self> {
        let mcp = McpClient::connect(mcp_url, &seat.api_key).await?;
        let mut draws = ChaCha8Rng::seed_from_u64(seed);
        draws.set_stream(number);
        let turns = Strategy::of_side(seat.side).iter().cycle();
        let turn = usize::try_from(number).unwrap_or(0);
        let strategy = *turns.clone().nth(turn).context("a side has strategies")?;
        let mind = match seat.side {
            Side::Bid => Mind::Buyer(Buyer::new(strategy, draws)),
            Side::Ask => Mind::Provider(Provider::new(strategy, draws)),
        };
        Ok(Self { name: seat.name.clone(), gpu_type: options.gpu_type.clone(), mcp, mind })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn strategy(&self) -> Strategy {
        self.mind.strategy()
    }

    /// Looks, decides, trades and learns; `None` where it sits the round out.
    pub async fn play(&mut self, round: u32) -> anyhow::Result<Option<Record>> {
        let quote = self.mcp.call("quote", json!({ "gpuType": self.gpu_type })).await?;
        let Some(decision) = self.mind.decide(&MarketView::of(&quote, round)) else {
            return Ok(None);
        };
        let strategy = self.mind.strategy();
        let planned = PlannedOrder::of(decision.terms(&self.gpu_type, strategy.side())?);
        let Ended { last, late } = follow(&self.mcp, &planned).await?;
        let record = Record::of(Placed { round, agent: &self.name, strategy, decision }, &last, late);
        self.mind.learn(&record.outcome());
        Ok(Some(record))
    }

    /// Micro-USDC that were paid over the batches that a quote counts.
    pub async fn total_paid(&self) -> anyhow::Result<u64> {
        let quote = self.mcp.call("quote", json!({ "gpuType": self.gpu_type })).await?;
        quote["totalPaidMicro"].as_u64().context("the quote tells no total")
    }

    pub async fn wallet(&self) -> anyhow::Result<Wallet> {
        let account = self.mcp.call("account", json!({})).await?;
        let micro =
            |field: &str| account[field].as_u64().with_context(|| format!("the account has no {field}"));
        let owner = account["owner"].as_str().context("the account has no owner")?.to_owned();
        Ok(Wallet { owner, micro: micro("availableMicro")? + micro("lockedMicro")? })
    }

    pub async fn leave(self) -> anyhow::Result<()> {
        self.mcp.close().await
    }
}
