//! What a provider says about itself, for buyers to read before they trade. Nothing here is proven, and no
//! rule of the market may rest on it: what backs an ask is the OBSC that it locks. Source: SPEC section 10.

use anchor_lang::prelude::*;
use obscura_auction::units::Gpus;

use super::label::is_plain;
use crate::constants::MAX_LABEL_BYTES;
use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct Provider {
    pub owner: Pubkey,
    /// What its host daemon signs with; workloads are sealed to it.
    pub host_key: Pubkey,
    /// SHA-256 of the hardware's full description, which is published elsewhere.
    pub hardware_hash: [u8; 32],
    pub capacity: Capacity,
    pub registered_at: i64,
    pub updated_at: i64,
    pub bump: u8,
    /// Chosen by the provider: data to show, never an instruction to follow.
    #[max_len(MAX_LABEL_BYTES)]
    pub label: String,
}

/// The machine behind the asks, as its owner describes it.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// The one market whose GPUs these are.
    pub market: Pubkey,
    pub gpus: u16,
    pub gpu_memory_gib: u16,
    pub cpu_cores: u16,
    pub memory_gib: u32,
    pub disk_gib: u32,
    /// Megabits per second, to the internet.
    pub uplink_mbps: u32,
}

/// What `register_provider` and `update_provider` write.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ProviderArgs {
    pub host_key: Pubkey,
    pub hardware_hash: [u8; 32],
    pub capacity: Capacity,
    pub label: String,
}

impl ProviderArgs {
    /// A label of 1 to 64 printable characters, 1 to 4096 GPUs, a key for the host.
    pub fn validate(&self) -> Result<()> {
        require!(is_plain(&self.label, MAX_LABEL_BYTES), ObscuraError::MalformedLabel);
        require!(Gpus::new(self.capacity.gpus).is_ok(), ObscuraError::CapacityOutOfRange);
        require_keys_neq!(self.host_key, Pubkey::default(), ObscuraError::MissingHostKey);
        Ok(())
    }
}

impl Provider {
    /// Replaces everything that the owner says, and nothing else.
    pub fn describe(&mut self, args: ProviderArgs, now: i64) {
        let ProviderArgs { host_key, hardware_hash, capacity, label } = args;
        self.host_key = host_key;
        self.hardware_hash = hardware_hash;
        self.capacity = capacity;
        self.label = label;
        self.updated_at = now;
    }
}
