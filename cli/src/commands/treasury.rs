//! `obscura treasury`: fees and forfeited deposits, and what somebody sent to a vault by mistake.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use obscura_client::accounts::Books;
use obscura_client::address;
use obscura_client::figures::Figures;
use obscura_client::instructions::anyone::sweep_donations;
use obscura_client::instructions::authority::withdraw_treasury;
use obscura_client::wallet::open_token_account;

use super::deposit::Currency;
use crate::chain::arguments::amount;
use crate::chain::options::{Node, Signing};
use crate::chain::session::{Session, Step, get};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
    obscura treasury show --json
    obscura treasury withdraw usdc 25 --keypair authority.json --dry-run
    obscura treasury sweep usdc --keypair anyone.json";

#[derive(Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// What the pool owes in all, and how much of it is the treasury's.
    #[command(after_help = EXAMPLES)]
    Show(Node),
    /// The authority takes some of the treasury to its own wallet.
    #[command(after_help = EXAMPLES)]
    Withdraw(WithdrawArguments),
    /// Count what a vault holds beyond the books into the treasury; anyone may.
    #[command(after_help = EXAMPLES)]
    Sweep(SweepArguments),
}

#[derive(Args)]
pub struct WithdrawArguments {
    currency: Currency,

    /// For example 25; at most six decimals.
    #[arg(value_name = "AMOUNT", value_parser = amount)]
    amount: u64,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
pub struct SweepArguments {
    currency: Currency,

    #[command(flatten)]
    signing: Signing,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show(node) => show_books(&node),
        Command::Withdraw(WithdrawArguments { currency, amount, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            let (authority, mint) = (session.key(), currency.mint(&session));
            let steps = [
                open_token_account(&session.payer(), &authority, &mint),
                withdraw_treasury(authority, &mint, amount),
            ];
            session.submit(Step::new("withdraw treasury", steps).naming("amountMicro", amount)).await
        }),
        Command::Sweep(SweepArguments { currency, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            let step = sweep_donations(currency.mint(&session));
            session.submit(Step::new("sweep donations", [step])).await
        }),
    }
}

fn show_books(node: &Node) -> anyhow::Result<ExitCode> {
    chain::run(async {
        let address = address::books();
        let books: Books =
            get(&node.ledger(), node, &address, "is there a pool on this chain? See --rpc-url").await?;
        let figures = books.figures();
        Ok(Answer::done(show::one(node.json, "books", &address, &figures)))
    })
}
