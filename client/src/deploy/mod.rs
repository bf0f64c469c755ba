//! From a cluster to a pool that takes commits: mints, settings, circuit keys, bond, markets.
//!
//! Every step looks first and does only what is missing, so that what was interrupted is run again; what it
//! finds must fit what is asked for, or it says both. Must never make money that is not play money, and never
//! change what is there.

mod circuits;
mod defaults;
mod error;
mod markets;
mod matcher;
mod mints;
mod program;
mod settings;

use obscura_circuits::size::BatchSize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signature, Signer};

use crate::idl::types::KeyPoints;
use crate::ledger::Ledger;
use crate::transactions::Submission;

pub use defaults::{MATCHER_BOND, clear_seconds, default_parameters};
pub use error::DeployError;
pub use markets::NewMarket;
pub use mints::{DECIMALS, mint_to_owner};
pub use program::{ProgramUpload, UploadError, program_data_address, upload_program};

/// What there is to be in the end.
pub struct Deployment<'a> {
    /// Authority of the settings, and payer of every step.
    pub authority: &'a Keypair,
    pub usdc: MintSource<'a>,
    pub obsc: MintSource<'a>,
    /// Whether the program takes development keys: fixed for ever.
    pub allow_dev_keys: bool,
    /// Sizes with their verifying keys, ascending; all that the markets may need.
    pub circuits: Vec<(BatchSize, KeyPoints)>,
    /// The matcher and the micro-OBSC that it bonds; none where somebody else sees to it.
    pub bond: Option<(&'a Keypair, u64)>,
    pub markets: Vec<NewMarket>,
}

/// Where a currency comes from.
#[derive(Clone, Copy)]
pub enum MintSource<'a> {
    /// It is there.
    Given(Pubkey),
    /// Play money, which the authority mints at will: made under this key where it is missing.
    Play(&'a Keypair),
}

impl MintSource<'_> {
    pub fn address(&self) -> Pubkey {
        match self {
            Self::Given(address) => *address,
            Self::Play(key) => key.pubkey(),
        }
    }
}

/// One thing that there is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// For example `market H100 80GB`.
    pub what: String,
    pub address: Pubkey,
    pub state: StepState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    /// It was there.
    Present,
    /// It was made now, by this transaction, the last of them.
    Made(Signature),
    /// It is missing; nothing was sent.
    Missing,
}

/// Carries a deployment out, or only looks.
pub struct Deployer<'a> {
    ledger: &'a dyn Ledger,
    payer: &'a Keypair,
    dry_run: bool,
    report: &'a mut (dyn FnMut(&Step) + Send),
}

/// Brings the chain to where `deployment` says; `report` hears of each step. A dry run sends nothing, and shows
/// what is missing as far as that can be known without it.
pub async fn deploy(
    ledger: &dyn Ledger,
    deployment: &Deployment<'_>,
    dry_run: bool,
    report: &mut (dyn FnMut(&Step) + Send),
) -> Result<(), DeployError> {
    let mut deployer = Deployer { ledger, payer: deployment.authority, dry_run, report };
    deployer.mints(deployment).await?;
    deployer.settings(deployment).await?;
    deployer.circuits(deployment).await?;
    deployer.bond(deployment).await?;
    deployer.markets(deployment).await
}

impl Deployer<'_> {
    /// Reports what is there; sends what is missing, one transaction for each of `transactions`.
    async fn ensure(
        &mut self,
        what: String,
        address: Pubkey,
        signer: Option<&Keypair>,
        transactions: Vec<Vec<Instruction>>,
    ) -> Result<(), DeployError> {
        let mut state = StepState::Present;
        for instructions in transactions {
            if self.dry_run {
                state = StepState::Missing;
                break;
            }
            let submission = Submission::new(self.payer, instructions);
            let submission = match signer {
                Some(signer) => submission.signed_by(signer),
                None => submission,
            };
            state = StepState::Made(submission.send(self.ledger).await?.signature);
        }
        (self.report)(&Step { what, address, state });
        Ok(())
    }
}
