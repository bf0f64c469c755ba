//! A keeper as `obscura mcp` runs one: its own vault, the pool behind HTTP, the chain behind a node's RPC, and
//! where a test wants it a bad line in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use obscura_client::address;
use obscura_client::ledger::rpc::{RpcLedger, RpcOptions};
use obscura_client::receipt::Receipt;
use obscura_client::sealed_opening::seal_opening;
use obscura_client::sealed_order::SealedOrder;
use obscura_client::secret_file::Secret32;
use obscura_client::vault::Vault;
use obscura_server::local::DemoAccount;
use obscura_server::remote::{ApiKey, RemotePool};
use obscura_server::service::{
    AccountView, BatchView, Caller, CommitInput, CommitPreview, CurrentBatch, LeaseStatusInput, LeaseView,
    MarketsView, OrderView, OrdersInput, OrdersView, PoolService, PreviewInput, PrivacyInput,
    PrivacyReportView, QuoteInput, QuoteView, ReceiptInput, RefundInput, ReleaseInput, RevealInput,
    SealedRevealInput, ServiceError, TermsInput, VaultService,
};
use obscura_server::vault::{ChainAccess, Keeper, KeeperParts};
use serde::Serialize;
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::harness::{H100, TestOrder, TestPool};

/// Longest that a step which is due may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub struct VaultWorld {
    keeper: Arc<Keeper>,
    caller: Caller,
    folder: TempDir,
    line: Arc<Line>,
    stop: CancellationToken,
    working: JoinHandle<()>,
}

/// A bid for one hour with room in its cap.
pub fn bid(price_micro: u64, qty: u16) -> TermsInput {
    TermsInput {
        gpu_type: H100.into(),
        side: None,
        price_micro,
        qty,
        min_qty: None,
        duration_seconds: None,
        max_total_micro: Some(20_000_000),
        lock_gpus: None,
        good_for_batches: None,
        min_batch_orders: None,
        client_tag: None,
        order_id: None,
        dry_run: None,
    }
}

/// The order's opening as only `matcher` can read it, for the order `order_id`, in base64.
pub fn sealed_to(order: &TestOrder, matcher: &Pubkey, owner: &DemoAccount, order_id: &str) -> String {
    let text = json!({
        "commitHash": order.commit_body["commitHash"], "commitBody": order.commit_body,
        "revealBody": order.reveal_body(order_id),
    });
    let owner = owner.owner.pubkey();
    let opening = SealedOrder::read(&text.to_string()).unwrap().opening(&owner).unwrap();
    let address = address::order(&owner, order_id.parse().unwrap());
    BASE64_STANDARD.encode(seal_opening(matcher, &address, &opening).unwrap())
}

impl VaultWorld {
    pub async fn over(pool: &TestPool) -> Self {
        Self::start(pool, tempfile::tempdir().unwrap(), Fault::None).await
    }

    /// Commits get no answer; they reach the pool or do not.
    pub async fn whose_commits_are_lost(pool: &TestPool, land: bool) -> Self {
        let fault = if land { Fault::CommitAnswersLost } else { Fault::CommitsLost };
        Self::start(pool, tempfile::tempdir().unwrap(), fault).await
    }

    pub async fn whose_reveals_are_lost(pool: &TestPool) -> Self {
        Self::start(pool, tempfile::tempdir().unwrap(), Fault::RevealsLost).await
    }

    async fn start(pool: &TestPool, folder: TempDir, fault: Fault) -> Self {
        let key = ApiKey::new(&pool.buyer.api_key).unwrap();
        let remote = RemotePool::new(&pool.http_url(), Some(key)).unwrap();
        let line =
            Arc::new(Line { pool: remote, fault, asked: AtomicU32::new(0), up: AtomicBool::new(true) });
        let ledger = Arc::new(RpcLedger::new(RpcOptions::new(pool.rpc_url())));
        let vault = Vault::open(folder.path(), &Secret32::new([7; 32])).await.unwrap();
        let keeper = Keeper::new(KeeperParts {
            pool: line.clone(),
            vault,
            chain: Some(ChainAccess::new(ledger, Some(pool.buyer.owner.clone()))),
            kept_by_pool: false,
            look_every: LOOK_EVERY,
        });
        let stop = CancellationToken::new();
        let working = keeper.spawn(&stop);
        let caller = caller_of(&pool.buyer);
        Self { keeper, caller, folder, line, stop, working }
    }

    /// Another process on the same vault, over a good line.
    pub async fn restart(self, pool: &TestPool) -> Self {
        let folder = self.halt().await;
        Self::start(pool, folder, Fault::None).await
    }

    pub async fn stop(self) {
        self.halt().await;
    }

    async fn halt(self) -> TempDir {
        let Self { keeper, folder, line, stop, working, .. } = self;
        line.up.store(false, Ordering::SeqCst);
        stop.cancel();
        working.await.unwrap();
        keeper.close().await;
        folder
    }

    pub async fn commit(&self, input: TermsInput) -> Result<Value, ServiceError> {
        self.keeper.commit_terms(&self.caller, input).await.map(to_json)
    }

    pub async fn preview(&self, input: TermsInput) -> Result<Value, ServiceError> {
        self.keeper.preview_terms(&self.caller, input).await.map(to_json)
    }

    pub async fn orders(&self) -> Value {
        to_json(self.keeper.orders(&self.caller, OrdersInput::default()).await.unwrap())
    }

