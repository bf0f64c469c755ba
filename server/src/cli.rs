//! The command line of the server: `serve` and `demo`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use obscura_client::amount::parse_micro;
use obscura_client::ledger::rpc::Commitment;
use obscura_client::pubkey::Pubkey;

use crate::mcp::McpConfig;
use crate::tools::{SurfaceOptions, Toolset};

/// Pool server of Obscura, a dark pool for GPU leases.
#[derive(Debug, Parser)]
#[command(name = "obscura-server", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Keep a pool running, local or on a cluster: HTTP under /v1, MCP at /mcp
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeArgs),
    /// Watch a small swarm trade, from nothing to settled leases
    #[command(after_help = DEMO_EXAMPLES)]
    Demo(DemoArgs),
    /// Give an owner an API key to a pool on a cluster; it is shown once
    #[command(after_help = API_KEY_EXAMPLES)]
    ApiKey(ApiKeyArgs),
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8402")]
    pub listen: SocketAddr,
    /// Folder of the pool; made on first use [default: the platform's data folder]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Length of a batch in seconds, fixed by the first start [default: 45 for a new folder]
    #[arg(
        long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..=3600), conflicts_with = "rpc_url"
    )]
    pub batch_seconds: Option<u32>,
    /// Most orders of a batch, fixed by the first start [default: 256 for a new folder]
    #[arg(long, value_name = "N", value_parser = max_orders_parser(), conflicts_with = "rpc_url")]
    pub max_orders: Option<u16>,
    /// Folder of a ceremony's keys, as `obscura zkey import` writes them: 16.key, 64.key and so on up to
    /// --max-orders; fixed by the first start [default: development keys, under which anybody can forge proofs]
    #[arg(long, value_name = "DIR")]
    pub proving_keys: Option<PathBuf>,
    #[command(flatten)]
    pub agents: AgentArgs,
    #[command(flatten)]
    pub cluster: ClusterArgs,
}

/// What agents are shown over MCP.
#[derive(Debug, Args)]
#[command(next_help_heading = "For agents")]
pub struct AgentArgs {
    /// Tools for whom
    #[arg(long, value_name = "WHOM", default_value = "all")]
    pub toolset: ToolsetArg,
    /// Only tools that change nothing
    #[arg(long)]
    pub read_only: bool,
    /// Above this many USDC of maxTotalMicro a person has to agree to an order, through a client that can ask
    /// [default: never]
    #[arg(long, value_name = "USDC", value_parser = parse_micro)]
    pub confirm_above: Option<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ToolsetArg {
    Buyer,
    Provider,
    All,
}

impl AgentArgs {
    pub fn surface(&self) -> SurfaceOptions {
        let toolset = match self.toolset {
            ToolsetArg::Buyer => Toolset::Buyer,
            ToolsetArg::Provider => Toolset::Provider,
            ToolsetArg::All => Toolset::All,
        };
        SurfaceOptions { toolset, read_only: self.read_only }
    }

