//! The settings, which a chain has once: the first to make them is their authority.

use super::{DeployError, Deployer, Deployment};
use crate::accounts::{self, Settings};
use crate::address;
use crate::instructions::authority::{self, Initialize};
use solana_sdk::signature::Signer;

impl Deployer<'_> {
    pub(super) async fn settings(&mut self, deployment: &Deployment<'_>) -> Result<(), DeployError> {
        let ours = Initialize {
            authority: deployment.authority.pubkey(),
            usdc_mint: deployment.usdc.address(),
            obsc_mint: deployment.obsc.address(),
            allow_dev_keys: deployment.allow_dev_keys,
        };
        let steps = match accounts::find::<Settings>(self.ledger, &address::settings()).await? {
            None => vec![vec![authority::initialize(&ours)]],
            Some(stored) => {
                refuse_other_keys(&stored, &ours)?;
                refuse_other_origin(&stored, ours.allow_dev_keys)?;
                Vec::new()
            }
        };
        self.ensure("settings".to_owned(), address::settings(), None, steps).await
    }
}

fn refuse_other_keys(stored: &Settings, ours: &Initialize) -> Result<(), DeployError> {
    let pairs = [
        ("the authority", stored.authority, ours.authority),
        ("the USDC mint", stored.usdc_mint, ours.usdc_mint),
        ("the OBSC mint", stored.obsc_mint, ours.obsc_mint),
    ];
    match pairs.into_iter().find(|(_, stored, ours)| stored != ours) {
        Some((what, stored, ours)) => Err(DeployError::OtherKeys { what, stored, ours }),
        None => Ok(()),
    }
}

fn refuse_other_origin(stored: &Settings, allow_dev_keys: bool) -> Result<(), DeployError> {
    match (stored.allow_dev_keys, allow_dev_keys) {
        (false, true) => Err(DeployError::DevelopmentKeysRefused),
        (true, false) => Err(DeployError::DevelopmentKeysAllowed),
        (true, true) | (false, false) => Ok(()),
    }
}
