//! `obscura withdraw`: USDC from the trader account to its owner's wallet, and nowhere else.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use obscura_client::instructions::owner::withdraw;
use obscura_client::wallet::open_token_account;

use crate::chain;
use crate::chain::arguments::amount;
use crate::chain::options::Signing;
use crate::chain::session::{Session, Step};

const EXAMPLES: &str = "Examples:
    obscura withdraw usdc 12.5 --keypair owner.json --dry-run
    obscura withdraw usdc 12.5 --keypair owner.json

OBSC leaves by `obscura stake unstake`, and after its delay by `obscura stake withdraw`. A delegate can
never withdraw.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Only USDC leaves this way.
    currency: Withdrawable,

    /// For example 12.5; at most six decimals.
    #[arg(value_name = "AMOUNT", value_parser = amount)]
    amount: u64,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Clone, Copy, ValueEnum)]
enum Withdrawable {
    Usdc,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { currency: Withdrawable::Usdc, amount, signing } = arguments;
    chain::run(async {
        let session = Session::open(&signing).await?;
        let (owner, mint) = (session.key(), session.mints.usdc);
        let steps = [open_token_account(&session.payer(), &owner, &mint), withdraw(owner, &mint, amount)];
        session.submit(Step::new("withdraw", steps).naming("amountMicro", amount)).await
    })
}
