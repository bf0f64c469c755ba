//! The options of `obscura deploy`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use obscura_client::deploy::MATCHER_BOND;
use obscura_client::ledger::rpc::Commitment;
use obscura_client::pubkey::Pubkey;

const EXAMPLES: &str = "Examples:
  What is missing on a test cluster, without sending anything:
    obscura deploy --rpc-url http://127.0.0.1:8899 --keypair authority.json --matcher matcher.json \\
      --play-money ./mints --market 'H100 80GB' --max-orders 16 --dry-run
  The same, carried out; again after whatever went wrong:
    obscura deploy --rpc-url http://127.0.0.1:8899 --keypair authority.json --matcher matcher.json \\
      --program-keypair program.json --play-money ./mints --market 'H100 80GB' --max-orders 16

docs/RUNBOOK.md goes through it for a local node, devnet and mainnet.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// JSON-RPC address of a Solana node. It may hold an API key, and is never shown.
    #[arg(long, value_name = "URL", env = "OBSCURA_RPC_URL", hide_env_values = true)]
    pub rpc_url: String,

    /// Address of the program, where you want to be sure: this binary is for one.
    #[arg(long, value_name = "PUBKEY")]
    pub program_id: Option<Pubkey>,

    /// Key file of the authority: it pays, and it alone can change settings and markets later.
    #[arg(long, value_name = "FILE")]
    pub keypair: PathBuf,

    /// Key file of the matcher, whose bond answers for the markets' batches.
    #[arg(long, value_name = "FILE")]
    pub matcher: PathBuf,

    /// Key file of the program's address; only needed where the program is missing.
    #[arg(long, value_name = "FILE")]
    pub program_keypair: Option<PathBuf>,

    /// Key file of the buffer that the program is uploaded through; made where it is missing.
    #[arg(long, value_name = "FILE", default_value = "program-buffer.json")]
    pub buffer_keypair: PathBuf,

    /// The USDC mint.
    #[arg(long, value_name = "PUBKEY", conflicts_with = "play_money")]
    pub usdc_mint: Option<Pubkey>,

    /// The OBSC mint.
    #[arg(long, value_name = "PUBKEY", conflicts_with = "play_money")]
    pub obsc_mint: Option<Pubkey>,

    /// Make both mints, and the matcher's bond, out of nothing; their keys are kept in this folder.
    #[arg(long, value_name = "DIR")]
    pub play_money: Option<PathBuf>,

    /// Folder of a ceremony's keys: 16.key, 64.key and so on up to --max-orders [default with --play-money:
    /// development keys, under which anybody can forge proofs].
    #[arg(long, value_name = "DIR")]
    pub proving_keys: Option<PathBuf>,

    /// A market to open, once for each.
    #[arg(long = "market", value_name = "GPU_TYPE")]
    pub markets: Vec<String>,

    /// Length of a batch in seconds.
    #[arg(long, value_name = "N", default_value_t = 45, value_parser = clap::value_parser!(u32).range(3..=3600))]
    pub batch_seconds: u32,

    /// Most orders of a batch.
    #[arg(long, value_name = "N", default_value = "256", value_parser = max_orders_parser())]
    pub max_orders: u16,

    /// Seconds that the matcher has for a clearing [default: 45; 180 for batches of 1024 orders].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(10..=600))]
    pub clear_seconds: Option<u32>,

    /// Micro-OBSC that the matcher is to have bonded.
    #[arg(long, value_name = "N", default_value_t = MATCHER_BOND)]
    pub bond: u64,

    /// How sure the cluster must be before a step counts.
    #[arg(long, value_name = "LEVEL", default_value = "confirmed")]
    pub commitment: CommitmentArgument,

    /// Micro-lamports offered for each compute unit.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub priority_fee: u64,

    /// Send nothing; say what is missing.
    #[arg(long)]
    pub dry_run: bool,

    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum CommitmentArgument {
    Confirmed,
    Finalized,
}

impl From<CommitmentArgument> for Commitment {
    fn from(argument: CommitmentArgument) -> Self {
        match argument {
            CommitmentArgument::Confirmed => Self::Confirmed,
            CommitmentArgument::Finalized => Self::Finalized,
        }
    }
}

fn max_orders_parser() -> impl TypedValueParser<Value = u16> {
    PossibleValuesParser::new(["16", "64", "256", "1024"]).try_map(|text| text.parse::<u16>())
}
