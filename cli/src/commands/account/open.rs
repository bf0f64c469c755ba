//! `obscura account open`: an empty trader account for the signing key.

use std::process::ExitCode;

use clap::Args;
use obscura_client::address;
use obscura_client::instructions::owner::open_trader;

use crate::chain;
use crate::chain::options::Signing;
use crate::chain::session::{Session, Step};

const EXAMPLES: &str = "Examples:
  Try it first, then do it:
    obscura account open --keypair owner.json --dry-run
    obscura account open --keypair owner.json
  Let another key pay the rent:
    obscura account open --keypair owner.json --fee-payer payer.json --json";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    signing: Signing,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    chain::run(async {
        let session = Session::open(&arguments.signing).await?;
        let owner = session.key();
        let step = Step::new("open account", [open_trader(session.payer(), owner)])
            .naming("owner", owner.to_string())
            .naming("trader", address::trader(&owner).to_string());
        session.submit(step).await
    })
}
