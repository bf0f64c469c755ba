//! The few HTTP routes that have no tool: account, batches, release.

use anyhow::{Context, bail};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// A client of one pool's HTTP routes.
pub struct PoolHttp {
    base: String,
    api_key: Option<String>,
    client: reqwest::Client,
}

impl PoolHttp {
    pub fn new(base: String, api_key: Option<String>) -> Self {
        Self { base, api_key, client: reqwest::Client::new() }
    }

    pub async fn account(&self) -> anyhow::Result<Value> {
        self.send(self.request(Method::GET, "/v1/account")).await
    }

    pub async fn current_batch(&self, gpu_type: &str) -> anyhow::Result<Value> {
        let path = format!("/v1/batches/current?gpuType={}", in_query(gpu_type));
        self.send(self.request(Method::GET, &path)).await
    }

    pub async fn batch(&self, gpu_type: &str, index: u64) -> anyhow::Result<Value> {
        let path = format!("/v1/batches/{index}?gpuType={}", in_query(gpu_type));
        self.send(self.request(Method::GET, &path)).await
    }

    /// Ends a running lease, which pays it.
    pub async fn release(&self, lease_id: &str) -> anyhow::Result<Value> {
        let path = format!("/v1/leases/{lease_id}/release");
        self.send(self.request(Method::POST, &path)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match &self.api_key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    async fn send(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let response = request.send().await?;
        let status = response.status();
        let body: Value = response.json().await.context("the pool answered without JSON")?;
        if !status.is_success() {
            bail!("{status}: {}", body["detail"].as_str().unwrap_or("without a reason"));
        }
        Ok(body)
    }
}

/// Market names are letters, digits and blanks.
fn in_query(gpu_type: &str) -> String {
    gpu_type.replace(' ', "%20")
}
