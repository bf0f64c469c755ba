//! `obscura deploy`: from a cluster to a pool that takes commits, step by step.
//!
//! Every step looks first, so it is run again after whatever went wrong. Must never print a node's address, nor
//! make play money where money is worth something.

mod arguments;
mod program;
mod report;

use std::process::ExitCode;

use anyhow::{Context, bail};
use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::progress::Progress;
use obscura_circuits::size::BatchSize;
use obscura_client::accounts::MarketTerms;
use obscura_client::deploy::{Deployment, MintSource, NewMarket, clear_seconds, default_parameters, deploy};
use obscura_client::idl::types::KeyPoints;
use obscura_client::key_file;
use obscura_client::ledger::rpc::{RpcLedger, RpcOptions};
use obscura_client::program_file::check_program;
use obscura_client::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

pub use arguments::Arguments;
use report::Report;

/// Where money is worth something.
const MAINNET: &str = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";

/// Every key that a deployment needs.
struct Keys {
    authority: Keypair,
    matcher: Keypair,
    play_money: Option<[Keypair; 2]>,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("cannot start talking to the node")?.block_on(carry_out(arguments))
}

async fn carry_out(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if let Some(asked) = arguments.program_id {
        check_program("obscura", asked)?;
    }
    let keys = keys(&arguments)?;
    let circuits = circuits(&arguments)?;
    let ledger = RpcLedger::new(RpcOptions {
        url: arguments.rpc_url.clone(),
        commitment: arguments.commitment.into(),
        compute_unit_price: arguments.priority_fee,
    });
    if keys.play_money.is_some() && ledger.genesis_hash().await?.to_string() == MAINNET {
        bail!("--play-money is for test clusters: on this one name --usdc-mint and --obsc-mint");
    }
    let mut report = Report::new(arguments.dry_run, arguments.json);
    program::ensure(&ledger, &arguments, &keys.authority, &mut report).await?;
    let outcome =
        deploy(&ledger, &deployment(&arguments, &keys, circuits)?, arguments.dry_run, &mut |step| {
            report.step(step)
        })
        .await;
    report.finish(outcome)
}

fn keys(arguments: &Arguments) -> anyhow::Result<Keys> {
    let authority = key_file::load(&arguments.keypair).context("--keypair")?;
    let matcher = key_file::load(&arguments.matcher).context("--matcher")?;
    let mint = |folder: &std::path::Path, name: &str| key_file::load_or_create(&folder.join(name));
    let play_money = match &arguments.play_money {
        Some(folder) => Some([mint(folder, "usdc-mint.json")?, mint(folder, "obsc-mint.json")?]),
        None => None,
    };
    Ok(Keys { authority, matcher, play_money })
}

/// The verifying keys of every size that the markets may need: a ceremony's, or for play money those for
/// development.
fn circuits(arguments: &Arguments) -> anyhow::Result<Vec<(BatchSize, KeyPoints)>> {
    let sizes = BatchSize::up_to(arguments.max_orders);
    match &arguments.proving_keys {
        None if arguments.play_money.is_none() => {
            bail!(
                "name the folder of a ceremony's keys with --proving-keys: docs/CEREMONY.md says how to get them"
            )
        }
        None => {
            Ok(sizes.map(|size| (size, KeyPoints::from(&VerifyingKeyBytes::development(size)))).collect())
        }
        Some(folder) => sizes
            .map(|size| {
                let path = folder.join(format!("{}.key", size.get()));
                let file =
                    std::fs::File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
                let key = VerifyingKeyBytes::read(file, size, &Progress::default())
                    .with_context(|| format!("{} holds no key", path.display()))?;
                if key.is_development() {
                    bail!("{} is a development key, under which anybody can forge proofs", path.display());
                }
                Ok((size, KeyPoints::from(&key)))
            })
            .collect(),
    }
}

fn deployment<'a>(
    arguments: &Arguments,
    keys: &'a Keys,
    circuits: Vec<(BatchSize, KeyPoints)>,
) -> anyhow::Result<Deployment<'a>> {
    let (usdc, obsc) = match (&keys.play_money, arguments.usdc_mint, arguments.obsc_mint) {
        (Some([usdc, obsc]), _, _) => (MintSource::Play(usdc), MintSource::Play(obsc)),
        (None, Some(usdc), Some(obsc)) => (MintSource::Given(usdc), MintSource::Given(obsc)),
        _ => bail!("name both --usdc-mint and --obsc-mint, or --play-money on a test cluster"),
    };
    Ok(Deployment {
        authority: &keys.authority,
        usdc,
        obsc,
        allow_dev_keys: arguments.proving_keys.is_none(),
        circuits,
        bond: Some((&keys.matcher, arguments.bond)),
        markets: markets(arguments, keys.matcher.pubkey()),
    })
}

fn markets(arguments: &Arguments, matcher: Pubkey) -> Vec<NewMarket> {
    let Arguments { batch_seconds, max_orders, markets, .. } = arguments;
    let count = i64::try_from(markets.len()).unwrap_or(i64::MAX);
    let named = (0i64..).zip(markets).map(|(place, gpu_type)| NewMarket {
        gpu_type: gpu_type.clone(),
        batch_seconds: *batch_seconds,
        clear_seconds: arguments.clear_seconds.unwrap_or_else(|| clear_seconds(*max_orders)),
        age_seconds: place * i64::from(*batch_seconds) / count,
        terms: MarketTerms { matcher, params: default_parameters(*batch_seconds, *max_orders) },
    });
    named.collect()
}
