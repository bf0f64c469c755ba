//! `obscura lease list` and `show`.

use std::process::ExitCode;

use clap::Args;
use obscura_client::accounts::{Lease, LeaseState, filter};
use obscura_client::figures::{Figure, Figures};
use obscura_client::pubkey::Pubkey;

use super::NO_LEASE;
use crate::chain::options::{Looking, Node};
use crate::chain::session::{self, get};
use crate::chain::{self, Answer, show};

const COLUMNS: [&str; 6] = ["state", "reason", "buyer", "provider", "acceptBy", "amount"];

#[derive(Args)]
pub struct ListArguments {
    /// Closed ones too.
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    looking: Looking,
}

#[derive(Args)]
pub struct ShowArguments {
    /// The lease's address.
    lease: Pubkey,

    #[command(flatten)]
    node: Node,
}

pub fn list(arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let ListArguments { all, looking } = arguments;
    let owner = looking.owner()?;
    chain::run(async {
        let (ledger, node) = (looking.node.ledger(), &looking.node);
        let mut leases = session::list::<Lease>(&ledger, node, [filter::leases_of_buyer(&owner)]).await?;
        leases.extend(session::list::<Lease>(&ledger, node, [filter::leases_of_provider(&owner)]).await?);
        leases.sort_unstable_by_key(|(address, _)| *address);
        leases.dedup_by_key(|(address, _)| *address);
        leases.retain(|(_, lease)| *all || !matches!(lease.state, LeaseState::Closed));
        let leases: Vec<(Pubkey, Vec<Figure>)> =
            leases.into_iter().map(|(address, lease)| (address, lease.figures())).collect();
        Ok(Answer::done(show::many(looking.node.json, "leases", &COLUMNS, &leases)))
    })
}

pub fn show(arguments: &ShowArguments) -> anyhow::Result<ExitCode> {
    let ShowArguments { lease: address, node } = arguments;
    chain::run(async {
        let lease: Lease = get(&node.ledger(), node, address, NO_LEASE).await?;
        let figures = lease.figures();
        Ok(Answer::done(show::one(node.json, "lease", address, &figures)))
    })
}
