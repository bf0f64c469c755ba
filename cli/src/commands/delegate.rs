//! `obscura delegate`: the one key that may trade or serve leases for an owner, within limits.

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use obscura_client::accounts::Trader;
use obscura_client::address;
use obscura_client::figures::trader_delegate;
use obscura_client::idl::constants::{PERMISSION_LEASE, PERMISSION_TRADE};
use obscura_client::idl::types::SetDelegateArgs;
use obscura_client::instructions::owner::{revoke_delegate, set_delegate};
use obscura_client::pubkey::Pubkey;
use serde_json::Value;

use crate::chain::arguments::cap;
use crate::chain::options::{Looking, Signing};
use crate::chain::session::{Session, Step, get};
use crate::chain::{self, Answer, show};

const SET_EXAMPLES: &str = "Examples:
  A pool's relayer may lock 40 USDC in all and 10 in one bid, for a day:
    obscura delegate set DELEGATE --may trade --spend-cap 40 --max-order 10 --expires-in 86400 \\
      --keypair owner.json
  A provider's host may offer 8 GPUs and serve their leases:
    obscura delegate set DELEGATE --may trade --may lease --spend-cap 5 --gpu-cap 8 --max-order-gpus 8 \\
      --expires-in 604800 --keypair owner.json --dry-run

The cap is what is at risk: a delegate can never withdraw or name another, but it can trade the whole cap
badly. Setting a delegate again starts a fresh budget. Order fees and reveal deposits count against the cap.";

const REVOKE_EXAMPLES: &str = "Examples:
    obscura delegate revoke --keypair owner.json --dry-run
    obscura delegate revoke --keypair owner.json

It takes effect at once, also while the pool is paused. Orders that the delegate placed live on.";

#[derive(Subcommand)]
pub enum Command {
    /// Name the delegate, with fresh limits; it takes the place of the one before.
    Set(SetArguments),
    /// End the delegate's powers at once.
    Revoke(RevokeArguments),
    /// The delegate, its limits, and what it used of them.
    #[command(after_help = "Examples:\n    obscura delegate show --owner OWNER --json")]
    Show(Looking),
}

#[derive(Args)]
#[command(after_help = SET_EXAMPLES)]
pub struct SetArguments {
    /// The delegate's public key.
    delegate: Pubkey,

    /// What it may do: commit and reveal orders, or act in leases. May be given twice.
    #[arg(long, value_name = "WHAT", required = true)]
    may: Vec<Permission>,

    /// USDC that its orders may lock and spend in all; what comes back restores it.
    #[arg(long, value_name = "USDC", value_parser = cap)]
    spend_cap: u64,

    /// USDC that one bid may lock [default: the spend cap].
    #[arg(long, value_name = "USDC", value_parser = cap)]
    max_order: Option<u64>,

    /// GPUs that its asks may lock together.
    #[arg(long, value_name = "GPUS", default_value_t = 0)]
    gpu_cap: u64,

    /// GPUs that one ask may lock [default: the GPU cap].
    #[arg(long, value_name = "GPUS")]
    max_order_gpus: Option<u64>,

    /// Seconds from now, by the chain's clock, after which it may do nothing any more.
    #[arg(long, value_name = "SECONDS")]
    expires_in: u32,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Permission {
    Trade,
    Lease,
}

#[derive(Args)]
#[command(after_help = REVOKE_EXAMPLES)]
pub struct RevokeArguments {
    #[command(flatten)]
    signing: Signing,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Set(arguments) => set(&arguments),
        Command::Revoke(RevokeArguments { signing }) => chain::run(async {
            let session = Session::open(&signing).await?;
            session.submit(Step::new("revoke delegate", [revoke_delegate(session.key())])).await
        }),
        Command::Show(looking) => show_delegate(&looking),
    }
}

fn set(arguments: &SetArguments) -> anyhow::Result<ExitCode> {
    let SetArguments { delegate, may, spend_cap, max_order, gpu_cap, max_order_gpus, expires_in, signing } =
        arguments;
    let bit = |permission: &Permission| match permission {
        Permission::Trade => PERMISSION_TRADE,
        Permission::Lease => PERMISSION_LEASE,
    };
    chain::run(async {
        let session = Session::open(signing).await?;
        let limits = SetDelegateArgs {
            delegate: *delegate,
            permissions: may.iter().map(bit).fold(0, |bits, bit| bits | bit),
            expires_at: session.now().await?.saturating_add(i64::from(*expires_in)),
            spend_cap: *spend_cap,
            max_order_micro: max_order.unwrap_or(*spend_cap),
            max_order_gpus: max_order_gpus.unwrap_or(*gpu_cap),
            gpu_cap: *gpu_cap,
        };
        let step = Step::new("set delegate", [set_delegate(session.key(), limits)])
            .naming("delegate", delegate.to_string());
        session.submit(step).await
    })
}

fn show_delegate(looking: &Looking) -> anyhow::Result<ExitCode> {
    let owner = looking.owner()?;
    chain::run(async {
        let ledger = looking.node.ledger();
        let hint = "its owner opens it with `obscura account open`";
        let trader: Trader = get(&ledger, &looking.node, &address::trader(&owner), hint).await?;
        let figures = trader.delegate.as_ref().map(trader_delegate);
        Ok(Answer::done(match (figures, looking.node.json) {
            (Some(figures), true) => {
                Value::Object(show::object(&address::trader(&owner), &figures)).to_string()
            }
            (Some(figures), false) => show::card("delegate of", &owner, &figures),
            (None, true) => serde_json::json!({ "delegate": null }).to_string(),
            (None, false) => format!("{owner} has no delegate: `obscura delegate set` names one"),
        }))
    })
}
