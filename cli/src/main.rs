//! The `obscura` command: parse, call the SDK, print.
//!
//! Must never hold logic that a script could want: that belongs in the SDK. Bad input ends with exit
//! code 2 and a message that says what to do.

mod chain;
mod commands;
mod new_file;
mod output;
mod progress_bar;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{
    account, batch, bench, clear, delegate, deploy, deposit, lease, market, matcher, mcp, order, provider,
    seal, stake, treasury, verify, withdraw, zkey,
};
use obscura_client::causes::in_one_line;

/// Trade GPU leases in a dark pool: seal orders, move money, serve leases, clear and check books.
#[derive(Parser)]
#[command(name = "obscura", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Seal an order: short for `order seal`.
    Seal(seal::Arguments),
    /// Clear a book of orders, or check a clearing of one.
    Clear(clear::Arguments),
    /// Check a receipt without a network, and say what was proven: short for `receipt verify`.
    Verify(verify::Arguments),
    /// Everything about receipts.
    #[command(subcommand)]
    Receipt(ReceiptCommand),
    /// Bring the program, its settings, keys, bond and markets onto a cluster.
    Deploy(Box<deploy::Arguments>),
    /// Measure how fast this machine clears, proves and verifies.
    Bench(bench::Arguments),
    /// Everything about orders.
    #[command(subcommand)]
    Order(order::Command),
    /// An owner's money in the program, and who may act for it.
    #[command(subcommand)]
    Account(account::Command),
    /// Move USDC or OBSC into a trader account: short for `account deposit`.
    Deposit(deposit::Arguments),
    /// Move USDC out to the owner's wallet: short for `account withdraw`.
    Withdraw(withdraw::Arguments),
    /// The one key that may act for an owner: short for `account delegate`.
    #[command(subcommand)]
    Delegate(delegate::Command),
    /// OBSC behind asks and bonds: short for `account stake`.
    #[command(subcommand)]
    Stake(stake::Command),
    /// What a provider says about its machines.
    #[command(subcommand)]
    Provider(provider::Command),
    /// Leases: what buyers, providers and anyone may do to them.
    #[command(subcommand)]
    Lease(lease::Command),
    /// Markets, and what the authority decides about them.
    #[command(subcommand)]
    Market(market::Command),
    /// One batch of a market.
    #[command(subcommand)]
    Batch(batch::Command),
    /// A matcher's bond, and what it pays.
    #[command(subcommand)]
    Matcher(matcher::Command),
    /// Fees and forfeited deposits.
    #[command(subcommand)]
    Treasury(treasury::Command),
    /// Serve the tools to an agent's host on this machine, with the secrets in a local vault.
    Mcp(Box<mcp::Arguments>),
    /// Proving keys from a ceremony: what goes in, and what comes out.
    #[command(subcommand)]
    Zkey(zkey::Command),
}

#[derive(Subcommand)]
enum ReceiptCommand {
    /// Check a receipt without a network, and say what was proven.
    Verify(verify::Arguments),
}

/// What every bad input ends with, as `clap` does it.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Seal(arguments) => seal::run(arguments).map(|()| ExitCode::SUCCESS),
        Command::Order(command) => order::run(command),
        Command::Account(command) => account::run(command),
        Command::Deposit(arguments) => deposit::run(arguments),
        Command::Withdraw(arguments) => withdraw::run(arguments),
        Command::Delegate(command) => delegate::run(command),
        Command::Stake(command) => stake::run(command),
        Command::Provider(command) => provider::run(command),
        Command::Lease(command) => lease::run(command),
        Command::Market(command) => market::run(command),
        Command::Batch(command) => batch::run(command),
        Command::Matcher(command) => matcher::run(command),
        Command::Treasury(command) => treasury::run(command),
        Command::Clear(arguments) => clear::run(arguments),
        Command::Verify(arguments) | Command::Receipt(ReceiptCommand::Verify(arguments)) => {
            verify::run(arguments)
        }
        Command::Bench(arguments) => bench::run(arguments).map(|()| ExitCode::SUCCESS),
        Command::Deploy(arguments) => deploy::run(*arguments),
        Command::Mcp(arguments) => mcp::run(*arguments),
        Command::Zkey(command) => zkey::run(command),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", in_one_line(error.as_ref()));
            ExitCode::from(USAGE)
        }
    }
}
