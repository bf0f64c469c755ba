//! `obscura provider`: what a provider says about its machines.
//!
//! Nothing of it is proven, and the help says so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use obscura_client::accounts::Provider;
use obscura_client::address;
use obscura_client::figures::Figures;
use obscura_client::hardware::Hardware;
use obscura_client::idl::types::ProviderArgs;
use obscura_client::instructions::owner::{register_provider, update_provider};

use super::stake;
use crate::chain::options::{Looking, Signing};
use crate::chain::session::{Session, Step, get};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
    obscura provider register --file machines.toml --keypair provider.json --dry-run
    obscura provider register --file machines.toml --keypair provider.json
    obscura provider update --file machines.toml --keypair provider.json
    obscura provider register --description machines.pdf --label \"four H100\" --host-key HOST \\
      --gpu-type \"H100 80GB\" --gpus 4 --keypair provider.json
    obscura provider show --owner PROVIDER --json

machines.toml (or the same as JSON in a file that ends in .json):
    label = \"four H100 in Reykjavik\"
    hostKey = \"...\"           # what the host daemon signs with, base58
    gpuType = \"H100 80GB\"     # the one market whose GPUs these are
    gpus = 4
    gpuMemoryGib = 80
    cpuCores = 64
    memoryGib = 512
    diskGib = 4000
    uplinkMbps = 10000
Whatever else the file says does not go on chain. The SHA-256 of the whole file does: publish the file, and
buyers can compare. Nothing of it is proven; what backs an ask is the stake that it locks.";

#[derive(Subcommand)]
pub enum Command {
    /// Publish what the signing key offers, once; its trader account must be open.
    #[command(after_help = EXAMPLES)]
    Register(DescribeArguments),
    /// Replace everything that was published.
    #[command(after_help = EXAMPLES)]
    Update(DescribeArguments),
    /// What a provider published.
    #[command(after_help = EXAMPLES)]
    Show(Looking),
    /// OBSC behind asks: the same as `obscura stake`.
    #[command(subcommand)]
    Stake(stake::Command),
}

#[derive(Args)]
pub struct DescribeArguments {
    /// The full description of the machines, TOML or JSON, with the fields below in it.
    #[arg(long, value_name = "FILE", required_unless_present = "description")]
    file: Option<PathBuf>,

    /// Or a description of any kind, of which only the hash goes on chain; the rest is said by these flags.
    #[arg(
        long, value_name = "FILE", conflicts_with = "file",
        requires_all = ["label", "host_key", "gpu_type", "gpus"]
    )]
    description: Option<PathBuf>,

    #[command(flatten)]
    flags: Flags,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
#[command(next_help_heading = "With --description")]
pub struct Flags {
    /// 1 to 64 printable characters.
    #[arg(long, requires = "description")]
    label: Option<String>,

    /// What the host daemon signs with.
    #[arg(long, value_name = "PUBKEY", requires = "description")]
    host_key: Option<String>,

    /// The one market whose GPUs these are.
    #[arg(long, value_name = "NAME", requires = "description")]
    gpu_type: Option<String>,

    #[arg(long, requires = "description")]
    gpus: Option<u16>,

    #[arg(long, value_name = "GIB", default_value_t = 0, requires = "description")]
    gpu_memory_gib: u16,

    #[arg(long, value_name = "CORES", default_value_t = 0, requires = "description")]
    cpu_cores: u16,

    #[arg(long, value_name = "GIB", default_value_t = 0, requires = "description")]
    memory_gib: u32,

    #[arg(long, value_name = "GIB", default_value_t = 0, requires = "description")]
    disk_gib: u32,

    #[arg(long, value_name = "MBPS", default_value_t = 0, requires = "description")]
    uplink_mbps: u32,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Register(arguments) => {
            let described = described(&arguments)?;
            chain::run(async {
                let session = Session::open(&arguments.signing).await?;
                let hash = hex::encode(described.hardware_hash);
                let step = register_provider(session.payer(), session.key(), described);
                session.submit(Step::new("register provider", [step]).naming("hardwareHash", hash)).await
            })
        }
        Command::Update(arguments) => {
            let described = described(&arguments)?;
            chain::run(async {
                let session = Session::open(&arguments.signing).await?;
                let hash = hex::encode(described.hardware_hash);
                let step = update_provider(session.key(), described);
                session.submit(Step::new("update provider", [step]).naming("hardwareHash", hash)).await
            })
        }
        Command::Show(looking) => show_provider(&looking),
        Command::Stake(command) => stake::run(command),
    }
}

fn show_provider(looking: &Looking) -> anyhow::Result<ExitCode> {
    let owner = looking.owner()?;
    chain::run(async {
        let ledger = looking.node.ledger();
        let address = address::provider(&owner);
        let hint = format!("{owner} has not registered as a provider: `obscura provider register`");
        let provider: Provider = get(&ledger, &looking.node, &address, &hint).await?;
        let figures = provider.figures();
        Ok(Answer::done(show::one(looking.node.json, "provider", &address, &figures)))
    })
}

fn described(arguments: &DescribeArguments) -> anyhow::Result<ProviderArgs> {
    let DescribeArguments { file, description, flags, signing: _ } = arguments;
    let path = file.as_ref().or(description.as_ref()).context("say --file or --description")?;
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let hardware = if file.is_some() {
        let text = std::str::from_utf8(&bytes).with_context(|| format!("{}: not a text", path.display()))?;
        parse(path, text)?
    } else {
        flags.hardware().context("--description needs --label, --host-key, --gpu-type and --gpus")?
    };
    hardware.provider_args(&bytes).with_context(|| path.display().to_string())
}

impl Flags {
    /// None where one is missing that has no default.
    fn hardware(&self) -> Option<Hardware> {
        let Self {
            label,
            host_key,
            gpu_type,
            gpus,
            gpu_memory_gib,
            cpu_cores,
            memory_gib,
            disk_gib,
            uplink_mbps,
        } = self;
        Some(Hardware {
            label: label.clone()?,
            host_key: host_key.clone()?,
            gpu_type: gpu_type.clone()?,
            gpus: (*gpus)?,
            gpu_memory_gib: *gpu_memory_gib,
            cpu_cores: *cpu_cores,
            memory_gib: *memory_gib,
            disk_gib: *disk_gib,
            uplink_mbps: *uplink_mbps,
        })
    }
}

/// JSON or TOML, by the file's ending.
pub fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> anyhow::Result<T> {
    let name = || path.display().to_string();
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => {
            let mut reader = serde_json::Deserializer::from_str(text);
            Ok(serde_path_to_error::deserialize(&mut reader).with_context(name)?)
        }
        Some("toml") => Ok(toml::from_str(text).with_context(name)?),
        _ => bail!("{}: name it .toml or .json, so that it is clear which of the two it is", name()),
    }
}
