//! What the pool does, free of any transport: one trait, its inputs and its
//! outputs.
//!
//! HTTP and MCP are two thin faces of this layer, so the same request through
//! either gives the same result, errors included. Nothing here may know axum,
//! rmcp, LiteSVM or SQLite; nothing here holds a market rule (those live in
//! `obscura-auction`). JSON names, states and codes are the contract with users:
//! docs/SPEC.md.

mod account;
mod batch;
mod budget;
mod caller;
mod error;
pub mod gpu_names;
mod inputs;
mod lease;
mod market;
mod next_action;
mod order;
mod orders;
mod privacy;
mod problem;
mod quote;
mod untrusted_text;
mod vault;
mod verified;

use async_trait::async_trait;
use obscura_client::receipt::Receipt;

pub use account::{AccountView, DelegateView, TagSpending};
pub use batch::{BatchPhase, BatchView, ClearingBatch, CurrentBatch};
pub use budget::{BudgetView, CommitPreview, OwnTerms, PreviewInput};
pub use caller::{Authenticator, Caller};
pub use error::ServiceError;
pub use inputs::{
    AccountInput, CommitInput, LeaseStatusInput, MAX_WAIT_SECONDS, MarketsInput, QuoteInput, ReceiptInput,
    RefundInput, ReleaseInput, RevealInput, SealedRevealInput, SideInput,
};
pub use lease::{LeaseState, LeaseTermsView, LeaseView};
pub use market::{MarketView, MarketsView};
pub use next_action::NextAction;
pub use order::{Acknowledgement, AttemptView, AttemptsView, OrderReason, OrderState, OrderView};
pub use orders::{OrderLine, OrdersInput, OrdersView};
pub use privacy::{Disclosure, Observer, PrivacyInput, PrivacyReportView};
pub use problem::Problem;
pub use quote::{FillEstimate, QuoteEstimate, QuoteView, RecentBatchSizes};
pub use untrusted_text::{UntrustedText, plain};
pub use vault::{LeaseInput, RevealKeptInput, TermsInput, VaultService};
pub use verified::{VerifiedView, VerifyInput};

/// Everything a client may ask of a pool. Every method that moves money is
/// idempotent or says in its error what already happened.
#[async_trait]
pub trait PoolService: Send + Sync {
    /// What a market paid lately, and what an order of this size would lock.
    async fn quote(&self, input: QuoteInput) -> Result<QuoteView, ServiceError>;

    /// Locks the collateral behind a sealed order, in the batch open now.
    async fn commit(&self, caller: &Caller, input: CommitInput) -> Result<OrderView, ServiceError>;

    /// What a commit would lock, and what would be left to spend. Locks nothing.
    async fn preview_commit(
        &self,
        caller: &Caller,
        input: PreviewInput,
    ) -> Result<CommitPreview, ServiceError>;

    /// The caller's orders, the latest first.
    async fn orders(&self, caller: &Caller, input: OrdersInput) -> Result<OrdersView, ServiceError>;

    /// What an order has told to whom so far.
    async fn privacy_report(
        &self,
        caller: &Caller,
        input: PrivacyInput,
    ) -> Result<PrivacyReportView, ServiceError>;

    /// Hands the opening of a committed order to the matcher, privately.
    async fn reveal(&self, caller: &Caller, input: RevealInput) -> Result<OrderView, ServiceError>;

    /// The same with an opening that is sealed to the matcher's key: whoever hands it on learns nothing.
    async fn reveal_sealed(
        &self,
        caller: &Caller,
        input: SealedRevealInput,
    ) -> Result<OrderView, ServiceError>;

    /// One order, with its leases. Waits up to `waitSeconds` for news.
    async fn order_status(&self, caller: &Caller, input: LeaseStatusInput)
    -> Result<OrderView, ServiceError>;

    /// Gives back what an order no longer needs; a second call moves nothing.
    async fn refund(&self, caller: &Caller, input: RefundInput) -> Result<OrderView, ServiceError>;

    /// The caller's balances, caps and owner key.
    async fn account(&self, caller: &Caller) -> Result<AccountView, ServiceError>;

    /// Ends the caller's lease now, paying its whole amount.
    async fn release_lease(&self, caller: &Caller, input: ReleaseInput) -> Result<LeaseView, ServiceError>;

    /// What the caller needs to check an order's outcome offline.
    async fn receipt(&self, caller: &Caller, input: ReceiptInput) -> Result<Receipt, ServiceError>;

    /// Every market of the pool.
    async fn markets(&self) -> Result<MarketsView, ServiceError>;

    /// The batch that takes orders now. `None` means the pool's first market.
    async fn current_batch(&self, gpu_type: Option<&str>) -> Result<CurrentBatch, ServiceError>;

    /// One batch by its index.
    async fn batch(&self, gpu_type: Option<&str>, index: u64) -> Result<BatchView, ServiceError>;
}
