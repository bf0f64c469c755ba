//! A trader account and its delegate.

use super::{Figure, Figures, key, number, obsc, text, time, usdc};
use crate::accounts::{Delegate, Trader};
use crate::idl::constants::{PERMISSION_LEASE, PERMISSION_TRADE};

impl Figures for Trader {
    fn figures(&self) -> Vec<Figure> {
        let mut figures = vec![
            key("owner", self.owner),
            usdc("usdcAvailable", self.usdc.available),
            usdc("usdcLocked", self.usdc.locked),
            obsc("obscAvailable", self.obsc.available),
            obsc("obscLocked", self.obsc.locked),
            obsc("obscUnstaking", self.unstaking),
        ];
        if self.unstaking > 0 {
            figures.push(time("unstakesAt", self.unstakes_at));
        }
        figures.extend(self.delegate.iter().flat_map(delegate));
        figures
    }
}

/// The limits of a delegate, and what it has used of them.
pub fn delegate(delegate: &Delegate) -> Vec<Figure> {
    vec![
        key("delegate", delegate.key),
        text("delegatePermissions", permissions(delegate.permissions)),
        time("delegateExpiresAt", delegate.expires_at),
        usdc("delegateSpendCap", delegate.spend_cap),
        usdc("delegateSpent", delegate.spent),
        usdc("delegateMaxOrder", delegate.max_order_micro),
        number("delegateMaxOrderGpus", delegate.max_order_gpus),
        number("delegateGpuCap", delegate.gpu_cap),
        number("delegateGpusLocked", delegate.gpus_locked),
    ]
}

fn permissions(bits: u8) -> String {
    let known = [(PERMISSION_TRADE, "trade"), (PERMISSION_LEASE, "lease")];
    let names: Vec<&str> = known.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| *name).collect();
    names.join(",")
}
