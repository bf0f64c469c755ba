//! `obscura market create` and `schedule`: what the authority says of a market.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use obscura_auction::order::MarketTag;
use obscura_client::accounts::{Market, terms_at};
use obscura_client::address;
use obscura_client::idl::types::{CreateMarketArgs, ScheduleMarketArgs};
use obscura_client::instructions::authority::{create_market, schedule_market};
use obscura_client::placing::running;

use super::NO_MARKET;
use super::terms_file::TermsFile;
use crate::chain;
use crate::chain::options::Signing;
use crate::chain::session::{Session, Step};
use crate::commands::provider::parse;

const CREATE_EXAMPLES: &str = "Examples:
    obscura market create \"B200 192GB\" --terms terms.json --batch-seconds 45 --clear-seconds 45 \\
      --keypair authority.json --dry-run

terms.json (or .toml) names the matcher and every parameter, as `obscura market show --json` does:
    {\"matcher\": \"...\", \"feeBps\": 100, \"maxOrders\": 256, \"minDurationSeconds\": 3600, ...}
A market, its batch length and its clearing time are for ever; its terms can be changed for later batches.";

const SCHEDULE_EXAMPLES: &str = "Examples:
  A lower fee from ten batches on; what the file leaves out stays as it is:
    echo '{\"feeBps\": 50}' > change.json
    obscura market schedule \"H100 80GB\" --terms change.json --in 10 --keypair authority.json --dry-run
  Another matcher from a batch of your choice:
    obscura market schedule \"H100 80GB\" --terms change.json --from-batch 5000 --keypair authority.json";

#[derive(Args)]
#[command(after_help = CREATE_EXAMPLES)]
pub struct CreateArguments {
    /// 1 to 32 printable characters.
    gpu_type: String,

    /// Matcher and parameters, JSON or TOML.
    #[arg(long, value_name = "FILE")]
    terms: PathBuf,

    /// Length of a batch, 3 to 3600 seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 45)]
    batch_seconds: u32,

    /// How long the matcher has to clear, 10 to 600 seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 45)]
    clear_seconds: u32,

    /// Start of the first batch, seconds from now on the chain's clock.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    starts_in: u32,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
#[command(after_help = SCHEDULE_EXAMPLES)]
pub struct ScheduleArguments {
    /// The market's GPU type.
    gpu_type: String,

    /// What changes, JSON or TOML.
    #[arg(long, value_name = "FILE")]
    terms: PathBuf,

    /// The first batch under the new terms; it must be later than the one that runs.
    #[arg(long, value_name = "INDEX", required_unless_present = "after", conflicts_with = "after")]
    from_batch: Option<u64>,

    /// The same, counted from the batch that runs.
    #[arg(long = "in", id = "after", value_name = "BATCHES", value_parser = clap::value_parser!(u64).range(1..))]
    after: Option<u64>,

    #[command(flatten)]
    signing: Signing,
}

pub fn create(arguments: &CreateArguments) -> anyhow::Result<ExitCode> {
    let CreateArguments { gpu_type, terms, batch_seconds, clear_seconds, starts_in, signing } = arguments;
    let terms = read(terms)?.terms(None).with_context(|| terms.display().to_string())?;
    chain::run(async {
        let session = Session::open(signing).await?;
        let market = CreateMarketArgs {
            gpu_type: gpu_type.clone(),
            genesis: session.now().await?.saturating_add(i64::from(*starts_in)),
            batch_seconds: *batch_seconds,
            clear_seconds: *clear_seconds,
            terms,
        };
        let step = create_market(session.payer(), session.key(), market);
        let address = address::market(MarketTag::of(gpu_type));
        session.submit(Step::new("create market", [step]).naming("market", address.to_string())).await
    })
}

pub fn schedule(arguments: &ScheduleArguments) -> anyhow::Result<ExitCode> {
    let ScheduleArguments { gpu_type, terms, from_batch, after, signing } = arguments;
    let change = read(terms)?;
    chain::run(async {
        let session = Session::open(signing).await?;
        let address = address::market(MarketTag::of(gpu_type));
        let market: Market = session.get(&address, NO_MARKET).await?;
        let from_batch = match (from_batch, after, running(&market, session.now().await?)?) {
            (Some(index), _, _) => *index,
            (None, Some(after), Some(batch)) => batch.index.saturating_add(*after),
            _ => bail!("the market's first batch has not begun: name one with --from-batch"),
        };
        let terms = change.terms(Some(terms_at(&market, from_batch)))?;
        let step = schedule_market(session.key(), address, ScheduleMarketArgs { from_batch, terms });
        session.submit(Step::new("schedule", [step]).naming("fromBatch", from_batch)).await
    })
}

fn read(path: &Path) -> anyhow::Result<TermsFile> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(path, &text)
}
