//! What belongs to the pool as a whole, its matchers and its providers.

use super::{Figure, Figures, flag, hash, key, number, obsc, text, time, usdc};
use crate::accounts::{Books, Matcher, Provider, Settings, VerifyingKey};

impl Figures for Settings {
    fn figures(&self) -> Vec<Figure> {
        let mut figures = vec![
            key("authority", self.authority),
            key("usdcMint", self.usdc_mint),
            key("obscMint", self.obsc_mint),
            flag("allowDevKeys", self.allow_dev_keys),
            flag("paused", self.paused),
        ];
        figures.extend(self.proposed_authority.map(|proposed| key("proposedAuthority", proposed)));
        figures
    }
}

impl Figures for Books {
    fn figures(&self) -> Vec<Figure> {
        vec![
            usdc("usdcAccounted", self.usdc.accounted),
            usdc("usdcTreasury", self.usdc.treasury),
            obsc("obscAccounted", self.obsc.accounted),
            obsc("obscTreasury", self.obsc.treasury),
        ]
    }
}

impl Figures for Matcher {
    fn figures(&self) -> Vec<Figure> {
        vec![
            key("key", self.key),
            obsc("bond", self.bond),
            obsc("exposure", self.exposure),
            number("openBatches", self.open_batches),
            flag("retired", self.retired),
        ]
    }
}

impl Figures for Provider {
    fn figures(&self) -> Vec<Figure> {
        vec![
            key("owner", self.owner),
            text("label", self.label.clone()),
            key("hostKey", self.host_key),
            key("market", self.capacity.market),
            number("gpus", self.capacity.gpus),
            number("gpuMemoryGib", self.capacity.gpu_memory_gib),
            number("cpuCores", self.capacity.cpu_cores),
            number("memoryGib", self.capacity.memory_gib),
            number("diskGib", self.capacity.disk_gib),
            number("uplinkMbps", self.capacity.uplink_mbps),
            hash("hardwareHash", self.hardware_hash),
            time("registeredAt", self.registered_at),
            time("updatedAt", self.updated_at),
        ]
    }
}

impl Figures for VerifyingKey {
    fn figures(&self) -> Vec<Figure> {
        vec![
            number("size", self.size),
            flag("frozen", self.frozen),
            flag("disabled", self.disabled),
            hash("fingerprint", self.fingerprint),
        ]
    }
}
