//! API keys for a pool on a cluster: drawn here, shown once, kept as a hash.
//!
//! Must never give a key any power: what it may do is what the owner's delegation to the pool's relayer allows.

use anyhow::Context;
use rand::RngCore;
use rand::rngs::OsRng;
use solana_sdk::pubkey::Pubkey;
use zeroize::Zeroizing;

use crate::local::DataDir;
use crate::storage::Storage;

/// A key's 32 bytes as its bearer sends them.
pub fn written(bytes: &[u8; 32]) -> String {
    format!("obk_{}", hex::encode(bytes))
}

/// Draws a key that acts for the trader of `owner`, in the pool of `data_dir`, which may be running.
pub async fn create(data_dir: &DataDir, owner: &Pubkey, label: &str) -> anyhow::Result<Zeroizing<String>> {
    data_dir.create()?;
    let storage = Storage::open(&data_dir.database(), &data_dir.storage_key()?)
        .await
        .context("opening the pool's database")?;
    let mut bytes = Zeroizing::new([0u8; 32]);
    OsRng.fill_bytes(bytes.as_mut());
    let key = Zeroizing::new(written(&bytes));
    storage.put_api_key(&key, &owner.to_bytes(), label).await?;
    storage.close().await;
    Ok(key)
}
