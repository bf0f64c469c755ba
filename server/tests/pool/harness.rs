//! A pool with its HTTP server in this process, on a clock that the test moves.

// Shared by several test targets, of which each uses a part.
#![allow(dead_code)]

#[path = "test_order.rs"]
mod test_order;

use std::path::{Path, PathBuf};
use std::time::Duration;

use obscura_auction::order::MarketTag;
use obscura_client::accounts::{self, Batch, ProgramAccount};
use obscura_client::address;
use obscura_client::ledger::local::{ClockSource, LocalLedger, ManualClock};
use obscura_server::local::{DataDir, DemoAccount, LocalOptions, LocalPool};
use obscura_server::mcp::McpConfig;
use obscura_server::serve::{Faces, Server};
use obscura_server::tools::{Sealing, SurfaceOptions, ToolSurface, Toolset};
use rmcp::model::{CallToolRequestParams, ReadResourceRequestParams, ResourceContents};
use rmcp::service::{RoleClient, RunningService, ServiceError, ServiceExt};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::Value;
use solana_sdk::pubkey::Pubkey;
use tempfile::TempDir;

pub use test_order::TestOrder;

pub const H100: &str = "H100 80GB";

/// Windows of a batch of 45 seconds, from its start.
pub const REVEAL_AT: u32 = 30;
pub const CLEAR_AT: u32 = 45;

/// Start of every test's chain.
const GENESIS: i64 = 1_800_000_000;
/// Longest that a step which is due may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

pub struct TestPool {
    pub clock: ManualClock,
    pub buyer: DemoAccount,
    pub provider: DemoAccount,
    pool: LocalPool,
    server: Server,
    folder: TempDir,
    kind: Kind,
    client: reqwest::Client,
}

/// What pools differ in.
struct Kind {
    providers_act: bool,
    max_orders: u16,
    /// None: development keys.
    proving_keys: Option<PathBuf>,
    mcp: McpConfig,
    surface: SurfaceOptions,
}

const USUAL: Kind = Kind {
    providers_act: true,
    max_orders: 64,
    proving_keys: None,
    mcp: McpConfig { confirm_above_micro: None },
    surface: SurfaceOptions { toolset: Toolset::All, read_only: false },
};

impl TestPool {
    /// A fresh pool whose first market has just opened its first batch.
    pub async fn start() -> Self {
        Self::start_with(USUAL).await
    }

    /// The same with providers that accept nothing.
    pub async fn start_without_hosts() -> Self {
        Self::start_with(Kind { providers_act: false, ..USUAL }).await
    }

    /// The same with batches of sixteen orders.
    pub async fn start_small() -> Self {
        Self::start_with(Kind { max_orders: 16, ..USUAL }).await
    }

    /// The same with the keys of a folder, and no others.
    pub async fn start_under(proving_keys: &Path) -> Self {
        let proving_keys = Some(proving_keys.to_owned());
        Self::start_with(Kind { max_orders: 16, proving_keys, ..USUAL }).await
    }

    /// The same where a person has to agree to orders of more than so many micro-USDC.
    pub async fn start_confirming_above(micro: u64) -> Self {
        let mcp = McpConfig { confirm_above_micro: Some(micro) };
        Self::start_with(Kind { mcp, ..USUAL }).await
    }

    /// The same with some of the tools.
    pub async fn start_showing(surface: SurfaceOptions) -> Self {
        Self::start_with(Kind { surface, ..USUAL }).await
    }

    async fn start_with(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::open(folder, ManualClock::starting_at(GENESIS), kind).await
    }

    /// Stops everything and starts again on the same data directory.
    pub async fn restart(self) -> Self {
        self.restart_after(0).await
    }

    /// The same, with the chain's clock moved on while nothing runs.
    pub async fn restart_after(self, seconds: u32) -> Self {
        let Self { clock, pool, server, folder, kind, .. } = self;
        server.stop().await;
        pool.stop().await;
        clock.advance(seconds);
        Self::open(folder, clock, kind).await
    }

    pub async fn stop(self) {
        self.server.stop().await;
        self.pool.stop().await;
    }

