//! What the keeper asks the chain itself, so that it depends on no pool's word, and does there when a pool
//! does not do its part.

use std::sync::Arc;

use obscura_client::accounts::{self, Batch, Order, ReadError};
use obscura_client::instructions::{anyone, trade};
use obscura_client::ledger::{ChainClock, Ledger, LedgerError};
use obscura_client::transactions::Submission;
use obscura_client::vault::KeptOrder;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

/// A chain, and a key that may act for the orders' owner: the owner's, or its delegate's.
#[derive(Clone)]
pub struct ChainAccess {
    ledger: Arc<dyn Ledger>,
    signer: Option<Arc<Keypair>>,
}

impl ChainAccess {
    /// Without a `signer` the chain is only read.
    pub fn new(ledger: Arc<dyn Ledger>, signer: Option<Arc<Keypair>>) -> Self {
        Self { ledger, signer }
    }

    pub fn can_sign(&self) -> bool {
        self.signer.is_some()
    }

    pub async fn clock(&self) -> Result<ChainClock, LedgerError> {
        self.ledger.clock().await
    }

    /// The order's account and its batch's; none where its commit has not landed.
    pub async fn order(&self, order: &KeptOrder) -> Result<Option<(Order, Batch)>, ReadError> {
        let address = order.latest().address(&order.owner);
        let Some(found) = accounts::find::<Order>(self.ledger.as_ref(), &address).await? else {
            return Ok(None);
        };
        let batch = accounts::get::<Batch>(self.ledger.as_ref(), &found.batch).await?;
        Ok(Some((found, batch)))
    }

    /// Opens the latest attempt for everybody: the answer to a matcher that does not acknowledge it. Gives the
    /// transaction's signature; none where it was opened so before.
    pub async fn reveal_in_public(
        &self,
        order: &KeptOrder,
        batch: Pubkey,
    ) -> Result<Option<String>, LedgerError> {
        let (Some(signer), Some(opening)) = (&self.signer, order.opening()) else {
            return Err(LedgerError::BadSignature);
        };
        let step = trade::reveal(signer.pubkey(), batch, order.latest().order_id, &opening);
        match Submission::new(signer, [step]).send(self.ledger.as_ref()).await {
            Ok(landed) => Ok(Some(landed.signature.to_string())),
            Err(error) if error.program_error() == Some("AlreadyRevealed") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Ends an order that is over, which anyone may.
    pub async fn refund(&self, order: &KeptOrder) -> Result<(), ReadError> {
        let (Some(signer), Some((account, batch))) = (&self.signer, self.order(order).await?) else {
            return Ok(());
        };
        let address = order.latest().address(&order.owner);
        let step = anyone::refund(signer.pubkey(), address, &account, &batch, None);
        Submission::new(signer, [step]).send(self.ledger.as_ref()).await?;
        Ok(())
    }
}
