//! `obscura account`: one owner's money in the program, and who may act for it.

mod open;
mod show;

use std::process::ExitCode;

use clap::Subcommand;

use super::{delegate, deposit, stake, withdraw};

#[derive(Subcommand)]
pub enum Command {
    /// Open the trader account of a key, empty.
    Open(open::Arguments),
    /// Balances, delegate, live orders and open leases of an owner.
    Show(show::Arguments),
    /// Move USDC or OBSC in: short form `obscura deposit`.
    Deposit(deposit::Arguments),
    /// Move USDC out: short form `obscura withdraw`.
    Withdraw(withdraw::Arguments),
    /// The one key that may act for the owner, within limits: short form `obscura delegate`.
    #[command(subcommand)]
    Delegate(delegate::Command),
    /// OBSC behind asks and bonds, and its way out: short form `obscura stake`.
    #[command(subcommand)]
    Stake(stake::Command),
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Open(arguments) => open::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Deposit(arguments) => deposit::run(arguments),
        Command::Withdraw(arguments) => withdraw::run(arguments),
        Command::Delegate(command) => delegate::run(command),
        Command::Stake(command) => stake::run(command),
    }
}
