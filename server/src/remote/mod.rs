//! A pool on another machine: `PoolService` over its HTTP API.
//!
//! The pool knows who asks by the API key, so the caller named here is not sent. An answer that refuses comes
//! back with the pool's own code, words and next steps. Must never send twice what may have acted once, unless
//! twice is as good as once; must never show the key, and never send it where a redirect leads.

mod http;

use async_trait::async_trait;
use obscura_client::receipt::Receipt;
use serde_json::{Value, json};

use crate::service::{
    AccountView, BatchView, Caller, CommitInput, CommitPreview, CurrentBatch, LeaseStatusInput, LeaseView,
    MarketsView, OrderView, OrdersInput, OrdersView, PoolService, PreviewInput, PrivacyInput,
    PrivacyReportView, QuoteInput, QuoteView, ReceiptInput, RefundInput, ReleaseInput, RevealInput,
    SealedRevealInput, ServiceError,
};

pub use http::{ApiKey, RemotePoolError};

use http::{Client, Repeat, segment};

/// One pool, and the key it knows its user by.
pub struct RemotePool {
    client: Client,
}

impl RemotePool {
    /// Does not connect: the first request does.
    pub fn new(url: &str, key: Option<ApiKey>) -> Result<Self, RemotePoolError> {
        Ok(Self { client: Client::new(url, key)? })
    }
}

#[async_trait]
impl PoolService for RemotePool {
    async fn quote(&self, input: QuoteInput) -> Result<QuoteView, ServiceError> {
        self.client.get("/v1/quote", &to_json(&input)?).await
    }

    async fn commit(&self, _caller: &Caller, input: CommitInput) -> Result<OrderView, ServiceError> {
        // Under an id of the caller's, sent again it locks nothing again.
        let repeat = if input.order_id.is_some() { Repeat::Safe } else { Repeat::UnsentOnly };
        self.client.post("/v1/orders/commit", &to_json(&input)?, repeat).await
    }

    async fn preview_commit(
        &self,
        _caller: &Caller,
        input: PreviewInput,
    ) -> Result<CommitPreview, ServiceError> {
        self.client.post("/v1/orders/preview", &to_json(&input)?, Repeat::Safe).await
    }

    async fn orders(&self, _caller: &Caller, input: OrdersInput) -> Result<OrdersView, ServiceError> {
        self.client.get("/v1/orders", &to_json(&input)?).await
    }

    async fn privacy_report(
        &self,
        _caller: &Caller,
        input: PrivacyInput,
    ) -> Result<PrivacyReportView, ServiceError> {
        self.client.get(&format!("/v1/orders/{}/privacy", segment(&input.order_id)), &json!({})).await
    }

    async fn reveal(&self, _caller: &Caller, input: RevealInput) -> Result<OrderView, ServiceError> {
        self.client.post("/v1/orders/reveal", &to_json(&input)?, Repeat::UnsentOnly).await
    }

    async fn reveal_sealed(
        &self,
        _caller: &Caller,
        input: SealedRevealInput,
    ) -> Result<OrderView, ServiceError> {
        self.client.post("/v1/orders/reveal-sealed", &to_json(&input)?, Repeat::UnsentOnly).await
    }

    async fn order_status(
        &self,
        _caller: &Caller,
        input: LeaseStatusInput,
    ) -> Result<OrderView, ServiceError> {
        let LeaseStatusInput { order_id, wait_seconds } = input;
        let path = format!("/v1/orders/{}", segment(&order_id));
        self.client.get(&path, &json!({ "waitSeconds": wait_seconds.unwrap_or(0) })).await
    }

    async fn refund(&self, _caller: &Caller, input: RefundInput) -> Result<OrderView, ServiceError> {
        let path = format!("/v1/orders/{}/refund", segment(&input.order_id));
        self.client.post(&path, &json!({}), Repeat::Safe).await
    }

    async fn account(&self, _caller: &Caller) -> Result<AccountView, ServiceError> {
        self.client.get("/v1/account", &json!({})).await
    }

    async fn release_lease(&self, _caller: &Caller, input: ReleaseInput) -> Result<LeaseView, ServiceError> {
        let path = format!("/v1/leases/{}/release", segment(&input.lease_id));
        self.client.post(&path, &json!({}), Repeat::UnsentOnly).await
    }

    async fn receipt(&self, _caller: &Caller, input: ReceiptInput) -> Result<Receipt, ServiceError> {
        self.client.get(&format!("/v1/receipts/{}", segment(&input.order_id)), &json!({})).await
    }

    async fn markets(&self) -> Result<MarketsView, ServiceError> {
        self.client.get("/v1/markets", &json!({})).await
    }

    async fn current_batch(&self, gpu_type: Option<&str>) -> Result<CurrentBatch, ServiceError> {
        self.client.get("/v1/batches/current", &json!({ "gpuType": gpu_type })).await
    }

    async fn batch(&self, gpu_type: Option<&str>, index: u64) -> Result<BatchView, ServiceError> {
        self.client.get(&format!("/v1/batches/{index}"), &json!({ "gpuType": gpu_type })).await
    }
}

fn to_json(input: &impl serde::Serialize) -> Result<Value, ServiceError> {
    serde_json::to_value(input).map_err(|_| ServiceError::Internal)
}
