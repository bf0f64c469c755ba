//! `obscura order reveal`: the public reveal.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use obscura_client::accounts::Order;
use obscura_client::address;
use obscura_client::instructions::trade::reveal;

use crate::chain;
use crate::chain::arguments::sealed_order;
use crate::chain::options::Acting;
use crate::chain::session::{Session, Step};

const EXAMPLES: &str = "THIS IS THE PUBLIC REVEAL. Price, size, duration and secret of the order go on the chain in the clear, where
everyone can read them for ever. Nothing takes that back. Even a dry run shows them to the node that you ask.

Use it when the matcher does not acknowledge your private reveal within four seconds: a publicly revealed
order must be included, or the batch cannot be cleared. The private reveal is POST /v1/orders/reveal, or the
tool `reveal`, at the pool.

Examples:
    obscura order reveal --opening bid.json --public --keypair owner.json --dry-run
    obscura order reveal --opening bid.json --public --keypair owner.json";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The order as `obscura seal --json` printed it.
    #[arg(long, value_name = "FILE")]
    opening: PathBuf,

    /// Yes: show the order's terms to everyone, for ever.
    #[arg(long, required = true)]
    public: bool,

    #[command(flatten)]
    acting: Acting,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { opening, public: _, acting } = arguments;
    let sealed = sealed_order(opening)?;
    chain::run(async {
        let session = Session::open(&acting.signing).await?;
        let owner = acting.owner.unwrap_or(session.key());
        let opening = sealed.opening(&owner)?;
        let address = address::order(&owner, sealed.order_id);
        let order: Order = session.get(&address, "commit it first: `obscura order commit`").await?;
        let step = reveal(session.key(), order.batch, sealed.order_id, &opening);
        let step = Step::new("public reveal", [step]).naming("orderId", sealed.order_id.to_string());
        session.submit(step).await
    })
}
