//! `obscura stake`: the OBSC that backs asks and bonds, and its slow way out.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use obscura_client::accounts::Trader;
use obscura_client::address;
use obscura_client::figures::Figures;
use obscura_client::instructions::owner::{begin_unstake, withdraw_stake};
use obscura_client::wallet::open_token_account;
use serde_json::Value;

use super::deposit::{Currency, deposit};
use crate::chain::arguments::amount;
use crate::chain::options::{Looking, Signing};
use crate::chain::session::{Session, Step, get};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
  Back four GPUs at 100 OBSC each:
    obscura stake deposit 400 --keypair provider.json
  Take some back: it stays slashable for 24 hours, then it may leave:
    obscura stake unstake 100 --keypair provider.json --dry-run
    obscura stake show --keypair provider.json
    obscura stake withdraw --keypair provider.json";

#[derive(Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Move OBSC in: the same as `obscura deposit obsc`.
    #[command(after_help = EXAMPLES)]
    Deposit(AmountArguments),
    /// Start the delay after which OBSC may leave. The delay of all that is unstaking starts anew.
    #[command(after_help = EXAMPLES)]
    Unstake(AmountArguments),
    /// Move out all OBSC whose delay is over, to the owner's wallet.
    #[command(after_help = EXAMPLES)]
    Withdraw(Signing),
    /// Available, locked and unstaking OBSC.
    #[command(after_help = EXAMPLES)]
    Show(Looking),
}

#[derive(Args)]
pub struct AmountArguments {
    /// OBSC, for example 400; at most six decimals.
    #[arg(value_name = "AMOUNT", value_parser = amount)]
    amount: u64,

    #[command(flatten)]
    signing: Signing,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Deposit(AmountArguments { amount, signing }) => deposit(&signing, Currency::Obsc, amount),
        Command::Unstake(AmountArguments { amount, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            let step = Step::new("unstake", [begin_unstake(session.key(), amount)]);
            session.submit(step.naming("amountMicro", amount)).await
        }),
        Command::Withdraw(signing) => chain::run(async {
            let session = Session::open(&signing).await?;
            let (owner, mint) = (session.key(), session.mints.obsc);
            let steps = [open_token_account(&session.payer(), &owner, &mint), withdraw_stake(owner, &mint)];
            session.submit(Step::new("withdraw stake", steps)).await
        }),
        Command::Show(looking) => show_stake(&looking),
    }
}

fn show_stake(looking: &Looking) -> anyhow::Result<ExitCode> {
    let owner = looking.owner()?;
    chain::run(async {
        let ledger = looking.node.ledger();
        let address = address::trader(&owner);
        let hint = "its owner opens it with `obscura account open`";
        let trader: Trader = get(&ledger, &looking.node, &address, hint).await?;
        let is_stake = |name: &str| name.starts_with("obsc") || name == "unstakesAt";
        let mut figures = trader.figures();
        figures.retain(|figure| is_stake(&figure.name));
        Ok(Answer::done(if looking.node.json {
            Value::Object(show::object(&address, &figures)).to_string()
        } else {
            show::card("stake of", &owner, &figures)
        }))
    })
}
