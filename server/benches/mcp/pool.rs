//! The pool under load: local, fresh, in this process.

use obscura_circuits::size::BatchSize;
use obscura_client::ledger::local::ClockSource;
use obscura_server::local::{DataDir, DemoRole, LocalOptions, LocalPool, shared_circuit_cache};
use obscura_server::serve::Server;
use tempfile::TempDir;

pub const GPU_TYPE: &str = "H100 80GB";

/// How a pool is made.
pub struct PoolShape {
    pub max_orders: BatchSize,
    pub buyers: u16,
    pub batch_seconds: Option<u32>,
}

/// A pool that listens.
pub struct BenchPool {
    pub pool: LocalPool,
    server: Server,
    _folder: TempDir,
}

impl BenchPool {
    pub async fn start(shape: PoolShape) -> anyhow::Result<Self> {
        let PoolShape { max_orders, buyers, batch_seconds } = shape;
        let folder = tempfile::tempdir()?;
        let pool = LocalPool::start(LocalOptions {
            data_dir: DataDir::new(folder.path()),
            batch_seconds,
            max_orders: Some(max_orders.get()),
            clock: ClockSource::Machine,
            more_accounts: (1..=buyers).map(|number| (format!("buyer-{number}"), DemoRole::Buyer)).collect(),
            providers_act: false,
            circuit_cache: Some(shared_circuit_cache()),
            proving_keys: None,
        })
        .await?;
        let server = Server::start(&pool, ([127, 0, 0, 1], 0).into()).await?;
        Ok(Self { pool, server, _folder: folder })
    }

    /// Where it listens.
    pub fn host(&self) -> String {
        self.server.http_url().trim_start_matches("http://").to_owned()
    }

    pub async fn stop(self) {
        self.server.stop().await;
        self.pool.stop().await;
    }
}
