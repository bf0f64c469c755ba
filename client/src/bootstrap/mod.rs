//! Makes an in-process chain ready to trade: the deployment of a cluster, with play money and for one folder.
//!
//! For local mode only: it prints money. It runs at each start, since every step of a deployment looks first.

mod keys;
mod markets;
mod owners;

use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::size::BatchSize;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signer;

use crate::accounts::{self, Matcher, Trader};
use crate::address;
use crate::deploy::{Deployment, MintSource, deploy};
use crate::idl::types::KeyPoints;
use crate::instructions::matcher::bond_matcher;
use crate::ledger::local::LocalLedger;
use crate::ledger::{Ledger, LedgerError};
use crate::transactions::Submission;

pub use crate::deploy::{DeployError as BootstrapError, MATCHER_BOND};

pub use keys::LocalKeys;
pub use markets::GPU_TYPES;
pub use owners::{Funding, fund_owner, name_delegate};

/// Micro-OBSC that the local matcher bonds: play money, so that no load is too large to be covered.
pub const LOCAL_BOND: u64 = 10_000 * MATCHER_BOND;
/// 10 million SOL of play money: fees and rents of years, since no account is closed yet.
const LAMPORTS: u64 = 10_000_000_000_000_000;

/// What a local chain is set up with.
#[derive(Clone)]
pub struct LocalSetup {
    /// Sizes with their verifying keys, ascending; all that `max_orders` may need.
    pub circuits: Vec<(BatchSize, KeyPoints)>,
    /// Whether the chain takes development keys: fixed by its first setup.
    pub allow_dev_keys: bool,
    pub batch_seconds: u32,
    /// Most orders of a batch: one of the circuit sizes.
    pub max_orders: u16,
}

impl LocalSetup {
    /// Under the published development keys.
    pub fn development(batch_seconds: u32, max_orders: u16) -> Self {
        let key = |size| (size, KeyPoints::from(&VerifyingKeyBytes::development(size)));
        let circuits = BatchSize::ALL.map(key).to_vec();
        Self { circuits, allow_dev_keys: true, batch_seconds, max_orders }
    }
}

/// Brings `ledger` to the point where its markets take commits.
pub async fn prepare(
    ledger: &LocalLedger,
    keys: &LocalKeys,
    setup: &LocalSetup,
) -> Result<(), BootstrapError> {
    markets::refuse_other_shape(ledger, setup).await?;
    for key in [&keys.authority, &keys.matcher, &keys.relayer] {
        top_up(ledger, &key.pubkey()).await?;
    }
    let deployment = Deployment {
        authority: &keys.authority,
        usdc: MintSource::Play(&keys.usdc_mint),
        obsc: MintSource::Play(&keys.obsc_mint),
        allow_dev_keys: setup.allow_dev_keys,
        circuits: setup.circuits.clone(),
        bond: None,
        markets: markets::local(keys.matcher.pubkey(), setup),
    };
    deploy(ledger, &deployment, false, &mut |_| {}).await?;
    bond(ledger, keys).await
}

async fn top_up(ledger: &LocalLedger, address: &Pubkey) -> Result<(), LedgerError> {
    let held = ledger.account(address).await?.map_or(0, |account| account.lamports);
    match LAMPORTS.checked_sub(held) {
        Some(missing) if missing > LAMPORTS / 2 => ledger.airdrop(address, missing).await.map(drop),
        _ => Ok(()),
    }
}

async fn bond(ledger: &dyn Ledger, keys: &LocalKeys) -> Result<(), BootstrapError> {
    let matcher = keys.matcher.pubkey();
    fund_owner(ledger, keys, &keys.matcher, Funding { usdc: 0, obsc: LOCAL_BOND }).await?;
    let bonded = accounts::find::<Matcher>(ledger, &address::matcher(&matcher)).await?;
    let missing = LOCAL_BOND.saturating_sub(bonded.map_or(0, |matcher| matcher.bond));
    let trader: Trader = accounts::get(ledger, &address::trader(&matcher)).await?;
    if missing > 0 && trader.obsc.available >= missing {
        let step = bond_matcher(keys.authority.pubkey(), matcher, missing);
        Submission::new(&keys.authority, [step]).signed_by(&keys.matcher).send(ledger).await?;
    }
    Ok(())
}
