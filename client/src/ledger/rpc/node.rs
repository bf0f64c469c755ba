//! What is asked of a node before it is relied on.

use std::time::Duration;

use solana_sdk::hash::Hash;

use super::failure::unavailable;
use super::{Ledger, LedgerError, RpcLedger};
use crate::idl;

/// Between two looks at a node that is away.
const PAUSE: Duration = Duration::from_secs(5);

impl RpcLedger {
    /// Tells the node's cluster from others.
    pub async fn genesis_hash(&self) -> Result<Hash, LedgerError> {
        self.ask(|| self.client.get_genesis_hash()).await
    }

    /// Whether the program that this library is for is on the cluster.
    pub async fn has_program(&self) -> Result<bool, LedgerError> {
        Ok(self.account(&idl::ID).await?.is_some_and(|program| program.executable))
    }

    /// Returns once the node answers and says that it is not behind, however long that takes; says each time
    /// why it does not.
    pub async fn wait_until_ready(&self, mut waiting: impl FnMut(&LedgerError)) {
        loop {
            match self.client.get_health().await {
                Ok(()) => return,
                Err(error) => waiting(&unavailable(&error)),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
