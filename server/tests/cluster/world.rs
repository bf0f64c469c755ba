//! A node with the program on it, the keys of a deployment, and traders with API keys.

use std::time::Duration;

use obscura_auction::order::Side;
use obscura_auction::units::{Gpus, PriceMicro};
use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::secret::Secret;
use obscura_circuits::size::BatchSize;
use obscura_client::accounts::{self, Lease, MarketTerms};
use obscura_client::bootstrap::{Funding, LocalKeys, fund_owner, name_delegate};
use obscura_client::deploy::{Deployment, MintSource, NewMarket, Step, default_parameters, deploy};
use obscura_client::idl::types::{KeyPoints, SetDelegateArgs};
use obscura_client::idl::{self, constants};
use obscura_client::instructions::lease::accept_lease;
use obscura_client::ledger::Ledger;
use obscura_client::ledger::rpc::{Commitment, RpcLedger, RpcOptions};
use obscura_client::program_file::PROGRAM_ELF;
use obscura_client::sealing::{Terms, seal};
use obscura_client::transactions::Submission;
use obscura_server::api_key;
use obscura_server::cluster::{ClusterOptions, ClusterPool};
use obscura_server::local::DataDir;
use obscura_server::mcp::McpConfig;
use obscura_server::serve::{Faces, Server};
use obscura_server::tools::SurfaceOptions;
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use tempfile::TempDir;

use crate::localnet::Localnet;

pub const H100: &str = "H100 80GB";
/// Long enough for three commits over a node whose blocks take 400 ms, on a busy machine.
const BATCH_SECONDS: u32 = 30;
const SOL: u64 = 1_000_000_000;
const BOND: u64 = 10_000_000_000;
/// Longest that a step which is due may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

pub struct World {
    pub ledger: RpcLedger,
    pub keys: LocalKeys,
    folder: TempDir,
    url: String,
}

pub struct ServedPool {
    pub cluster: ClusterPool,
    server: Server,
    data_dir: DataDir,
    client: reqwest::Client,
}

pub struct Trader {
    pub owner: Keypair,
    pub api_key: String,
}

/// Both bodies of a sealed order.
pub struct Order {
    pub commit: Value,
    pub reveal: Value,
}

impl World {
    pub async fn on(node: &Localnet) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = LocalKeys::load_or_create(&folder.path().join("keys")).unwrap();
        let ledger = RpcLedger::new(RpcOptions::new(node.url()));
        for key in [&keys.authority, &keys.matcher, &keys.relayer] {
            ledger.airdrop(&key.pubkey(), 100 * SOL).await.unwrap();
        }
        put_program(&node.url()).await;
        assert!(ledger.has_program().await.unwrap());
        Self { ledger, keys, folder, url: node.url() }
    }

    pub async fn deploy(&self, dry_run: bool) -> Vec<Step> {
        let size = BatchSize::S16;
        let deployment = Deployment {
            authority: &self.keys.authority,
            usdc: MintSource::Play(&self.keys.usdc_mint),
            obsc: MintSource::Play(&self.keys.obsc_mint),
            allow_dev_keys: true,
            circuits: vec![(size, KeyPoints::from(&VerifyingKeyBytes::development(size)))],
            bond: Some((&self.keys.matcher, BOND)),
            markets: vec![NewMarket {
                gpu_type: H100.to_owned(),
                batch_seconds: BATCH_SECONDS,
                clear_seconds: 120,
                age_seconds: 0,
                terms: MarketTerms {
                    matcher: self.keys.matcher.pubkey(),
                    params: default_parameters(45, size.get()),
                },
            }],
        };
        let mut steps = Vec::new();
        deploy(&self.ledger, &deployment, dry_run, &mut |step| steps.push(step.clone())).await.unwrap();
        steps
    }

    pub async fn serve(&self) -> ServedPool {
        let options = self.options();
        let data_dir = options.data_dir.clone();
        let cluster = ClusterPool::start(options).await.unwrap();
        let faces = Faces {
            pool: cluster.pool.clone(),
            vault: cluster.vault(),
            surface: SurfaceOptions::default(),
            mcp: McpConfig::default(),
            storage: cluster.storage.clone(),
            node: None,
        };
        let server = Server::start_faces(faces, ([127, 0, 0, 1], 0).into()).await.unwrap();
        ServedPool { cluster, server, data_dir, client: reqwest::Client::new() }
    }

    /// A pool on the node, under the deployment's keys.
    pub fn options(&self) -> ClusterOptions {
        ClusterOptions {
            data_dir: DataDir::new(self.folder.path().join("pool")),
            rpc_url: self.url.clone(),
            program_id: idl::ID,
            matcher: self.folder.path().join("keys/matcher.json"),
            relayer: Some(self.folder.path().join("keys/relayer.json")),
            commitment: Commitment::Confirmed,
            settle_commitment: Commitment::Finalized,
            priority_fee: 1_000,
            markets: Vec::new(),
            proving_keys: None,
            pool_sealing: true,
        }
    }

    pub async fn accept(&self, owner: &Keypair, lease: &str) {
        let address: Pubkey = lease.parse().unwrap();
        let account: Lease = accounts::get(&self.ledger, &address).await.unwrap();
        let step = accept_lease(owner.pubkey(), address, &account);
        Submission::new(&self.keys.relayer, [step]).signed_by(owner).send(&self.ledger).await.unwrap();
    }
}

