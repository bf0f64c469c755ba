//! The command line of the server: `serve` and `demo`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

/// Pool server of Obscura, a dark pool for GPU leases.
#[derive(Debug, Parser)]
#[command(name = "obscura-server", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Keep a local pool running: HTTP under /v1, MCP at /mcp
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeArgs),
    /// Watch a small swarm trade, from nothing to settled leases
    #[command(after_help = DEMO_EXAMPLES)]
    Demo(DemoArgs),
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
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..=3600))]
    pub batch_seconds: Option<u32>,
    /// Most orders of a batch, fixed by the first start [default: 256 for a new folder]
    #[arg(long, value_name = "N", value_parser = max_orders_parser())]
    pub max_orders: Option<u16>,
    /// Folder of a ceremony's keys, as `obscura zkey import` writes them: 16.key, 64.key and so on up to
    /// --max-orders; fixed by the first start [default: development keys, under which anybody can forge proofs]
    #[arg(long, value_name = "DIR")]
    pub proving_keys: Option<PathBuf>,
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
  curl -H \"Authorization: Bearer $KEY\" http://127.0.0.1:8402/v1/account

When it is ready it prints one JSON line with its addresses and two API keys of funded demo accounts.
Everything else goes to stderr; RUST_LOG sets how much. With --proving-keys the chain of a new data directory
refuses development keys, and the keys of the folder are registered and frozen before the markets open;
docs/CEREMONY.md says how to get them.";

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
