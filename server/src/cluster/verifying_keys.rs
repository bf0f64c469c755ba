//! Whether the chain verifies under the keys that this pool proves under: otherwise no batch would clear.

use anyhow::bail;
use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::size::BatchSize;
use obscura_client::accounts::{self, Settings, VerifyingKey};
use obscura_client::address;
use obscura_client::ledger::Ledger;

use crate::proving_keys::ProvingKeys;

/// Compares the key of every size that batches of up to `max_orders` may need.
pub async fn check(ledger: &dyn Ledger, keys: &ProvingKeys, max_orders: u16) -> anyhow::Result<()> {
    let settings: Settings = accounts::get(ledger, &address::settings()).await?;
    let ours: Vec<(BatchSize, VerifyingKeyBytes)> = match keys {
        ProvingKeys::Imported(imported) => imported.verifying_keys().to_vec(),
        ProvingKeys::Development { .. } if settings.allow_dev_keys => {
            BatchSize::up_to(max_orders).map(|size| (size, VerifyingKeyBytes::development(size))).collect()
        }
        ProvingKeys::Development { .. } => {
            bail!("this chain takes no development keys: name the folder of its keys with --proving-keys")
        }
    };
    for (size, key) in ours {
        let size = size.get();
        let stored: VerifyingKey = accounts::get(ledger, &address::verifying_key(size)).await?;
        if stored.fingerprint != key.fingerprint() {
            let [stored, ours] = [stored.fingerprint, key.fingerprint()].map(hex::encode);
            bail!("the chain's key for {size} orders has fingerprint {stored}, the one at hand has {ours}");
        }
    }
    Ok(())
}
