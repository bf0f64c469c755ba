//! The `obscura` command: parse, call the SDK, print.
//!
//! Must never hold logic that a script could want: that belongs in the SDK. Bad input ends with exit
//! code 2 and a message that says what to do.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::seal;
use obscura_client::causes::in_one_line;

/// Trade GPU leases in a dark pool: seal orders on your own machine.
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
    /// Everything about orders.
    #[command(subcommand)]
    Order(OrderCommand),
}

#[derive(Subcommand)]
enum OrderCommand {
    /// Seal an order: its commitment, its secret, and both request bodies.
    Seal(seal::Arguments),
}

/// What every bad input ends with, as `clap` does it.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Seal(arguments) | Command::Order(OrderCommand::Seal(arguments)) => seal::run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", in_one_line(error.as_ref()));
            ExitCode::from(USAGE)
        }
    }
}
