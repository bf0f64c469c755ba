//! The pool in this process: `PoolService` over a `Ledger`, for any number of API
//! keys.
//!
//! It signs with the relayer's key alone, which is fee payer and, for every API
//! key's trader, a delegate with caps that the program enforces. What it knows
//! beyond the chain is the openings that were revealed to it, and it hands those
//! to nobody but the matcher. It never looks at an opening before the order's
//! reveal window is open on the chain's clock.

mod account;
mod acknowledgement;
mod batches;
mod chain_error;
mod commit;
mod commit_checks;
mod lease_view;
mod market_board;
mod markets;
mod order_list;
mod order_lookup;
pub mod order_state;
mod order_status;
mod order_view;
mod preview;
mod privacy_report;
mod quote;
mod receipt;
mod refund;
mod release_lease;
mod reveal;

use std::sync::Arc;

use async_trait::async_trait;
use obscura_client::accounts::ReadError;
use obscura_client::ledger::{ChainClock, Ledger};
use obscura_client::receipt::Receipt;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;

use crate::service::{
    AccountView, BatchView, Caller, CommitInput, CommitPreview, CurrentBatch, LeaseStatusInput, LeaseView,
    MarketsView, OrderView, OrdersInput, OrdersView, PoolService, PreviewInput, PrivacyInput,
    PrivacyReportView, QuoteInput, QuoteView, ReceiptInput, RefundInput, ReleaseInput, RevealInput,
    SealedRevealInput, ServiceError,
};
use crate::storage::Storage;
use market_board::MarketBoard;

pub use markets::{Market, Markets};
pub use release_lease::chain_terms;

/// What a pool is made of.
pub struct PoolParts {
    pub ledger: Arc<dyn Ledger>,
    pub storage: Storage,
    /// Fee payer, and delegate of every API key's trader.
    pub relayer: Arc<Keypair>,
    /// Signs acknowledgements; the key that clears these markets.
    pub matcher: Arc<Keypair>,
    /// Names of the markets, the default one first.
    pub gpu_types: Vec<String>,
}

/// A pool server's service layer.
pub struct Pool {
    ledger: Arc<dyn Ledger>,
    storage: Storage,
    relayer: Arc<Keypair>,
    matcher: Arc<Keypair>,
    markets: Markets,
    board: MarketBoard,
}

impl Pool {
    /// Reads the markets, which must exist.
    pub async fn open(parts: PoolParts) -> Result<Self, ReadError> {
        let PoolParts { ledger, storage, relayer, matcher, gpu_types } = parts;
        let markets = Markets::load(ledger.as_ref(), gpu_types).await?;
        let board = MarketBoard::of(markets.all());
        Ok(Self { ledger, storage, relayer, matcher, markets, board })
    }

    /// The markets that this pool serves.
    pub fn market_list(&self) -> &[Market] {
        self.markets.all()
    }

    async fn clock(&self) -> Result<ChainClock, ServiceError> {
        self.ledger.clock().await.map_err(chain_error::unreadable)
    }

    /// Seconds of the chain's clock.
    async fn now(&self) -> Result<i64, ServiceError> {
        Ok(self.clock().await?.unix_seconds)
    }
}

#[async_trait]
impl PoolService for Pool {
    async fn quote(&self, input: QuoteInput) -> Result<QuoteView, ServiceError> {
        self.quote_market(input).await
    }

    async fn commit(&self, caller: &Caller, input: CommitInput) -> Result<OrderView, ServiceError> {
        self.commit_order(caller, input).await
    }

    async fn preview_commit(
        &self,
        caller: &Caller,
        input: PreviewInput,
    ) -> Result<CommitPreview, ServiceError> {
        self.preview(caller, input).await
    }

    async fn orders(&self, caller: &Caller, input: OrdersInput) -> Result<OrdersView, ServiceError> {
        self.list_orders(caller, input).await
    }

    async fn privacy_report(
        &self,
        caller: &Caller,
        input: PrivacyInput,
    ) -> Result<PrivacyReportView, ServiceError> {
        self.report_privacy(caller, input).await
    }

    async fn reveal(&self, caller: &Caller, input: RevealInput) -> Result<OrderView, ServiceError> {
        self.reveal_order(caller, input).await
    }

    async fn reveal_sealed(
        &self,
        caller: &Caller,
        input: SealedRevealInput,
    ) -> Result<OrderView, ServiceError> {
        self.reveal_sealed_order(caller, input).await
    }

    async fn order_status(
        &self,
        caller: &Caller,
        input: LeaseStatusInput,
    ) -> Result<OrderView, ServiceError> {
        self.status_of_order(caller, input).await
    }

    async fn refund(&self, caller: &Caller, input: RefundInput) -> Result<OrderView, ServiceError> {
        self.refund_order(caller, input).await
    }

    async fn account(&self, caller: &Caller) -> Result<AccountView, ServiceError> {
        self.account_of(caller).await
    }

    async fn release_lease(&self, caller: &Caller, input: ReleaseInput) -> Result<LeaseView, ServiceError> {
        self.release(caller, input).await
    }

    async fn receipt(&self, caller: &Caller, input: ReceiptInput) -> Result<Receipt, ServiceError> {
        self.receipt_of(caller, input).await
    }

    async fn markets(&self) -> Result<MarketsView, ServiceError> {
        self.view_markets().await
    }

    async fn current_batch(&self, gpu_type: Option<&str>) -> Result<CurrentBatch, ServiceError> {
        self.view_current_batch(self.markets.meant(gpu_type)?).await
    }

    async fn batch(&self, gpu_type: Option<&str>, index: u64) -> Result<BatchView, ServiceError> {
        self.view_batch(self.markets.meant(gpu_type)?, index).await
    }
}

fn owner_of(caller: &Caller) -> Pubkey {
    Pubkey::new_from_array(caller.owner)
}
