//! `obscura mcp`: the tools for a host on this machine, over a pool that may be anywhere and the vault that is
//! here.
//!
//! Standard output belongs to the protocol: everything else goes to standard error. Must never take an API key
//! or a secret on the command line, and never print one.

mod arguments;
mod install;
mod serve;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use arguments::ServeArguments;

const EXAMPLES: &str = "Examples:
  A host's entry, written for you (Claude Desktop, Claude Code, Cursor, VS Code):
    obscura mcp install --api-key-file ~/.config/obscura/api-key --keypair owner.json
  By hand, against a local pool:
    obscura mcp --api-key-file api-key --keypair owner.json
  Only tools that change nothing:
    obscura mcp --api-key-file api-key --read-only

The vault draws the secrets, keeps them encrypted, commits, and reveals by itself, also after a crash or a
restart in between. Openings leave this machine sealed to the matcher's key. With --rpc-url the key is read from
the chain, not taken from the pool; with --keypair besides, an order that the matcher does not acknowledge is
revealed in public, so that it must be included.";

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: ServeArguments,
}

#[derive(Subcommand)]
enum Command {
    /// Write the entry that makes a host start `obscura mcp`, or remove it.
    Install(install::Arguments),
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Some(Command::Install(install)) => install::run(&install),
        None => serve::run(arguments.serve),
    }
}
