//! The circuits' verifying keys: registered once, then frozen.

use super::{DeployError, Deployer, Deployment};
use crate::accounts::{self, VerifyingKey};
use crate::instructions::authority::{freeze_verifying_key, register_verifying_key};
use crate::{address, proofs};
use solana_sdk::signature::Signer;

impl Deployer<'_> {
    pub(super) async fn circuits(&mut self, deployment: &Deployment<'_>) -> Result<(), DeployError> {
        let key = self.payer.pubkey();
        for (size, points) in &deployment.circuits {
            let size = size.get();
            let account = address::verifying_key(size);
            let stored = accounts::find::<VerifyingKey>(self.ledger, &account).await?;
            let ours = proofs::fingerprint(points);
            if let Some(stored) = &stored
                && stored.fingerprint != ours
            {
                let (stored, ours) = (hex::encode(stored.fingerprint), hex::encode(ours));
                return Err(DeployError::OtherCircuit { size, stored, ours });
            }
            // One transaction has no room for both: the key alone fills most of it.
            let mut steps = Vec::new();
            if stored.is_none() {
                steps.push(vec![register_verifying_key(key, key, size, *points)]);
            }
            if stored.is_none_or(|stored| !stored.frozen) {
                steps.push(vec![freeze_verifying_key(key, size)]);
            }
            self.ensure(format!("verifying key for {size} orders"), account, None, steps).await?;
        }
        Ok(())
    }
}
