//! `obscura lease`: what buyers, providers and anyone do to leases.

mod help;
mod look;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use obscura_client::accounts::{Batch, Lease, LeaseTerms, Order};
use obscura_client::address;
use obscura_client::instructions::anyone::{OpenLease, free_surplus, open_lease};
use obscura_client::instructions::lease::{
    accept_lease, answer_challenge, cancel_lease, challenge_lease, claim_lease, expire_lease, fail_lease,
    release_lease, show_terms,
};
use obscura_client::pubkey::Pubkey;
use solana_sdk::instruction::Instruction;

use crate::chain;
use crate::chain::arguments::{OrderName, TermsArguments, hash};
use crate::chain::options::{Acting, Signing};
use crate::chain::session::{Session, Step};

#[derive(Subcommand)]
#[command(after_help = help::ALL)]
pub enum Command {
    /// Leases of an owner, as buyer and as provider.
    #[command(after_help = help::ALL)]
    List(look::ListArguments),
    /// Everything that the chain knows of a lease.
    #[command(after_help = help::ALL)]
    Show(look::ShowArguments),
    /// Provider: take on an offered lease.
    #[command(after_help = help::ALL)]
    Accept(LeaseArguments),
    /// Buyer: end a lease and pay it in full. This opens its terms for everyone.
    #[command(after_help = help::ALL)]
    Release(TermsOfLease),
    /// Provider: be paid after the term. This opens the terms for everyone.
    #[command(after_help = help::ALL)]
    Claim(TermsOfLease),
    /// Buyer: end a lease without pay, because another of its order was not accepted.
    #[command(after_help = help::ALL)]
    Cancel(LeaseArguments),
    /// Buyer, matcher, or a provider that accepted: open the terms for everyone, so that a no-show can be
    /// slashed.
    #[command(after_help = help::ALL)]
    ShowTerms(TermsOfLease),
    /// Buyer: ask the host for a sign of life, against a deposit. This opens the terms for everyone.
    #[command(after_help = help::ALL)]
    Challenge(TermsOfLease),
    /// Provider or host: give the sign of life, and get the deposit.
    #[command(after_help = help::ALL)]
    Answer(LeaseArguments),
    /// Anyone: end a lease whose host did not answer in time.
    #[command(after_help = help::ALL)]
    Fail(LeaseArguments),
    /// Anyone: close a lease that nobody accepted, or claimed, in time.
    #[command(after_help = help::ALL)]
    Expire(LeaseArguments),
    /// Anyone: give back what an order's lock holds beyond the shown terms of its leases.
    #[command(after_help = help::ALL)]
    FreeSurplus(SurplusArguments),
    /// Anyone: open a row of a cleared batch's lease tree, with its path from a receipt.
    #[command(after_help = help::ALL)]
    Open(Box<OpenArguments>),
}

#[derive(Args)]
pub struct LeaseArguments {
    /// The lease's address.
    lease: Pubkey,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
pub struct TermsOfLease {
    /// The lease's address.
    lease: Pubkey,

    #[command(flatten)]
    terms: TermsArguments,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Args)]
pub struct SurplusArguments {
    /// The order's address, or its id.
    order: OrderName,

    #[command(flatten)]
    acting: Acting,
}

#[derive(Args)]
pub struct OpenArguments {
    /// The batch's address.
    batch: Pubkey,

    /// Addresses of the bid and the ask.
    #[arg(long, value_name = "PUBKEY")]
    bid_order: Pubkey,
    #[arg(long, value_name = "PUBKEY")]
    ask_order: Pubkey,

    /// Which row of the lease tree.
    #[arg(long)]
    row: u16,

    /// Its terms hash, 64 hex digits.
    #[arg(long, value_name = "HEX", value_parser = hash)]
    terms_hash: [u8; 32],

    /// Its path from the leaf up, each 64 hex digits, separated by commas.
    #[arg(long, value_name = "HEX,...", value_delimiter = ',', value_parser = hash, required = true)]
    path: Vec<[u8; 32]>,

    #[command(flatten)]
    signing: Signing,
}

/// Without terms, and with.
type Plain = fn(Pubkey, Pubkey, &Lease) -> Instruction;
type WithTerms = fn(Pubkey, Pubkey, &Lease, LeaseTerms) -> Instruction;

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List(arguments) => look::list(&arguments),
        Command::Show(arguments) => look::show(&arguments),
        Command::Accept(arguments) => act("accept", accept_lease, &arguments),
        Command::Cancel(arguments) => act("cancel", cancel_lease, &arguments),
        Command::Answer(arguments) => act("answer", answer_challenge, &arguments),
        Command::Fail(arguments) => act("fail", fail_lease, &arguments),
        Command::Expire(arguments) => act("expire", expire_lease, &arguments),
        Command::Release(arguments) => open_terms("release", release_lease, &arguments),
        Command::Claim(arguments) => open_terms("claim", claim_lease, &arguments),
        Command::ShowTerms(arguments) => open_terms("show terms", show_terms, &arguments),
        Command::Challenge(arguments) => open_terms("challenge", challenge_lease, &arguments),
        Command::FreeSurplus(arguments) => free(&arguments),
        Command::Open(arguments) => open(*arguments),
    }
}

const NO_LEASE: &str = "`obscura lease list` shows the addresses of yours";

fn act(verb: &str, instruction: Plain, arguments: &LeaseArguments) -> anyhow::Result<ExitCode> {
    let LeaseArguments { lease: address, signing } = arguments;
    chain::run(async {
        let session = Session::open(signing).await?;
        let lease: Lease = session.get(address, NO_LEASE).await?;
        let step = instruction(session.key(), *address, &lease);
        session.submit(Step::new(verb, [step]).naming("lease", address.to_string())).await
    })
}

fn open_terms(verb: &str, instruction: WithTerms, arguments: &TermsOfLease) -> anyhow::Result<ExitCode> {
    let TermsOfLease { lease: address, terms, signing } = arguments;
    chain::run(async {
        let session = Session::open(signing).await?;
        let lease: Lease = session.get(address, NO_LEASE).await?;
        let terms = terms.read(&lease)?;
        let (qty, duration) = (terms.qty, terms.duration);
        let step = Step::new(verb, [instruction(session.key(), *address, &lease, terms)])
            .naming("lease", address.to_string())
            .naming("qty", qty)
            .naming("durationSeconds", duration);
        session.submit(step).await
    })
}

fn free(arguments: &SurplusArguments) -> anyhow::Result<ExitCode> {
    let SurplusArguments { order, acting } = arguments;
    chain::run(async {
        let session = Session::open(&acting.signing).await?;
        let owner = acting.owner.unwrap_or(session.key());
        let address = order.address(&owner);
        let order: Order = session.get(&address, "`obscura order list` shows yours").await?;
        let step = Step::new("free surplus", [free_surplus(address, &order)]);
        session.submit(step.naming("order", address.to_string())).await
    })
}

fn open(arguments: OpenArguments) -> anyhow::Result<ExitCode> {
    let OpenArguments { batch, bid_order, ask_order, row, terms_hash, path, signing } = arguments;
    chain::run(async {
        let session = Session::open(&signing).await?;
        let _: Batch = session.get(&batch, "`obscura batch show` finds a market's batches").await?;
        let lease = OpenLease { payer: session.payer(), batch, bid_order, ask_order, row, terms_hash, path };
        let step = Step::new("open lease", [open_lease(lease)]);
        session.submit(step.naming("lease", address::lease(&batch, row).to_string())).await
    })
}