    pub fn mcp(&self) -> McpConfig {
        McpConfig { confirm_above_micro: self.confirm_above }
    }
}

/// A pool on a real cluster.
#[derive(Debug, Args)]
#[command(next_help_heading = "On a cluster")]
pub struct ClusterArgs {
    /// JSON-RPC address of a Solana node: the pool runs on its cluster. It may hold an API key, and is never shown
    #[arg(
        long,
        value_name = "URL",
        env = "OBSCURA_RPC_URL",
        hide_env_values = true,
        requires = "program_id",
        requires = "keypair"
    )]
    pub rpc_url: Option<String>,
    /// Address of the program, which this binary must have been built for
    #[arg(long, value_name = "PUBKEY", requires = "rpc_url")]
    pub program_id: Option<Pubkey>,
    /// Key file of the matcher: it signs acknowledgements and clearings, and its bond answers for them
    #[arg(long, value_name = "FILE", requires = "rpc_url")]
    pub keypair: Option<PathBuf>,
    /// Key file of the relayer: it pays all fees, and owners name it their delegate [default: keys/relayer.json in
    /// the data folder, made on first use]
    #[arg(long, value_name = "FILE", requires = "rpc_url")]
    pub relayer: Option<PathBuf>,
    /// How sure the cluster must be of what orders are taken on
    #[arg(long, value_name = "LEVEL", default_value = "confirmed")]
    pub commitment: CommitmentArg,
    /// How sure it must be of a clearing before leases open and money moves
    #[arg(long, value_name = "LEVEL", default_value = "finalized")]
    pub settle_commitment: CommitmentArg,
    /// Micro-lamports offered for each compute unit
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub priority_fee: u64,
    /// A market to serve, once for each [default: all whose matcher is the key of --keypair]
    #[arg(long = "market", value_name = "GPU_TYPE", requires = "rpc_url")]
    pub markets: Vec<String>,
    /// Seal, keep and reveal orders for callers that send `"sealing":"pool"`: the pool then knows their terms from
    /// the commit on. A local pool always does
    #[arg(long, requires = "rpc_url")]
    pub pool_sealing: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CommitmentArg {
    Confirmed,
    Finalized,
}

impl From<CommitmentArg> for Commitment {
    fn from(argument: CommitmentArg) -> Self {
        match argument {
            CommitmentArg::Confirmed => Self::Confirmed,
            CommitmentArg::Finalized => Self::Finalized,
        }
    }
}

#[derive(Debug, Args)]
pub struct ApiKeyArgs {
    /// The pool's folder; the pool may be running
    #[arg(long, value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Whose trader account the key acts for
    #[arg(long, value_name = "PUBKEY")]
    pub owner: Pubkey,
    /// A name for it, for whoever runs the pool
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub label: String,
}

/// One of the circuit sizes.
fn max_orders_parser() -> impl TypedValueParser<Value = u16> {
    let sizes = ["16", "64", "256", "1024"];
    PossibleValuesParser::new(sizes).try_map(|text| text.parse::<u16>())
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Buyers
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub agents: u16,
    /// Providers
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub providers: u16,
    /// Length of a batch in seconds [default: 45]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..=3600))]
    pub batch_seconds: Option<u32>,
    /// Print one JSON document instead of a table
    #[arg(long)]
    pub json: bool,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  obscura-server serve
  obscura-server serve --listen 127.0.0.1:0 --data-dir ./pool --batch-seconds 10
  obscura-server serve --data-dir ./pool --max-orders 16 --proving-keys ./keys
  obscura-server serve --toolset buyer --confirm-above 25
  obscura-server serve --rpc-url https://api.devnet.solana.com --program-id ID --keypair matcher.json
  curl -H \"Authorization: Bearer $KEY\" http://127.0.0.1:8402/v1/account

When it is ready it prints one JSON line with its addresses; a local pool adds two API keys of funded demo
accounts, and its chain answers at /rpc as a Solana node. docs/RUNBOOK.md says how a cluster is made ready.
Everything else goes to stderr; RUST_LOG sets how much. With --proving-keys the chain of a new data directory
refuses development keys, and the keys of the folder are registered and frozen before the markets open;
docs/CEREMONY.md says how to get them.";

const API_KEY_EXAMPLES: &str = "\
Examples:
  obscura-server api-key --data-dir ./pool --owner 7xKX... --label alice

Prints one JSON line. The key can do nothing until the owner names the pool's relayer its delegate, and then only
within the delegate's caps.";

const DEMO_EXAMPLES: &str = "\
Examples:
  obscura-server demo
  obscura-server demo --batch-seconds 6 --agents 8 --providers 4
  obscura-server demo --json | jq .batch

Exits with 0 only if a lease was paid, a loser was refunded, the program verified the proof and the books
balance.";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn batches_shorter_than_three_seconds_or_longer_than_an_hour_are_refused() {
        for seconds in ["2", "3601"] {
            assert!(Cli::try_parse_from(["obscura-server", "serve", "--batch-seconds", seconds]).is_err());
        }
    }
}