    async fn open(folder: TempDir, clock: ManualClock, kind: Kind) -> Self {
        let Kind { providers_act, max_orders, proving_keys, mcp, surface } = &kind;
        let pool = LocalPool::start(LocalOptions {
            data_dir: DataDir::new(folder.path()),
            batch_seconds: None,
            max_orders: Some(*max_orders),
            clock: ClockSource::Manual(clock.clone()),
            more_accounts: Vec::new(),
            providers_act: *providers_act,
            circuit_cache: Some(circuit_cache()),
            proving_keys: proving_keys.clone(),
        })
        .await
        .unwrap();
        let listen = ([127, 0, 0, 1], 0).into();
        let faces = Faces { mcp: *mcp, ..Faces::of_local(&pool, listen, *surface) };
        let server = Server::start_faces(faces, listen).await.unwrap();
        let (buyer, provider) = (pool.buyer.clone(), pool.provider.clone());
        let client = reqwest::Client::new();
        Self { clock, buyer, provider, pool, server, folder, kind, client }
    }

    /// Slots of the circuit that cleared batch `index` of the first market.
    pub async fn circuit_of(&self, index: u64) -> u16 {
        let batch = address::batch(&address::market(MarketTag::of(H100)), index);
        self.on_chain::<Batch>(&batch).await.size
    }

    /// Batches of which openings or lease terms are kept.
    pub async fn kept_secrets(&self) -> usize {
        self.pool.storage.batches_with_secrets().await.unwrap().len()
    }