impl ServedPool {
    /// An owner with money and stake, this pool's relayer as its delegate, and an API key.
    pub async fn trader(&self, name: &str, world: &World) -> Trader {
        trader(&world.ledger, &world.keys, &self.data_dir, name).await
    }

    /// Waits for the beginning of a batch, so that there is time for every commit.
    pub async fn until_a_batch_opens(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let url = format!("{}/v1/batches/current", self.server.http_url());
            let batch: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
            if batch["phase"] == "open" && batch["secondsLeft"].as_u64() > Some(u64::from(BATCH_SECONDS) / 2)
            {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "no batch opens: {batch}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    pub async fn commit(&self, trader: &Trader, order: &Order) -> String {
        let (status, body) = self.post(trader, "/v1/orders/commit", &order.commit).await;
        assert_eq!(status, 200, "{body}");
        body["orderId"].as_str().unwrap().to_owned()
    }

    pub async fn reveal(&self, trader: &Trader, order: &Order, id: &str) {
        let mut body = order.reveal.clone();
        body["orderId"] = json!(id);
        let (status, body) = self.post(trader, "/v1/orders/reveal", &body).await;
        assert_eq!(status, 200, "{body}");
    }

    pub async fn until(&self, trader: &Trader, id: &str, is: impl Fn(&Value) -> bool) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let url = format!("{}/v1/orders/{id}", self.server.http_url());
            let request = self.client.get(url).bearer_auth(&trader.api_key);
            let order: Value = request.send().await.unwrap().json().await.unwrap();
            if is(&order) {
                return order;
            }
            assert!(tokio::time::Instant::now() < deadline, "not in time: {order}");
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    pub async fn post(&self, trader: &Trader, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.server.http_url());
        let request = self.client.post(url).bearer_auth(&trader.api_key).body(body.to_string());
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub async fn stop(self) {
        self.server.stop().await;
        self.cluster.stop().await;
    }
}

impl Trader {
    pub fn bid(&self, price_micro: u64, qty: u16) -> Order {
        self.seal(Side::Bid, price_micro, qty)
    }

    pub fn ask(&self, price_micro: u64, qty: u16) -> Order {
        self.seal(Side::Ask, price_micro, qty)
    }

    fn seal(&self, side: Side, price_micro: u64, qty: u16) -> Order {
        let terms = Terms {
            gpu_type: H100.to_owned(),
            side,
            price: PriceMicro::new(price_micro).unwrap(),
            qty: Gpus::new(qty).unwrap(),
            min_qty: None,
            duration: None,
        };
        let secret = Secret::random(&mut rand::rngs::OsRng);
        let sealed = seal(&terms, &self.owner.pubkey(), secret).unwrap();
        Order {
            commit: serde_json::to_value(&sealed.commit_body).unwrap(),
            reveal: serde_json::to_value(&sealed.reveal_body).unwrap(),
        }
    }
}

/// An owner with money and stake on a chain with play money, whose delegate is `keys.relayer`.
pub async fn trader(ledger: &dyn Ledger, keys: &LocalKeys, data_dir: &DataDir, name: &str) -> Trader {
    let owner = Keypair::new();
    let funding = Funding { usdc: 1_000_000_000, obsc: 1_000_000_000 };
    fund_owner(ledger, keys, &owner, funding).await.unwrap();
    let delegate = SetDelegateArgs {
        delegate: keys.relayer.pubkey(),
        permissions: constants::PERMISSION_TRADE | constants::PERMISSION_LEASE,
        expires_at: 4_102_444_800,
        spend_cap: 1_000_000_000,
        max_order_micro: 50_000_000,
        max_order_gpus: 4,
        gpu_cap: 8,
    };
    name_delegate(ledger, keys, &owner, delegate).await.unwrap();
    let api_key = api_key::create(data_dir, &owner.pubkey(), name).await.unwrap().to_string();
    Trader { owner, api_key }
}

/// The committed program at the address that it is for, whose key nobody has: a test node takes it so.
async fn put_program(url: &str) {
    let account = json!({
        "lamports": 10 * SOL,
        "owner": "BPFLoader2111111111111111111111111111111111",
        "executable": true,
        "data": hex::encode(PROGRAM_ELF),
    });
    let params = json!([idl::ID.to_string(), account]);
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "surfnet_setAccount", "params": params });
    let answer = reqwest::Client::new().post(url).json(&request).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert!(answer.get("error").is_none(), "{answer}");
}
