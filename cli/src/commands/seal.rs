//! `obscura seal`: an order's commitment and the two bodies that commit and reveal it.
//!
//! Runs without network. Must never print a secret anywhere but on standard output.

use std::io::{Write, stdout};

use anyhow::Context;
use clap::{Args, ValueEnum};
use obscura_auction::order::Side;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use obscura_circuits::secret::Secret;
use obscura_client::pubkey::Pubkey;
use obscura_client::sealing::{Sealed, Terms, seal};
use rand::rngs::OsRng;

const EXAMPLES: &str = "Examples:
  A bid for 4 GPUs for an hour at up to 1.86 USDC per GPU-hour, for people:
    obscura seal --gpu-type \"H100 80GB\" --side bid --price-micro 1860000 --qty 4 --owner OWNER
  The same as one JSON document, that takes 2 GPUs too, for two hours:
    obscura seal --gpu-type \"H100 80GB\" --side bid --price-micro 1860000 --qty 4 \\
      --min-qty 2 --duration-seconds 7200 --owner OWNER --json
  An ask for 8 GPUs at 1.50 USDC per GPU-hour or more:
    obscura seal --gpu-type \"H100 80GB\" --side ask --price-micro 1500000 --qty 8 --owner OWNER --json

OWNER is the key that GET /v1/account shows as `owner`.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The market's GPU type, exactly as GET /v1/markets spells it.
    #[arg(long, value_name = "NAME")]
    gpu_type: String,

    /// Buy (bid) or provide (ask).
    #[arg(long)]
    side: SideArgument,

    /// Micro-USDC per GPU-hour: the most a bid pays, the least an ask takes.
    #[arg(long, value_name = "MICRO", value_parser = unit::<PriceMicro>)]
    price_micro: PriceMicro,

    /// GPUs wanted or offered.
    #[arg(long, value_name = "GPUS", value_parser = unit::<Gpus>)]
    qty: Gpus,

    /// The fewest GPUs a bid takes; by default all or none. An ask's is always 1.
    #[arg(long, value_name = "GPUS", value_parser = unit::<Gpus>)]
    min_qty: Option<Gpus>,

    /// How long a bid's lease runs (default 3600), or the longest an ask serves (default 2592000).
    #[arg(long, value_name = "SECONDS", value_parser = unit::<DurationSeconds>)]
    duration_seconds: Option<DurationSeconds>,

    /// The trader's key in base58: only orders sealed for it can be revealed by it.
    #[arg(long, value_name = "KEY", value_parser = owner)]
    owner: Pubkey,

    /// 64 hex digits; by default freshly drawn. Never seal two orders with one secret.
    #[arg(long, value_name = "HEX")]
    secret: Option<String>,

    /// Print one JSON document: commitHash, secret, orderId, commitBody, revealBody.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum SideArgument {
    Bid,
    Ask,
}

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { gpu_type, side, price_micro, qty, min_qty, duration_seconds, owner, secret, json } =
        arguments;
    let side = match side {
        SideArgument::Bid => Side::Bid,
        SideArgument::Ask => Side::Ask,
    };
    let terms = Terms { gpu_type, side, price: price_micro, qty, min_qty, duration: duration_seconds };
    let secret = match secret {
        Some(text) => Secret::from_hex(&text).context("--secret")?,
        None => Secret::random(&mut OsRng),
    };
    let sealed = seal(&terms, &owner, secret)?;
    let text = if json { serde_json::to_string(&sealed)? } else { for_people(&sealed)? };
    writeln!(stdout(), "{text}").context("cannot write to standard output")
}

fn for_people(sealed: &Sealed) -> anyhow::Result<String> {
    let commit = curl("commit", &serde_json::to_string(&sealed.commit_body)?);
    let reveal = curl("reveal", &serde_json::to_string(&sealed.reveal_body)?);
    Ok(format!(
        "commitHash  {}
secret      {}
            Keep it: an order that is not revealed cannot trade, and loses its reveal deposit.
orderId     {}

1. While the batch is open (POOL and API_KEY are your pool's address and your key):
{commit}
2. In the reveal window, the last third of the batch:
{reveal}",
        sealed.commit_hash,
        sealed.secret.to_hex().as_str(),
        sealed.order_id,
    ))
}

fn curl(action: &str, body: &str) -> String {
    format!(
        "curl -sS \"$POOL/v1/orders/{action}\" -H \"Authorization: Bearer $API_KEY\" \\
  -H 'content-type: application/json' -d {}
",
        shell_quoted(body)
    )
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Reads a whole number and checks its range; the message names both.
fn unit<U: TryFrom<u64, Error: std::fmt::Display>>(text: &str) -> Result<U, String> {
    let number: u64 = text.parse().map_err(|_| "give a whole number, digits only".to_owned())?;
    U::try_from(number).map_err(|error| error.to_string())
}

fn owner(text: &str) -> Result<Pubkey, String> {
    text.parse().map_err(|_| "give the owner's public key in base58, 32 to 44 characters".to_owned())
}
