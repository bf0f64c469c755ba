//! Makes an in-process chain ready to trade: play money, settings, circuit key, matcher, markets.
//!
//! For local mode only: it prints money. Every step looks first and does only what is missing, so it
//! runs at each start; what it finds must fit what is asked for, or it says both.

mod keys;
mod markets;
mod mints;
mod owners;

use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::size::BatchSize;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};

use crate::accounts::{self, Matcher, ReadError, Settings, Trader, VerifyingKey};
use crate::address;
use crate::idl::types::KeyPoints;
use crate::instructions::authority::{self, Initialize};
use crate::instructions::matcher::bond_matcher;
use crate::ledger::local::LocalLedger;
use crate::ledger::{Ledger, LedgerError};
use crate::proofs;
use crate::transactions::Submission;

pub use keys::LocalKeys;
pub use markets::GPU_TYPES;
pub use owners::{Funding, fund_owner, name_delegate};

/// Micro-OBSC that the local markets ask of their matcher at the least: SPEC section 11.
pub const MATCHER_BOND: u64 = 10_000_000_000;
/// Micro-OBSC that the local matcher bonds: play money, so that no load is too large to be covered.
pub const LOCAL_BOND: u64 = 10_000 * MATCHER_BOND;
/// 10 million SOL of play money: fees and rents of years, since no account is closed yet.
const LAMPORTS: u64 = 10_000_000_000_000_000;

#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(
        "this data directory's markets have batches of {stored} seconds, not {asked}: \
         ask for {stored}, or use another data directory"
    )]
    OtherBatchSeconds { stored: u32, asked: u32 },
    #[error(
        "this data directory's markets take {stored} orders a batch, not {asked}: \
         ask for {stored}, or use another data directory"
    )]
    OtherMaxOrders { stored: u16, asked: u16 },
    #[error(
        "the chain's key for {size} slots has fingerprint {stored}, the one at hand has {ours}: use the key that \
         is on chain, or another data directory"
    )]
    OtherCircuit { size: u16, stored: String, ours: String },
    #[error("this data directory takes no development keys: name the folder of its keys with --proving-keys")]
    DevelopmentKeysRefused,
    #[error(
        "this data directory was set up with development keys, under which anybody can forge proofs: imported keys \
         need a new one"
    )]
    DevelopmentKeysAllowed,
    #[error(
        "the chain was set up with other keys than those in the key directory: {what} is {stored}, not {ours}"
    )]
    OtherKeys { what: &'static str, stored: Pubkey, ours: Pubkey },
}

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
    mints::create(ledger, keys).await?;
    initialize(ledger, keys, setup.allow_dev_keys).await?;
    for (size, circuit) in &setup.circuits {
        register_circuit(ledger, &keys.authority, size.get(), circuit).await?;
    }
    bond(ledger, keys).await?;
    markets::create(ledger, keys, setup).await
}

async fn top_up(ledger: &LocalLedger, address: &Pubkey) -> Result<(), LedgerError> {
    let held = ledger.account(address).await?.map_or(0, |account| account.lamports);
    match LAMPORTS.checked_sub(held) {
        Some(missing) if missing > LAMPORTS / 2 => ledger.airdrop(address, missing).await.map(drop),
        _ => Ok(()),
    }
}

async fn initialize(
    ledger: &dyn Ledger,
    keys: &LocalKeys,
    allow_dev_keys: bool,
) -> Result<(), BootstrapError> {
    let deployment = Initialize {
        authority: keys.authority.pubkey(),
        usdc_mint: keys.usdc_mint.pubkey(),
        obsc_mint: keys.obsc_mint.pubkey(),
        allow_dev_keys,
    };
    match accounts::find::<Settings>(ledger, &address::settings()).await? {
        None => {
            Submission::new(&keys.authority, [authority::initialize(&deployment)]).send(ledger).await?;
            Ok(())
        }
        Some(stored) => {
            refuse_other_keys(&stored, &deployment)?;
            refuse_other_origin(&stored, allow_dev_keys)
        }
    }
}

fn refuse_other_keys(stored: &Settings, ours: &Initialize) -> Result<(), BootstrapError> {
    let pairs = [
        ("the authority", stored.authority, ours.authority),
        ("the USDC mint", stored.usdc_mint, ours.usdc_mint),
        ("the OBSC mint", stored.obsc_mint, ours.obsc_mint),
    ];
    match pairs.into_iter().find(|(_, stored, ours)| stored != ours) {
        Some((what, stored, ours)) => Err(BootstrapError::OtherKeys { what, stored, ours }),
        None => Ok(()),
    }
}

fn refuse_other_origin(stored: &Settings, allow_dev_keys: bool) -> Result<(), BootstrapError> {
    match (stored.allow_dev_keys, allow_dev_keys) {
        (false, true) => Err(BootstrapError::DevelopmentKeysRefused),
        (true, false) => Err(BootstrapError::DevelopmentKeysAllowed),
        (true, true) | (false, false) => Ok(()),
    }
}

async fn register_circuit(
    ledger: &dyn Ledger,
    authority: &Keypair,
    size: u16,
    circuit: &KeyPoints,
) -> Result<(), BootstrapError> {
    let stored = accounts::find::<VerifyingKey>(ledger, &address::verifying_key(size)).await?;
    let ours = proofs::fingerprint(circuit);
    if let Some(stored) = &stored
        && stored.fingerprint != ours
    {
        let (stored, ours) = (hex::encode(stored.fingerprint), hex::encode(ours));
        return Err(BootstrapError::OtherCircuit { size, stored, ours });
    }
    let key = authority.pubkey();
    let mut steps = Vec::new();
    if stored.is_none() {
        steps.push(authority::register_verifying_key(key, key, size, *circuit));
    }
    if stored.is_none_or(|stored| !stored.frozen) {
        steps.push(authority::freeze_verifying_key(key, size));
    }
    // One transaction has no room for both: the key alone fills most of it.
    for step in steps {
        Submission::new(authority, [step]).send(ledger).await?;
    }
    Ok(())
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
