//! `obscura matcher`: a matcher's bond, what it answers for, and what it pays.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use obscura_client::accounts::{Batch, Matcher, Order};
use obscura_client::acknowledgement::Acknowledgement;
use obscura_client::address;
use obscura_client::deadlines::{answered_until, is_past};
use obscura_client::figures::Figures;
use obscura_client::instructions::anyone::{check_acknowledgement, discharge_batch, slash_matcher};
use obscura_client::instructions::matcher::{bond_matcher, retire_matcher, unbond_matcher};
use serde_json::Value;

use crate::chain::arguments::amount;
use crate::chain::options::{Looking, Signing};
use crate::chain::session::{Session, Step, get};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
  Bond 10,000 OBSC out of the available stake of the same key, and take some back:
    obscura matcher bond 10000 --keypair matcher.json --dry-run
    obscura matcher discharge --keypair matcher.json
    obscura matcher unbond 500 --keypair matcher.json
  Take no more commits, or take them again:
    obscura matcher retire --keypair matcher.json
    obscura matcher retire --undo --keypair matcher.json
  Bond and exposure of a matcher:
    obscura matcher show --owner MATCHER --json
  Make a matcher pay that acknowledged your order and left it out. The file is the answer to your reveal, or
  its `acknowledgement` alone; anyone may do this, and the order's owner is paid:
    obscura matcher slash --acknowledgement answer.json --keypair anyone.json --dry-run";

#[derive(Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Put OBSC of the signing key's trader account behind its clearings.
    #[command(after_help = EXAMPLES)]
    Bond(AmountArguments),
    /// Take back what no batch rests on.
    #[command(after_help = EXAMPLES)]
    Unbond(AmountArguments),
    /// Take no more commits, so that the batches run out and the bond can leave.
    #[command(after_help = EXAMPLES)]
    Retire(RetireArguments),
    /// A matcher's bond, exposure and open batches.
    #[command(after_help = EXAMPLES)]
    Show(Looking),
    /// Free a matcher from batches that are long over; all that are ready, up to a few at once.
    #[command(after_help = EXAMPLES)]
    Discharge(DischargeArguments),
    /// Make a matcher pay for an order that it acknowledged and left out.
    #[command(after_help = EXAMPLES)]
    Slash(SlashArguments),
}

#[derive(Args)]
pub struct AmountArguments {
    /// OBSC, for example 10000; at most six decimals.
    #[arg(value_name = "AMOUNT", value_parser = amount)]
    amount: u64,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
pub struct RetireArguments {
    /// Take commits again.
    #[arg(long)]
    undo: bool,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
pub struct DischargeArguments {
    /// The matcher's key [default: the signing key].
    #[arg(long, value_name = "PUBKEY")]
    matcher: Option<obscura_client::pubkey::Pubkey>,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
pub struct SlashArguments {
    /// The pool's answer to the reveal, or its `acknowledgement`, as JSON.
    #[arg(long, value_name = "FILE")]
    acknowledgement: PathBuf,

    #[command(flatten)]
    signing: Signing,
}

/// So many fit one transaction.
const MAX_DISCHARGES: usize = 8;

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Bond(AmountArguments { amount, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            let step = bond_matcher(session.payer(), session.key(), amount);
            session.submit(Step::new("bond", [step]).naming("amountMicro", amount)).await
        }),
        Command::Unbond(AmountArguments { amount, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            let step = unbond_matcher(session.key(), amount);
            session.submit(Step::new("unbond", [step]).naming("amountMicro", amount)).await
        }),
        Command::Retire(RetireArguments { undo, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            session.submit(Step::new("retire matcher", [retire_matcher(session.key(), !undo)])).await
        }),
        Command::Show(looking) => show_matcher(&looking),
        Command::Discharge(arguments) => discharge(&arguments),
        Command::Slash(arguments) => slash(&arguments),
    }
}

fn show_matcher(looking: &Looking) -> anyhow::Result<ExitCode> {
    let key = looking.owner()?;
    chain::run(async {
        let ledger = looking.node.ledger();
        let address = address::matcher(&key);
        let hint = format!("{key} has bonded nothing: `obscura matcher bond`");
        let matcher: Matcher = get(&ledger, &looking.node, &address, &hint).await?;
        let figures = matcher.figures();
        Ok(Answer::done(show::one(looking.node.json, "matcher", &address, &figures)))
    })
}

fn discharge(arguments: &DischargeArguments) -> anyhow::Result<ExitCode> {
    let DischargeArguments { matcher, signing } = arguments;
    chain::run(async {
        let session = Session::open(signing).await?;
        let matcher = matcher.unwrap_or(session.key());
        let clock = session.clock().await?;
        let mut batches = session.list::<Batch>().await?;
        batches.retain(|(_, batch)| {
            batch.matcher == matcher && !batch.discharged && is_past(&answered_until(batch), clock)
        });
        if batches.is_empty() {
            anyhow::bail!(
                "no batch of {matcher} is ready: a matcher answers for a batch until ten minutes after its end"
            );
        }
        batches.truncate(MAX_DISCHARGES);
        let names: Vec<Value> = batches.iter().map(|(address, _)| address.to_string().into()).collect();
        let steps = batches.iter().map(|(address, batch)| discharge_batch(*address, batch));
        session.submit(Step::new("discharge", steps).naming("batches", names)).await
    })
}

fn slash(arguments: &SlashArguments) -> anyhow::Result<ExitCode> {
    let SlashArguments { acknowledgement, signing } = arguments;
    let acknowledgement = read(acknowledgement)?;
    chain::run(async {
        let session = Session::open(signing).await?;
        let address = acknowledgement.order();
        let order: Order =
            session.get(&address, "the acknowledgement names an order of another pool").await?;
        let batch: Batch = session.get(&order.batch, "its order names no batch").await?;
        let steps = [
            check_acknowledgement(
                &acknowledgement.matcher,
                acknowledgement.message(),
                &acknowledgement.signature,
            ),
            slash_matcher(address, &order, &batch),
        ];
        session.submit(Step::new("slash", steps).naming("order", address.to_string())).await
    })
}

fn read(path: &Path) -> anyhow::Result<Acknowledgement> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Acknowledgement::read(&text).with_context(|| path.display().to_string())
}
