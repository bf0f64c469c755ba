//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Autonomous buyers and providers trade GPU leases over MCP, batch after batch, each by a strategy and a budget of
/// its own; at the end a chart, a table and the books.
#[derive(Clone, Debug, Parser)]
#[command(name = "obscura-swarm", version, after_help = EXAMPLES)]
pub struct Options {
    /// Buyers
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub agents: u16,
    /// Providers
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub providers: u16,
    /// Rounds: each agent places at most one order in each, all in one batch
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub batches: u32,
    /// Length of a batch in seconds, for a pool that this starts
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(3..=3600))]
    pub batch_seconds: u32,
    /// What all decisions are drawn from [default: drawn itself, and printed]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Market to trade in
    #[arg(long, value_name = "GPU_TYPE", default_value = "H100 80GB")]
    pub gpu_type: String,
    /// A pool that runs already, instead of one that this starts; needs --keys, and keys decide how many agents
    /// there are
    #[arg(long, value_name = "URL", requires = "keys", conflicts_with_all = ["agents", "providers", "batch_seconds"])]
    pub pool: Option<String>,
    /// File with one `buyer KEY` or `provider KEY` a line: an agent for each. Its providers must have a host that
    /// accepts leases
    #[arg(long, value_name = "FILE", requires = "pool")]
    pub keys: Option<PathBuf>,
    /// Folder for swarm.svg and swarm.png
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub chart_dir: PathBuf,
    /// Print one JSON document instead of tables
    #[arg(long)]
    pub json: bool,
}

const EXAMPLES: &str = "\
Examples:
  obscura-swarm
  obscura-swarm --agents 150 --providers 50 --batches 4 --batch-seconds 30 --chart-dir charts
  obscura-swarm --seed 7 --json | jq .strategies
  obscura-swarm --pool http://127.0.0.1:8402 --keys keys.txt --batches 10

Buyers take turns in being a price taker, a discount seeker, driven by a deadline, or capped by a budget; providers
in asking a floor, following the last clearing price, or undercutting it. The same seed makes the same decisions
wherever the market answers the same. Progress goes to stderr. Exits with 0 only if no agent met an error and the
books balance to the micro-USDC.";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Options::command().debug_assert();
    }
}
