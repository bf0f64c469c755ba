//! Options that commands on the chain have in common.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use obscura_client::key_file;
use obscura_client::ledger::rpc::{Commitment, RpcLedger, RpcOptions};
use obscura_client::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

const HEADING: &str = "Chain";
/// Where `obscura-server serve` answers when it is not told otherwise.
const LOCAL_NODE: &str = "http://127.0.0.1:8402/rpc";

/// Which chain, and how to print.
#[derive(Args, Clone)]
pub struct Node {
    /// A Solana node's JSON-RPC address. It may hold an API key: it is never shown whole.
    #[arg(
        long, value_name = "URL", env = "OBSCURA_RPC_URL", hide_env_values = true,
        default_value = LOCAL_NODE, help_heading = HEADING
    )]
    pub rpc_url: String,

    /// How sure the cluster must be before something counts.
    #[arg(long, value_name = "LEVEL", default_value = "confirmed", help_heading = HEADING)]
    commitment: CommitmentArgument,

    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum CommitmentArgument {
    Confirmed,
    Finalized,
}

/// Who looks, where a command shows somebody's account.
#[derive(Args, Clone)]
pub struct Looking {
    #[command(flatten)]
    pub node: Node,

    /// Whose account, in base58 [default: the key of --keypair].
    #[arg(long, value_name = "PUBKEY")]
    owner: Option<Pubkey>,

    /// The key file that says whose account; nothing is signed.
    #[arg(long, value_name = "FILE", env = "OBSCURA_KEYPAIR", hide_env_values = true, help_heading = HEADING)]
    keypair: Option<PathBuf>,
}

/// Who signs and pays, and whether it is meant.
#[derive(Args, Clone)]
pub struct Signing {
    #[command(flatten)]
    pub node: Node,

    /// The key that signs, in a file as Solana's own tools write it, readable by you alone.
    #[arg(long, value_name = "FILE", env = "OBSCURA_KEYPAIR", hide_env_values = true, help_heading = HEADING)]
    keypair: Option<PathBuf>,

    /// The key that pays fees and rent [default: that of --keypair].
    #[arg(long, value_name = "FILE", help_heading = HEADING)]
    fee_payer: Option<PathBuf>,

    /// Micro-lamports offered for each compute unit on top of the fee.
    #[arg(long, value_name = "MICROLAMPORTS", default_value_t = 0, help_heading = HEADING)]
    priority_fee: u64,

    /// Send nothing: run the transaction without effect and print what it would move, or why it would be
    /// refused (exit code 1).
    #[arg(long)]
    pub dry_run: bool,
}

/// Who signs, for an account that may be another's.
#[derive(Args, Clone)]
pub struct Acting {
    #[command(flatten)]
    pub signing: Signing,

    /// Whose account, where the signing key is its delegate [default: the signing key].
    #[arg(long, value_name = "PUBKEY")]
    pub owner: Option<Pubkey>,
}

impl Node {
    pub fn ledger(&self) -> RpcLedger {
        self.ledger_offering(0)
    }

    fn ledger_offering(&self, compute_unit_price: u64) -> RpcLedger {
        let commitment = match self.commitment {
            CommitmentArgument::Confirmed => Commitment::Confirmed,
            CommitmentArgument::Finalized => Commitment::Finalized,
        };
        RpcLedger::new(RpcOptions { url: self.rpc_url.clone(), commitment, compute_unit_price })
    }
}

impl Looking {
    pub fn owner(&self) -> anyhow::Result<Pubkey> {
        match (&self.owner, &self.keypair) {
            (Some(owner), _) => Ok(*owner),
            (None, Some(path)) => Ok(key_file::load(path)?.pubkey()),
            (None, None) => {
                anyhow::bail!("say whose account: --owner PUBKEY, or --keypair FILE (or OBSCURA_KEYPAIR)")
            }
        }
    }
}

impl Signing {
    pub fn ledger(&self) -> RpcLedger {
        self.node.ledger_offering(self.priority_fee)
    }

    pub fn signer(&self) -> anyhow::Result<Keypair> {
        let path = self.keypair.as_ref().context(
            "say which key signs: --keypair FILE, or OBSCURA_KEYPAIR; `solana-keygen new` makes such a file",
        )?;
        Ok(key_file::load(path)?)
    }

    pub fn fee_payer(&self) -> anyhow::Result<Option<Keypair>> {
        Ok(self.fee_payer.as_ref().map(|path| key_file::load(path)).transpose()?)
    }
}
