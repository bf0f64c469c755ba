//! `obscura market authority`: who decides about markets, and how that passes on.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use obscura_client::accounts::Settings;
use obscura_client::address;
use obscura_client::figures::Figures;
use obscura_client::instructions::authority::{accept_authority, propose_authority};
use obscura_client::pubkey::Pubkey;

use crate::chain::options::{Node, Signing};
use crate::chain::session::{Session, Step, get};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
    obscura market authority show --json
    obscura market authority propose NEW --keypair authority.json --dry-run
    obscura market authority propose --nobody --keypair authority.json
    obscura market authority accept --keypair new.json";

#[derive(Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// The settings: authority, mints, pause.
    #[command(after_help = EXAMPLES)]
    Show(Node),
    /// Authority: name who may take its place by accepting it.
    #[command(after_help = EXAMPLES)]
    Propose(ProposeArguments),
    /// The proposed key takes over.
    #[command(after_help = EXAMPLES)]
    Accept(Signing),
}

#[derive(Args)]
pub struct ProposeArguments {
    /// The new authority's public key.
    #[arg(value_name = "PUBKEY", required_unless_present = "nobody")]
    proposed: Option<Pubkey>,

    /// Take a proposal back.
    #[arg(long, conflicts_with = "proposed")]
    nobody: bool,

    #[command(flatten)]
    signing: Signing,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show(node) => show_settings(&node),
        Command::Propose(ProposeArguments { proposed, nobody: _, signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            session.submit(Step::new("propose authority", [propose_authority(session.key(), proposed)])).await
        }),
        Command::Accept(signing) => chain::run(async {
            let session = Session::open(&signing).await?;
            session.submit(Step::new("accept authority", [accept_authority(session.key())])).await
        }),
    }
}

fn show_settings(node: &Node) -> anyhow::Result<ExitCode> {
    chain::run(async {
        let address = address::settings();
        let hint = "is there a pool on this chain? See --rpc-url";
        let settings: Settings = get(&node.ledger(), node, &address, hint).await?;
        let figures = settings.figures();
        Ok(Answer::done(show::one(node.json, "settings", &address, &figures)))
    })
}
