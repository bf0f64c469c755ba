//! The keys of a local pool, in files. None of them is a trader's.

use std::path::Path;

use solana_sdk::signature::Keypair;

use crate::key_file::{KeyFileError, load_or_create};

/// All drawn on the first start and read back on every later one.
pub struct LocalKeys {
    /// Authority of the settings and of both mints, and payer of the setup.
    pub authority: Keypair,
    pub usdc_mint: Keypair,
    pub obsc_mint: Keypair,
    /// Signs clearings and acknowledgements; its bond is at stake.
    pub matcher: Keypair,
    /// Fee payer of the pool and delegate of every API key.
    pub relayer: Keypair,
}

impl LocalKeys {
    pub fn load_or_create(directory: &Path) -> Result<Self, KeyFileError> {
        let key = |name: &str| load_or_create(&directory.join(format!("{name}.json")));
        Ok(Self {
            authority: key("authority")?,
            usdc_mint: key("usdc-mint")?,
            obsc_mint: key("obsc-mint")?,
            matcher: key("matcher")?,
            relayer: key("relayer")?,
        })
    }
}
