//! A provider's description of its machines, in a file: what goes on chain of it, and the hash of all of it.
//!
//! Must never hash anything but the file's own bytes: whoever is given the file can compare.

use std::str::FromStr;

use obscura_auction::order::MarketTag;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;

use crate::accounts::Capacity;
use crate::address;
use crate::idl::types::ProviderArgs;

/// The part of a description that goes on chain. Whatever else the file says is behind the hash.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hardware {
    /// 1 to 64 printable characters.
    pub label: String,
    /// What the host signs with, base58.
    pub host_key: String,
    /// The one market whose GPUs these are.
    pub gpu_type: String,
    pub gpus: u16,
    #[serde(default)]
    pub gpu_memory_gib: u16,
    #[serde(default)]
    pub cpu_cores: u16,
    #[serde(default)]
    pub memory_gib: u32,
    #[serde(default)]
    pub disk_gib: u32,
    #[serde(default)]
    pub uplink_mbps: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum HardwareError {
    #[error("hostKey {got:?} is not a public key in base58")]
    HostKey { got: String },
}

impl Hardware {
    /// What registration puts on chain; `description` is the whole file.
    pub fn provider_args(&self, description: &[u8]) -> Result<ProviderArgs, HardwareError> {
        let host_key = Pubkey::from_str(&self.host_key)
            .map_err(|_| HardwareError::HostKey { got: self.host_key.clone() })?;
        Ok(ProviderArgs {
            host_key,
            hardware_hash: Sha256::digest(description).into(),
            capacity: Capacity {
                market: address::market(MarketTag::of(&self.gpu_type)),
                gpus: self.gpus,
                gpu_memory_gib: self.gpu_memory_gib,
                cpu_cores: self.cpu_cores,
                memory_gib: self.memory_gib,
                disk_gib: self.disk_gib,
                uplink_mbps: self.uplink_mbps,
            },
            label: self.label.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        r#"{"label": "four", "hostKey": "HOST", "gpuType": "H100 80GB", "gpus": 4, "rack": 7}"#;

    fn args(text: &str) -> Result<ProviderArgs, HardwareError> {
        let hardware: Hardware = serde_json::from_str(text).unwrap();
        hardware.provider_args(text.as_bytes())
    }

    #[test]
    fn the_hash_covers_what_does_not_go_on_chain() {
        let host = Pubkey::new_unique();
        let text = FILE.replace("HOST", &host.to_string());
        let (one, other) = (args(&text).unwrap(), args(&text.replace("\"rack\": 7", "\"rack\": 8")).unwrap());
        assert_eq!((one.host_key, one.capacity.gpus, one.capacity.cpu_cores), (host, 4, 0));
        assert_eq!(one.hardware_hash, <[u8; 32]>::from(Sha256::digest(text.as_bytes())));
        assert_ne!(one.hardware_hash, other.hardware_hash);
    }

    #[test]
    fn a_host_key_that_is_no_key_is_named() {
        assert!(matches!(args(FILE), Err(HardwareError::HostKey { got }) if got == "HOST"));
    }
}
