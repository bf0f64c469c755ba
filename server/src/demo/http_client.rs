//! The public routes that have no tool: batches.

use anyhow::{Context, bail};
use serde_json::Value;

/// A client of one pool's HTTP routes.
pub struct PoolHttp {
    base: String,
    client: reqwest::Client,
}

impl PoolHttp {
    pub fn new(base: String) -> Self {
        Self { base, client: reqwest::Client::new() }
    }

    pub async fn current_batch(&self, gpu_type: &str) -> anyhow::Result<Value> {
        let path = format!("/v1/batches/current?gpuType={}", in_query(gpu_type));
        self.get(&path).await
    }

    pub async fn batch(&self, gpu_type: &str, index: u64) -> anyhow::Result<Value> {
        let path = format!("/v1/batches/{index}?gpuType={}", in_query(gpu_type));
        self.get(&path).await
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let response = self.client.get(format!("{}{path}", self.base)).send().await?;
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
