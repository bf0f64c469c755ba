//! Whether every owner's money is what its orders explain, to the micro-USDC. Computed from what the pool
//! tells owners, so that it holds for any pool, also one that cannot be looked into.

use std::collections::BTreeMap;

use futures::future::try_join_all;

use crate::agent::{Agent, Wallet};
use crate::record::Record;

/// Micro-USDC of every owner, available and locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wallets(BTreeMap<String, i128>);

impl Wallets {
    pub async fn read(agents: &[Agent]) -> anyhow::Result<Self> {
        let wallets = try_join_all(agents.iter().map(Agent::wallet)).await?;
        let by_owner = |Wallet { owner, micro }| (owner, i128::from(micro));
        Ok(Self(wallets.into_iter().map(by_owner).collect()))
    }

    /// Whether `after` is what these wallets are once the orders of `records` moved what they say.
    pub fn explains(&self, after: &Self, records: &[Record]) -> bool {
        let mut expected = self.clone();
        for record in records {
            *expected.0.entry(record.owner.clone()).or_default() -= record.moved_out();
        }
        expected == *after
    }
}
