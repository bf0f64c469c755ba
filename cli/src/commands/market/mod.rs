//! `obscura market`: the markets, and what the authority decides about them.

mod authority;
mod create;
mod look;
mod terms_file;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use obscura_client::instructions::authority::{disable_verifying_key, set_paused};

use crate::chain;
use crate::chain::options::Signing;
use crate::chain::session::{Session, Step};

pub const NO_MARKET: &str = "`obscura market list` shows the names of all markets, exactly as they are spelt";

const PAUSE_EXAMPLES: &str = "Examples:
    obscura market pause --keypair authority.json --dry-run
    obscura market resume --keypair authority.json

A pause stops new commits in every market and nothing else: reveals, clearings, refunds and withdrawals go on.";

const KEY_EXAMPLES: &str = "Examples:
    obscura market disable-key 256 --keypair authority.json --dry-run

A disabled key never comes back. Batches that need it go void, without a penalty for their matcher.";

#[derive(Subcommand)]
pub enum Command {
    /// All markets, with the batch that runs.
    List(look::ListArguments),
    /// One market: its matcher, its parameters now and next, its batch and phase.
    Show(look::ShowArguments),
    /// Authority: open a market for another GPU type.
    Create(create::CreateArguments),
    /// Authority: another matcher or other parameters, from a later batch on.
    Schedule(create::ScheduleArguments),
    /// Authority: stop new commits in every market.
    #[command(after_help = PAUSE_EXAMPLES)]
    Pause(Signing),
    /// Authority: let commits through again.
    #[command(after_help = PAUSE_EXAMPLES)]
    Resume(Signing),
    /// Who decides, and how that passes on.
    #[command(subcommand)]
    Authority(authority::Command),
    /// Authority: disable a circuit's verifying key for ever.
    #[command(after_help = KEY_EXAMPLES)]
    DisableKey(KeyArguments),
}

#[derive(Args)]
pub struct KeyArguments {
    /// Slots of the circuit: 16, 64, 256 or 1024.
    size: u16,

    #[command(flatten)]
    signing: Signing,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List(arguments) => look::list(&arguments),
        Command::Show(arguments) => look::show_one(&arguments),
        Command::Create(arguments) => create::create(&arguments),
        Command::Schedule(arguments) => create::schedule(&arguments),
        Command::Pause(signing) => pause(&signing, true),
        Command::Resume(signing) => pause(&signing, false),
        Command::Authority(command) => authority::run(command),
        Command::DisableKey(KeyArguments { size, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            let step = Step::new("disable key", [disable_verifying_key(session.key(), size)]);
            session.submit(step.naming("size", size)).await
        }),
    }
}

fn pause(signing: &Signing, paused: bool) -> anyhow::Result<ExitCode> {
    chain::run(async {
        let session = Session::open(signing).await?;
        let verb = if paused { "pause" } else { "resume" };
        session.submit(Step::new(verb, [set_paused(session.key(), paused)])).await
    })
}
