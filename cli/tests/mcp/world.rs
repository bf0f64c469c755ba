//! A local pool with its HTTP server, on a clock that the test moves, and what a user of it has on disk.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use obscura_auction::order::Side;
use obscura_auction::units::{Gpus, PriceMicro};
use obscura_circuits::secret::Secret;
use obscura_client::ledger::local::{ClockSource, ManualClock};
use obscura_client::sealing::{Sealed, Terms, seal};
use obscura_server::local::{DataDir, DemoAccount, LocalOptions, LocalPool};
use obscura_server::serve::Server;
use serde_json::{Value, json};
use solana_sdk::signer::Signer;
use tempfile::TempDir;

pub const H100: &str = "H100 80GB";
/// Windows of a batch of 45 seconds, from its start.
pub const REVEAL_AT: u32 = 30;
pub const CLEAR_AT: u32 = 45;

const GENESIS: i64 = 1_800_000_000;

pub struct World {
    pub clock: ManualClock,
    pool: LocalPool,
    server: Server,
    folder: TempDir,
    client: reqwest::Client,
}

impl World {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::starting_at(GENESIS);
        let pool = LocalPool::start(LocalOptions {
            data_dir: DataDir::new(folder.path().join("pool")),
            batch_seconds: None,
            max_orders: Some(16),
            clock: ClockSource::Manual(clock.clone()),
            more_accounts: Vec::new(),
            providers_act: true,
            circuit_cache: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("circuit")),
            proving_keys: None,
        })
        .await
        .unwrap();
        let server = Server::start(&pool, ([127, 0, 0, 1], 0).into()).await.unwrap();
        let world = Self { clock, pool, server, folder, client: reqwest::Client::new() };
        let key_file = world.key_file();
        fs::write(&key_file, &world.pool.buyer.api_key).unwrap();
        fs::set_permissions(&key_file, fs::Permissions::from_mode(0o600)).unwrap();
        world
    }

    pub async fn stop(self) {
        self.server.stop().await;
        self.pool.stop().await;
    }

    pub fn url(&self) -> String {
        self.server.http_url()
    }

    pub fn api_key(&self) -> &str {
        &self.pool.buyer.api_key
    }

    pub fn key_file(&self) -> PathBuf {
        self.folder.path().join("api-key")
    }

    pub fn owner_file(&self) -> PathBuf {
        self.folder.path().join("pool/demo/buyer.json")
    }

    pub fn vault(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    pub fn log(&self) -> PathBuf {
        self.folder.path().join("stderr.log")
    }

    /// Micro-USDC behind the buyer's orders.
    pub async fn locked(&self) -> u64 {
        self.get(&self.pool.buyer, "/v1/account").await["lockedMicro"].as_u64().unwrap()
    }

    /// Offers `qty` GPUs at `price_micro`, committed; its opening is to be sent with [`Self::reveal_ask`].
    pub async fn ask(&self, price_micro: u64, qty: u16) -> Sealed {
        let terms = Terms {
            gpu_type: H100.to_owned(),
            side: Side::Ask,
            price: PriceMicro::new(price_micro).unwrap(),
            qty: Gpus::new(qty).unwrap(),
            min_qty: None,
            duration: None,
        };
        let secret = Secret::random(&mut rand::rngs::OsRng);
        let sealed = seal(&terms, &self.pool.provider.owner.pubkey(), secret).unwrap();
        let body = serde_json::to_value(&sealed.commit_body).unwrap();
        self.post(&self.pool.provider, "/v1/orders/commit", &body).await;
        sealed
    }

    pub async fn reveal_ask(&self, ask: &Sealed) {
        let body = serde_json::to_value(&ask.reveal_body).unwrap();
        self.post(&self.pool.provider, "/v1/orders/reveal", &body).await;
    }

    async fn get(&self, account: &DemoAccount, path: &str) -> Value {
        let request = self.client.get(format!("{}{path}", self.url())).bearer_auth(&account.api_key);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn post(&self, account: &DemoAccount, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.url())).bearer_auth(&account.api_key);
        let response = request.body(body.to_string()).send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, 200, "{body}");
        body
    }
}

/// Arguments of `commit`: one GPU for an hour, at most 2 USDC.
pub fn bid() -> Value {
    json!({ "gpuType": "h100", "priceMicro": 2_000_000, "qty": 1, "maxTotalMicro": 2_000_000 })
}
