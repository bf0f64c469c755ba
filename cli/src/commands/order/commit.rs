//! `obscura order commit`: a sealed order goes into the batch that takes commits.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::Args;
use obscura_auction::batch_clock::Phase;
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Side};
use obscura_client::accounts::{Market, terms_at};
use obscura_client::address;
use obscura_client::instructions::trade::{Commit, commit};
use obscura_client::placing::{least_lock, rounded_up, running};

use crate::chain;
use crate::chain::arguments::{amount, cap, sealed_order};
use crate::chain::options::Acting;
use crate::chain::session::{Session, Step};
use crate::commands::market::NO_MARKET;

const EXAMPLES: &str = "Examples:
  Seal a bid, keep the file, try the commit, then send it:
    obscura seal --gpu-type \"H100 80GB\" --side bid --price-micro 1860000 --qty 4 --owner OWNER --json > bid.json
    obscura order commit --opening bid.json --keypair owner.json --dry-run
    obscura order commit --opening bid.json --keypair owner.json
  A delegate commits for its owner, and locks exactly 20 USDC:
    obscura order commit --opening bid.json --lock 20 --owner OWNER --keypair delegate.json --json

Only the hash and the lock are sent; keep the file, it holds the secret. By default a bid locks what it can
cost, rounded up to the next 1, 2 or 5 with zeros, so that the lock does not give its size away. An ask locks
stake for its GPUs. Order fee and reveal deposit are locked besides.
Then reveal it to the pool's matcher in the last third of the batch (POST /v1/orders/reveal).";

/// Short batches take commits for two seconds: longer than this the next one is never far.
const POLL: Duration = Duration::from_millis(200);
/// A market that does not open within an hour has a genesis ahead.
const MAX_POLLS: u32 = 18_000;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The order as `obscura seal --json` printed it.
    #[arg(long, value_name = "FILE")]
    opening: PathBuf,

    /// A bid: USDC to lock, more or as much as it can cost. [default: rounded up]
    #[arg(long, value_name = "USDC", value_parser = amount, conflicts_with = "lock_gpus")]
    lock: Option<u64>,

    /// An ask: GPUs to lock, more or as many as it offers. [default: as many]
    #[arg(long, value_name = "GPUS")]
    lock_gpus: Option<u64>,

    /// USDC that order fee and reveal deposit may come to. [default: what the market asks for now]
    #[arg(long, value_name = "USDC", value_parser = cap)]
    max_charges: Option<u64>,

    #[command(flatten)]
    acting: Acting,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { opening, lock, lock_gpus, max_charges, acting } = arguments;
    let sealed = sealed_order(opening)?;
    chain::run(async {
        let session = Session::open(&acting.signing).await?;
        let owner = acting.owner.unwrap_or(session.key());
        let order = sealed.opening(&owner)?.order;
        let market_address = address::market(MarketTag::of(&sealed.terms.gpu_type));
        let market: Market = session.get(&market_address, NO_MARKET).await?;
        let batch_index = open_batch(&session, &market).await?;
        let terms = terms_at(&market, batch_index);
        let least = least_lock(&order, terms.params.min_collateral);
        let asked = match (order.side, lock, lock_gpus) {
            (Side::Bid, None, None) => rounded_up(least.amount),
            (Side::Ask, None, None) => least.amount,
            (Side::Bid, Some(amount), None) | (Side::Ask, None, Some(amount)) => *amount,
            (Side::Bid, ..) => bail!("a bid locks USDC: say --lock, not --lock-gpus"),
            (Side::Ask, ..) => bail!("an ask locks GPUs: say --lock-gpus, not --lock"),
        };
        if asked < least.amount {
            bail!(
                "the order needs a lock of at least {}, not {asked}: it could never be included",
                least.amount
            );
        }
        let charges = terms.params.order_fee.saturating_add(terms.params.reveal_deposit);
        let placed = Commit {
            payer: session.payer(),
            authority: session.key(),
            owner,
            market: market_address,
            matcher: terms.matcher,
            batch_index,
            order_id: sealed.order_id,
            commit_hash: sealed.commit_hash,
            lock: Lock { side: order.side, amount: asked },
            max_charges: max_charges.unwrap_or(charges),
        };
        let step = Step::new("commit", [commit(&placed)])
            .naming("orderId", sealed.order_id.to_string())
            .naming("order", address::order(&owner, sealed.order_id).to_string())
            .naming("batchIndex", batch_index)
            .naming("batch", address::batch(&market_address, batch_index).to_string());
        session.submit(step).await
    })
}

/// The batch that takes commits, waiting for the next one while reveals run.
async fn open_batch(session: &Session, market: &Market) -> anyhow::Result<u64> {
    let mut told = false;
    for _ in 0..MAX_POLLS {
        let now = session.now().await?;
        if let Some(batch) = running(market, now)?
            && batch.phase == Phase::Open
            && (batch.reveal_opens_at - now > 1 || market.batch_seconds < 5)
        {
            return Ok(batch.index);
        }
        if !told {
            eprintln!("no batch takes commits now: waiting for the next one to open");
            told = true;
        }
        tokio::time::sleep(POLL).await;
    }
    bail!("no batch of this market has opened: try again later")
}