    /// Waits until no opening and no lease's terms are kept any more.
    pub async fn until_nothing_is_kept(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.kept_secrets().await > 0 {
            assert!(tokio::time::Instant::now() < deadline, "secrets are still kept");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until a closed lease's terms are kept as what they are by then: public.
    pub async fn until_terms_are_public(&self, lease: &str) {
        let lease = lease.parse::<Pubkey>().unwrap().to_bytes();
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.pool.storage.lease_terms(&lease).await.unwrap().is_some() {
            assert!(tokio::time::Instant::now() < deadline, "the terms are still kept as a secret");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the order's lease waits for its provider.
    pub async fn until_offered(&self, account: &DemoAccount, order_id: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.order(account, order_id).await["leases"][0]["state"] != "offered" {
            assert!(tokio::time::Instant::now() < deadline, "no lease was offered in time");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The tools, for a face of the test's own.
    pub fn surface(&self) -> ToolSurface {
        ToolSurface::new(self.pool.pool.clone(), None, Sealing::Sealed, SurfaceOptions::default())
    }

    pub fn ledger(&self) -> &LocalLedger {
        &self.pool.ledger
    }

    /// Where the chain answers as a node.
    pub fn rpc_url(&self) -> String {
        self.server.rpc_url().unwrap().to_owned()
    }

    pub fn http_url(&self) -> String {
        self.server.http_url()
    }

    /// The account of the program's at `address`.
    pub async fn on_chain<T: ProgramAccount>(&self, address: &Pubkey) -> T {
        accounts::get(self.pool.ledger.as_ref(), address).await.unwrap()
    }

    /// The key that the first market's batches are cleared by.
    pub async fn matcher(&self) -> Pubkey {
        let market = address::market(MarketTag::of(H100));
        self.on_chain::<accounts::Market>(&market).await.terms.matcher
    }

    pub async fn books_balance(&self) -> bool {
        obscura_client::books::balance(self.pool.ledger.as_ref()).await.unwrap().holds()
    }

    pub async fn get(&self, account: &DemoAccount, path: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.server.http_url());
        let response = self.client.get(url).bearer_auth(&account.api_key).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub async fn post(&self, account: &DemoAccount, path: &str, body: &Value) -> (u16, Value) {
        self.post_text(account, path, body.to_string()).await
    }

    pub async fn post_text(&self, account: &DemoAccount, path: &str, body: String) -> (u16, Value) {
        let url = format!("{}{path}", self.server.http_url());
        let request = self.client.post(url).header("X-API-Key", &account.api_key).body(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// An order committed over HTTP; panics where it is refused.
    pub async fn commit(&self, account: &DemoAccount, order: &TestOrder) -> String {
        let (status, body) = self.post(account, "/v1/orders/commit", &order.commit_body).await;
        assert_eq!(status, 200, "{body}");
        body["orderId"].as_str().unwrap().to_owned()
    }

    /// Its opening; panics where it is refused.
    pub async fn reveal(&self, account: &DemoAccount, order: &TestOrder, order_id: &str) -> Value {
        let (status, body) = self.post(account, "/v1/orders/reveal", &order.reveal_body(order_id)).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Commits and reveals the buyer's bid and the provider's ask in a batch that has just opened, whose
    /// clearing is then due. Gives their ids.
    pub async fn meet(&self, bid: &TestOrder, ask: &TestOrder) -> (String, String) {
        let Self { buyer, provider, .. } = self;
        let (bid_id, ask_id) = (self.commit(buyer, bid).await, self.commit(provider, ask).await);
        self.clock.advance(REVEAL_AT);
        self.reveal(buyer, bid, &bid_id).await;
        self.reveal(provider, ask, &ask_id).await;
        self.clock.advance(CLEAR_AT - REVEAL_AT);
        (bid_id, ask_id)
    }

    pub async fn order(&self, account: &DemoAccount, order_id: &str) -> Value {
        let (status, body) = self.get(account, &format!("/v1/orders/{order_id}")).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Waits until the order is in one of `states`; the loops run in real time.
    pub async fn until(&self, account: &DemoAccount, order_id: &str, states: &[&str]) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let order = self.order(account, order_id).await;
            if states.contains(&order["state"].as_str().unwrap()) {
                return order;
            }
            assert!(tokio::time::Instant::now() < deadline, "no {states:?} in time: {order}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Everything a trader owns and the pool's caps over it.
    pub async fn account(&self, account: &DemoAccount) -> Value {
        self.get(account, "/v1/account").await.1
    }

    /// The same without the history, for what must be as if nothing had been.
    pub async fn money(&self, account: &DemoAccount) -> Value {
        let mut account = self.account(account).await;
        for field in ["spending", "openOrders"] {
            account.as_object_mut().unwrap().remove(field).unwrap();
        }
        account
    }

    pub async fn mcp(&self, account: &DemoAccount) -> McpSession {
        let config = StreamableHttpClientTransportConfig::with_uri(self.server.mcp_url())
            .auth_header(&account.api_key);
        let transport = StreamableHttpClientTransport::from_config(config);
        McpSession(().serve(transport).await.unwrap())
    }
}

pub struct McpSession(RunningService<RoleClient, ()>);

impl McpSession {
    /// Structured content, and whether it is an error.
    pub async fn call(&self, tool: &'static str, arguments: &Value) -> (bool, Value) {
        let arguments = arguments.as_object().unwrap().clone();
        let request = CallToolRequestParams::new(tool).with_arguments(arguments);
        let result = self.0.call_tool(request).await.unwrap();
        let answer = result.structured_content.unwrap();
        self.assert_contract(tool, &answer).await;
        (result.is_error == Some(true), answer)
    }

    /// Every answer keeps what its tool promised, refusals included.
    async fn assert_contract(&self, tool: &str, answer: &Value) {
        let tools = self.tools().await;
        let contract = tools.iter().find(|known| known.name == tool).unwrap();
        let schema = Value::Object(contract.output_schema.as_ref().unwrap().as_ref().clone());
        if let Err(error) = jsonschema::validate(&schema, answer) {
            panic!("{tool} answered {answer}, against its contract: {error}");
        }
        assert!(answer["nextActions"].is_array(), "{tool} told no next step: {answer}");
    }

    /// What a model reads of a refusal.
    pub async fn error_text(&self, tool: &'static str, arguments: &Value) -> String {
        let arguments = arguments.as_object().unwrap().clone();
        let result =
            self.0.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments)).await.unwrap();
        assert_eq!(result.is_error, Some(true));
        result.content[0].as_text().unwrap().text.clone()
    }

    pub async fn resource_templates(&self) -> Vec<String> {
        let templates = self.0.list_all_resource_templates().await.unwrap();
        templates.iter().map(|template| template.uri_template.clone()).collect()
    }

    /// A resource's JSON, or the problem that its refusal carries.
    pub async fn resource(&self, uri: &str) -> Result<Value, Value> {
        match self.0.read_resource(ReadResourceRequestParams::new(uri)).await {
            Ok(read) => match &read.contents[0] {
                ResourceContents::TextResourceContents { text, .. } => {
                    Ok(serde_json::from_str(text).unwrap())
                }
                other => panic!("{other:?}"),
            },
            Err(ServiceError::McpError(error)) => Err(error.data.unwrap()),
            Err(other) => panic!("{other}"),
        }
    }

    pub async fn tools(&self) -> Vec<rmcp::model::Tool> {
        self.0.list_all_tools().await.unwrap()
    }

    pub fn server_name(&self) -> String {
        self.0.peer_info().unwrap().server_info.clone().unwrap().name
    }
}

/// Shared by every test: the development key is the same for all.
pub fn circuit_cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("circuit")
}
