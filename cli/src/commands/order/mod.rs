//! `obscura order`: sealing an order, and its life on the chain without a pool in between.

mod commit;
mod look;
mod refund;
mod reveal;

use std::process::ExitCode;

use clap::Subcommand;

use super::seal;

#[derive(Subcommand)]
pub enum Command {
    /// Seal an order: its commitment, its secret, and both request bodies.
    Seal(seal::Arguments),
    /// Put a sealed order into the batch that takes commits, and lock what backs it.
    Commit(commit::Arguments),
    /// PUBLIC reveal: show an order's terms to EVERYONE, for ever, so that the matcher must include it.
    Reveal(reveal::Arguments),
    /// Where an order stands, by the chain.
    Status(look::StatusArguments),
    /// End an order that is over, and give back what is left of it. Anyone may.
    Refund(refund::Arguments),
    /// Orders of an owner.
    List(look::ListArguments),
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Seal(arguments) => seal::run(arguments).map(|()| ExitCode::SUCCESS),
        Command::Commit(arguments) => commit::run(&arguments),
        Command::Reveal(arguments) => reveal::run(&arguments),
        Command::Status(arguments) => look::status(&arguments),
        Command::Refund(arguments) => refund::run(&arguments),
        Command::List(arguments) => look::list(&arguments),
    }
}
