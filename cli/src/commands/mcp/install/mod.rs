//! `obscura mcp install`: the entry that makes a host start `obscura mcp`, written into the host's own file.
//!
//! Other entries, comments and layout stay as they are; what was there is kept beside it. Must never write an
//! API key into a host's file: they are synced, shared and shown.

mod change;
mod entry;
mod host;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};

use super::arguments::ServeArguments;
use crate::output;
use change::{Change, Outcome};
use entry::Entry;
use host::{Host, Places};

const EXAMPLES: &str = "Examples:
  See what would be written, for every host that is on this machine:
    obscura mcp install --api-key-file ~/.config/obscura/api-key --dry-run
  One host, with public reveals as the way out of a silent matcher:
    obscura mcp install --host claude-code --api-key-file api-key --keypair owner.json
  Gone again:
    obscura mcp install --uninstall

The key's file is named in the entry, never its content. The file of before stays as FILE.before-obscura.
Restart the host afterwards.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Which host. `all` means every one that has a folder on this machine.
    #[arg(long, value_enum, value_name = "HOST", default_value_t = HostArgument::All)]
    host: HostArgument,

    /// What the entry is called.
    #[arg(long, value_name = "NAME", default_value = "obscura")]
    name: String,

    /// Write nothing: print what would change, as a diff.
    #[arg(long)]
    dry_run: bool,

    /// Print one line of JSON.
    #[arg(long)]
    json: bool,

    /// Remove the entry.
    #[arg(long)]
    uninstall: bool,

    #[command(flatten)]
    serve: ServeArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum HostArgument {
    All,
    ClaudeDesktop,
    ClaudeCode,
    Cursor,
    Vscode,
}

impl HostArgument {
    fn hosts(self) -> Vec<Host> {
        match self {
            Self::All => Host::ALL.to_vec(),
            Self::ClaudeDesktop => vec![Host::ClaudeDesktop],
            Self::ClaudeCode => vec![Host::ClaudeCode],
            Self::Cursor => vec![Host::Cursor],
            Self::Vscode => vec![Host::Vscode],
        }
    }
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { host, name, dry_run, json, uninstall, serve } = arguments;
    let places = Places::of_this_machine()?;
    let entry = if *uninstall { None } else { Some(Entry::new(serve)?) };
    let mut told = Vec::new();
    for one in host.hosts() {
        let path = places.file_of(one);
        if *host == HostArgument::All && !places.has(one) {
            told.push(Told { host: one, path, outcome: Outcome::Absent });
            continue;
        }
        let change = Change::plan(&path, one, name, entry.as_ref())?;
        let outcome = if *dry_run { change.shown() } else { change.make()? };
        told.push(Told { host: one, path, outcome });
    }
    if told.iter().all(|one| matches!(one.outcome, Outcome::Absent)) {
        bail!("none of the hosts is on this machine: name one with --host and its file is made");
    }
    tell(&told, *json)?;
    Ok(ExitCode::SUCCESS)
}

/// What became of one host's file.
struct Told {
    host: Host,
    path: PathBuf,
    outcome: Outcome,
}

fn tell(told: &[Told], json: bool) -> anyhow::Result<()> {
    if json {
        let all: Vec<Value> = told.iter().map(Told::json).collect();
        return output::line(&json!({ "hosts": all }).to_string());
    }
    for one in told {
        output::line(&one.words())?;
    }
    Ok(())
}

impl Told {
    fn json(&self) -> Value {
        let Self { host, path, outcome } = self;
        let mut document = json!({ "host": host.name(), "file": path, "outcome": outcome.name() });
        match outcome {
            Outcome::Planned { diff } => document["diff"] = diff.clone().into(),
            Outcome::Written { kept } => document["kept"] = json!(kept),
            Outcome::Unchanged | Outcome::Absent => {}
        }
        document
    }

    fn words(&self) -> String {
        let Self { host, path, outcome } = self;
        let (host, path) = (host.name(), path.display());
        match outcome {
            Outcome::Planned { diff } => format!("{host}: would change {path}\n{}", diff.trim_end()),
            Outcome::Written { kept: Some(kept) } => {
                format!("{host}: wrote {path}; the file of before is {}", kept.display())
            }
            Outcome::Written { kept: None } => format!("{host}: wrote {path}"),
            Outcome::Unchanged => format!("{host}: {path} is as it should be"),
            Outcome::Absent => format!("{host}: not on this machine"),
        }
    }
}
