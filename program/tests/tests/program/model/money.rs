//! Who may act for a trader, and how money moves between the purses of the model.

use super::state::*;

/// `floor(value * bps / 10000)`.
pub fn share(value: u64, bps: u64) -> u64 {
    (u128::from(value) * u128::from(bps) / 10_000) as u64
}

impl Trader {
    pub fn lock_usdc(&mut self, amount: u64) {
        self.usdc.available -= amount;
        self.usdc.locked += amount;
    }

    pub fn unlock_usdc(&mut self, amount: u64) {
        self.usdc.locked -= amount;
        self.usdc.available += amount;
    }

    pub fn unlock_obsc(&mut self, amount: u64) {
        self.obsc.locked -= amount;
        self.obsc.available += amount;
    }

    /// What comes back to the delegate of `epoch`, if it is still that one.
    pub fn restore(&mut self, epoch: u32, usdc: u64, gpus: u64) {
        if epoch != self.epoch {
            return;
        }
        if let Some(delegate) = &mut self.delegate {
            delegate.spent = delegate.spent.saturating_sub(usdc);
            delegate.gpus = delegate.gpus.saturating_sub(gpus);
        }
    }

    /// Whether the caller of `epoch` may spend so much more.
    pub fn caps_allow(&self, epoch: u32, usdc: u64, gpus: u64) -> bool {
        let Some(delegate) = self.delegate.as_ref().filter(|_| epoch != 0) else { return true };
        delegate.spent.saturating_add(usdc) <= delegate.spend_cap && delegate.gpus + gpus <= delegate.gpu_cap
    }

    pub fn charge(&mut self, epoch: u32, usdc: u64, gpus: u64) {
        if let Some(delegate) = self.delegate.as_mut().filter(|_| epoch != 0) {
            delegate.spent += usdc;
            delegate.gpus += gpus;
        }
    }
}

impl Model {
    /// The epoch under which `who` acts for `trader`, 0 for the owner.
    pub fn acts(&self, who: Who, trader: usize, permission: u8) -> Option<u32> {
        match who {
            Who::Owner(owner) if owner == trader => Some(0),
            Who::DelegateOf(owner) if owner == trader => {
                let known = &self.traders[trader];
                let delegate = known.delegate.as_ref()?;
                let may = self.now.seconds < delegate.expires_at && delegate.permissions & permission != 0;
                may.then_some(known.epoch)
            }
            _ => None,
        }
    }

    /// Takes up to `penalty` of the bond, half of it for the treasury. Returns the rest.
    pub fn forfeit(&mut self, penalty: u64) -> u64 {
        let taken = penalty.min(self.bond);
        self.bond -= taken;
        let to_victim = taken / 2;
        self.treasury_obsc += taken - to_victim;
        to_victim
    }

    pub fn running(&self) -> u64 {
        ((self.now.seconds - self.genesis) / BATCH_SECONDS) as u64
    }

    pub fn start_of(&self, batch: u64) -> i64 {
        self.genesis + batch as i64 * BATCH_SECONDS
    }
}

impl Lease {
    /// What `seconds` of it cost: the whole term rounded up, a part of it down.
    pub fn whole(&self) -> u64 {
        let product = u128::from(self.price) * u128::from(self.qty) * self.duration as u128;
        product.div_ceil(3_600) as u64
    }

    pub fn used(&self, seconds: i64) -> u64 {
        (u128::from(self.price) * u128::from(self.qty) * seconds as u128 / 3_600) as u64
    }

    /// `bps` of the stake behind it.
    pub fn slash(&self, bps: u64) -> u64 {
        share(self.qty * STAKE_PER_GPU, bps)
    }
}