    pub async fn refund(&self, handle: &str) -> Result<Value, ServiceError> {
        self.keeper.refund(&self.caller, RefundInput { order_id: handle.into() }).await.map(to_json)
    }

    pub async fn order(&self, handle: &str) -> Value {
        let input = LeaseStatusInput { order_id: handle.into(), wait_seconds: None };
        to_json(self.keeper.order_status(&self.caller, input).await.unwrap())
    }

    /// Waits until the order is in one of `states`.
    pub async fn until(&self, handle: &str, states: &[&str]) -> Value {
        self.until_it(handle, |order| states.contains(&order["state"].as_str().unwrap())).await
    }

    /// Waits until the order is committed to batch `index`.
    pub async fn until_batch(&self, handle: &str, index: u64) -> Value {
        self.until_it(handle, |order| order["state"] == "committed" && order["batchIndex"] == index).await
    }

    async fn until_it(&self, handle: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let order = self.order(handle).await;
            if fits(&order) {
                return order;
            }
            assert!(Instant::now() < deadline, "not in time: {order}");
            sleep(LOOK_EVERY).await;
        }
    }

    pub async fn until_a_reveal_was_tried(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.line.asked.load(Ordering::SeqCst) == 0 {
            assert!(Instant::now() < deadline, "nothing was revealed");
            sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until no order is kept that is not over.
    pub async fn until_nothing_is_kept(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.keeper.owners().await.unwrap().is_empty() {
            assert!(Instant::now() < deadline, "orders are still kept");
            sleep(LOOK_EVERY).await;
        }
    }
}

fn caller_of(account: &DemoAccount) -> Caller {
    Caller { owner: account.owner.pubkey().to_bytes() }
}

fn to_json(view: impl Serialize) -> Value {
    serde_json::to_value(view).unwrap()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    CommitsLost,
    CommitAnswersLost,
    RevealsLost,
}

/// The way to the pool, with its fault.
struct Line {
    pool: RemotePool,
    fault: Fault,
    /// Reveals that got lost.
    asked: AtomicU32,
    up: AtomicBool,
}

fn lost<T>() -> Result<T, ServiceError> {
    Err(ServiceError::Unavailable { detail: "the line is bad".into() })
}

#[async_trait]
impl PoolService for Line {
    async fn commit(&self, caller: &Caller, input: CommitInput) -> Result<OrderView, ServiceError> {
        match self.fault {
            Fault::CommitsLost => lost(),
            // Once it has landed the process is as good as dead: it learns nothing more.
            Fault::CommitAnswersLost if self.up.swap(false, Ordering::SeqCst) => {
                self.pool.commit(caller, input).await?;
                lost()
            }
            Fault::CommitAnswersLost => lost(),
            Fault::None | Fault::RevealsLost => self.pool.commit(caller, input).await,
        }
    }

    async fn reveal_sealed(
        &self,
        caller: &Caller,
        input: SealedRevealInput,
    ) -> Result<OrderView, ServiceError> {
        if self.fault == Fault::RevealsLost {
            self.asked.fetch_add(1, Ordering::SeqCst);
            return lost();
        }
        self.pool.reveal_sealed(caller, input).await
    }

    async fn quote(&self, input: QuoteInput) -> Result<QuoteView, ServiceError> {
        self.pool.quote(input).await
    }

    async fn preview_commit(
        &self,
        caller: &Caller,
        input: PreviewInput,
    ) -> Result<CommitPreview, ServiceError> {
        self.pool.preview_commit(caller, input).await
    }

    async fn orders(&self, caller: &Caller, input: OrdersInput) -> Result<OrdersView, ServiceError> {
        self.pool.orders(caller, input).await
    }

    async fn privacy_report(
        &self,
        caller: &Caller,
        input: PrivacyInput,
    ) -> Result<PrivacyReportView, ServiceError> {
        self.pool.privacy_report(caller, input).await
    }

    async fn reveal(&self, caller: &Caller, input: RevealInput) -> Result<OrderView, ServiceError> {
        self.pool.reveal(caller, input).await
    }

    async fn order_status(
        &self,
        caller: &Caller,
        input: LeaseStatusInput,
    ) -> Result<OrderView, ServiceError> {
        self.pool.order_status(caller, input).await
    }

    async fn refund(&self, caller: &Caller, input: RefundInput) -> Result<OrderView, ServiceError> {
        self.pool.refund(caller, input).await
    }

    async fn account(&self, caller: &Caller) -> Result<AccountView, ServiceError> {
        self.pool.account(caller).await
    }

    async fn release_lease(&self, caller: &Caller, input: ReleaseInput) -> Result<LeaseView, ServiceError> {
        self.pool.release_lease(caller, input).await
    }

    async fn receipt(&self, caller: &Caller, input: ReceiptInput) -> Result<Receipt, ServiceError> {
        self.pool.receipt(caller, input).await
    }

    async fn markets(&self) -> Result<MarketsView, ServiceError> {
        self.pool.markets().await
    }

    async fn current_batch(&self, gpu_type: Option<&str>) -> Result<CurrentBatch, ServiceError> {
        self.pool.current_batch(gpu_type).await
    }

    async fn batch(&self, gpu_type: Option<&str>, index: u64) -> Result<BatchView, ServiceError> {
        self.pool.batch(gpu_type, index).await
    }
}
