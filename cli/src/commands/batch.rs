//! `obscura batch`: one batch of a market.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use obscura_auction::order::MarketTag;
use obscura_client::accounts::{Batch, Market};
use obscura_client::address;
use obscura_client::figures::Figures;
use obscura_client::instructions::anyone::{complete_settlement, discharge_batch};
use obscura_client::placing::running;
use obscura_client::pubkey::Pubkey;

use crate::chain::arguments::hash;
use crate::chain::options::{Node, Signing};
use crate::chain::session::{Session, Step, get, told};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
    obscura batch show \"H100 80GB\" 1204 --json
    obscura batch show \"H100 80GB\"            # the one that runs
    obscura batch discharge \"H100 80GB\" 1204 --keypair anyone.json --dry-run";

#[derive(Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Orders, clearing and deadlines of a batch.
    #[command(after_help = EXAMPLES)]
    Show(ShowArguments),
    /// Anyone: take a batch that is long over out of what its matcher answers for.
    #[command(after_help = EXAMPLES)]
    Discharge(DischargeArguments),
    /// Anyone: show that a row of the lease tree is empty, so that settlement ends there.
    #[command(after_help = EXAMPLES)]
    CompleteSettlement(CompleteArguments),
}

#[derive(Args)]
pub struct ShowArguments {
    /// The market's GPU type.
    gpu_type: String,

    /// The batch's index [default: the one that runs].
    index: Option<u64>,

    #[command(flatten)]
    node: Node,
}

#[derive(Args)]
pub struct DischargeArguments {
    /// The market's GPU type.
    gpu_type: String,

    /// The batch's index.
    index: u64,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
pub struct CompleteArguments {
    /// The market's GPU type.
    gpu_type: String,

    /// The batch's index.
    index: u64,

    /// The first row that is empty.
    #[arg(long)]
    row: u16,

    /// Its path from the leaf up, each 64 hex digits, separated by commas.
    #[arg(long, value_name = "HEX,...", value_delimiter = ',', value_parser = hash, required = true)]
    path: Vec<[u8; 32]>,

    #[command(flatten)]
    signing: Signing,
}

const NO_BATCH: &str = "a batch is on the chain from its first order on, and this one has none";

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show(arguments) => show_batch(&arguments),
        Command::Discharge(DischargeArguments { gpu_type, index, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            let address = address_of(&gpu_type, index);
            let batch: Batch = session.get(&address, NO_BATCH).await?;
            let step = Step::new("discharge", [discharge_batch(address, &batch)]);
            session.submit(step.naming("batch", address.to_string())).await
        }),
        Command::CompleteSettlement(CompleteArguments { gpu_type, index, row, path, signing }) => {
            chain::run(async {
                let session = Session::open(&signing).await?;
                let address = address_of(&gpu_type, index);
                let step = Step::new("complete settlement", [complete_settlement(address, row, path)]);
                session.submit(step.naming("batch", address.to_string())).await
            })
        }
    }
}

fn show_batch(arguments: &ShowArguments) -> anyhow::Result<ExitCode> {
    let ShowArguments { gpu_type, index, node } = arguments;
    chain::run(async {
        use obscura_client::ledger::Ledger;
        let ledger = node.ledger();
        let market = address::market(MarketTag::of(gpu_type));
        let index = match index {
            Some(index) => *index,
            None => {
                let market: Market = get(&ledger, node, &market, super::market::NO_MARKET).await?;
                let now = ledger.clock().await.map_err(|error| told(node, error))?;
                match running(&market, now.unix_seconds)? {
                    Some(batch) => batch.index,
                    None => bail!("the market's first batch has not begun"),
                }
            }
        };
        let address = address::batch(&market, index);
        let hint = format!("batch {index} has no orders: {NO_BATCH}");
        let batch: Batch = get(&ledger, node, &address, &hint).await?;
        let figures = batch.figures();
        Ok(Answer::done(show::one(node.json, "batch", &address, &figures)))
    })
}

fn address_of(gpu_type: &str, index: u64) -> Pubkey {
    address::batch(&address::market(MarketTag::of(gpu_type)), index)
}
