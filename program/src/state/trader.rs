//! One owner's money in the program, and its delegate. A delegate must never withdraw, and never outlive its
//! cap, its expiry or its revocation. Source: SPEC section 11.

use anchor_lang::prelude::*;

use super::settings::Currency;
use super::{Balance, Tally};
use crate::constants::{PERMISSION_LEASE, PERMISSION_TRADE, TALLIES, UNSTAKE_SECONDS};
use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct Trader {
    pub owner: Pubkey,
    pub usdc: Balance,
    pub obsc: Balance,
    /// Micro-OBSC on its way out, and the first second at which all of it may leave.
    pub unstaking: u64,
    pub unstakes_at: i64,
    /// Its orders in the batches that take commits now.
    pub tallies: [Tally; TALLIES],
    pub bump: u8,
    /// Counts every change of the delegate; 0 stands for the owner in an order.
    pub delegate_epoch: u32,
    pub delegate: Option<Delegate>,
}

/// An agent's budget, enforced on chain.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegate {
    pub key: Pubkey,
    /// `PERMISSION_TRADE`, `PERMISSION_LEASE` or both.
    pub permissions: u8,
    /// First second at which it may do nothing any more.
    pub expires_at: i64,
    /// Micro-USDC that its orders may lock and spend at most; what comes back restores it.
    pub spend_cap: u64,
    pub spent: u64,
    /// Micro-USDC that one bid may lock.
    pub max_order_micro: u64,
    /// GPUs that one ask may lock.
    pub max_order_gpus: u64,
    /// GPUs that its asks may lock together at most; what ends restores it.
    pub gpu_cap: u64,
    pub gpus_locked: u64,
}

/// Who signed, once `authorise` has let it through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    Owner,
    Delegate { epoch: u32 },
}

impl Caller {
    /// What an order stores: whose cap its refund restores.
    pub fn epoch(self) -> u32 {
        match self {
            Caller::Owner => 0,
            Caller::Delegate { epoch } => epoch,
        }
    }
}

impl Trader {
    /// CAN: the owner; the delegate with `permission` before its expiry. CANNOT: anybody else.
    pub fn authorise(&self, signer: &Pubkey, permission: u8, now: i64) -> Result<Caller> {
        if *signer == self.owner {
            return Ok(Caller::Owner);
        }
        let delegate = self.delegate.filter(|delegate| delegate.key == *signer);
        let delegate = delegate.ok_or(ObscuraError::NotOwnerOrDelegate)?;
        require!(now < delegate.expires_at, ObscuraError::DelegateExpired);
        require!(delegate.permissions & permission != 0, ObscuraError::DelegateLacksPermission);
        Ok(Caller::Delegate { epoch: self.delegate_epoch })
    }

    /// The next delegate, or none. Orders of the one before no longer restore a cap.
    pub fn replace_delegate(&mut self, delegate: Option<Delegate>) -> Result<()> {
        self.delegate_epoch = self.delegate_epoch.checked_add(1).ok_or(ObscuraError::Overflow)?;
        self.delegate = delegate;
        Ok(())
    }

    /// Counts what an order takes, micro-USDC out of `available` and GPUs, against the caller's caps.
    pub fn charge_caps(&mut self, caller: Caller, amount: u64, gpus: u64) -> Result<()> {
        let (Caller::Delegate { .. }, Some(delegate)) = (caller, self.delegate.as_mut()) else {
            return Ok(());
        };
        let spent = delegate.spent.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        require_gte!(delegate.spend_cap, spent, ObscuraError::DelegateSpendCap);
        let gpus_locked = delegate.gpus_locked.checked_add(gpus).ok_or(ObscuraError::Overflow)?;
        require_gte!(delegate.gpu_cap, gpus_locked, ObscuraError::DelegateGpuCap);
        delegate.spent = spent;
        delegate.gpus_locked = gpus_locked;
        Ok(())
    }

    /// Gives back to the caps what came back from an order of the delegate of `epoch`, if it is still that one.
    pub fn restore_caps(&mut self, epoch: u32, amount: u64, gpus: u64) {
        if epoch != self.delegate_epoch {
            return;
        }
        if let Some(delegate) = self.delegate.as_mut() {
            delegate.spent = delegate.spent.saturating_sub(amount);
            delegate.gpus_locked = delegate.gpus_locked.saturating_sub(gpus);
        }
    }

    /// Moves `amount` from available to unstaking; the delay of all that is unstaking starts at `now`.
    pub fn begin_unstake(&mut self, amount: u64, now: i64) -> Result<()> {
        self.obsc.debit(amount)?;
        self.unstaking = self.unstaking.checked_add(amount).ok_or(ObscuraError::Overflow)?;
        let unstakes_at = now.checked_add(i64::from(UNSTAKE_SECONDS));
        self.unstakes_at = unstakes_at.ok_or(ObscuraError::Overflow)?;
        Ok(())
    }

    /// All its micro-OBSC, for the conservation check.
    pub fn stake(&self) -> u128 {
        self.obsc.total() + u128::from(self.unstaking)
    }

    pub fn balance_mut(&mut self, currency: Currency) -> &mut Balance {
        match currency {
            Currency::Usdc => &mut self.usdc,
            Currency::Obsc => &mut self.obsc,
        }
    }
}

impl Delegate {
    /// A key of its own, known permission bits, an end in the future.
    pub fn validate(&self, owner: &Pubkey, now: i64) -> Result<()> {
        let known = PERMISSION_TRADE | PERMISSION_LEASE;
        let bits_fit = self.permissions != 0 && self.permissions & !known == 0;
        let key_fits = self.key != *owner && self.key != Pubkey::default();
        require!(bits_fit && key_fits && now < self.expires_at, ObscuraError::MalformedDelegate);
        Ok(())
    }
}
