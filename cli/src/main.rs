//! The `obscura` command: parse, call the SDK, print.
//!
//! Must never hold logic that a script could want: that belongs in the SDK. Bad input ends with exit
//! code 2 and a message that says what to do.

mod commands;
mod new_file;
mod output;
mod progress_bar;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{bench, clear, deploy, seal, verify, zkey};
use obscura_client::causes::in_one_line;

/// Trade GPU leases in a dark pool: seal orders and clear books on your own machine.
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
    Order(OrderCommand),
    /// Proving keys from a ceremony: what goes in, and what comes out.
    #[command(subcommand)]
    Zkey(zkey::Command),
}

#[derive(Subcommand)]
enum OrderCommand {
    /// Seal an order: its commitment, its secret, and both request bodies.
    Seal(seal::Arguments),
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
        Command::Seal(arguments) | Command::Order(OrderCommand::Seal(arguments)) => {
            seal::run(arguments).map(|()| ExitCode::SUCCESS)
        }
        Command::Clear(arguments) => clear::run(arguments),
        Command::Verify(arguments) | Command::Receipt(ReceiptCommand::Verify(arguments)) => {
            verify::run(arguments)
        }
        Command::Bench(arguments) => bench::run(arguments).map(|()| ExitCode::SUCCESS),
        Command::Deploy(arguments) => deploy::run(*arguments),
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
