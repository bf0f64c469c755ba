//! Whatever breaks between a pool and its chain, every order ends exactly once and no money is lost or made.
//!
//! One batch each time: a bid that two asks meet, and one that is too low. The chain is real, its clock the
//! test's; the pool is a process of its own, on the node through a proxy that fails as it is told.

use std::sync::atomic::Ordering;
use std::time::Duration;

use obscura_client::accounts::{self, Ended, Order};
use obscura_client::books;
use obscura_client::bootstrap::{self, LocalKeys, LocalSetup};
use obscura_server::local::DataDir;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::chain_node::{ChainNode, copy};
use crate::fault_proxy::{Fault, FaultProxy};
use crate::killed_pool::{PoolFiles, PoolProcess};
use crate::world::{self, Order as Sealed, Trader};

const REVEAL_AT: u32 = 30;
const CLEAR_AT: u32 = 15;
/// Past settlement, acceptance and everything else that a batch waits for.
const LONG: u32 = 400;
/// Longest that a step which is due may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// One at a time: a machine that proves for two is late for both.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

struct Scene {
    node: ChainNode,
    files: PoolFiles,
    folder: TempDir,
    orders: Vec<Placed>,
    /// Micro-USDC and micro-OBSC in the vaults once everybody has paid in.
    held: [u64; 2],
}

/// An order with whoever places it.
struct Placed {
    trader: Trader,
    order: Sealed,
    id: String,
}

impl Scene {
    async fn new() -> Self {
        let node = ChainNode::start().await;
        let folder = tempfile::tempdir().unwrap();
        let keys = LocalKeys::load_or_create(&folder.path().join("keys")).unwrap();
        bootstrap::prepare(&node.ledger, &keys, &LocalSetup::development(45, 16)).await.unwrap();
        let files = PoolFiles {
            data_dir: DataDir::new(folder.path().join("pool")),
            matcher: folder.path().join("keys/matcher.json"),
            relayer: folder.path().join("keys/relayer.json"),
        };
        let mut orders = Vec::new();
        // The bid takes both asks: two leases.
        let traders = [("buyer", 2_000_000), ("loser", 1_000), ("one", 1_000_000), ("other", 1_100_000)];
        for (place, (name, price)) in traders.into_iter().enumerate() {
            let trader = world::trader(node.ledger.as_ref(), &keys, &files.data_dir, name).await;
            let order = match place {
                0 => trader.bid(price, 4),
                1 => trader.bid(price, 2),
                _ => trader.ask(price, 2),
            };
            orders.push(Placed { trader, order, id: uuid::Uuid::new_v4().to_string() });
        }
        let held = vaults(&node).await;
        Self { node, files, folder, orders, held }
    }

    async fn start(&self, url: &str) -> PoolProcess {
        let (data_dir, matcher, relayer) =
            (self.files.data_dir.clone(), self.files.matcher.clone(), self.files.relayer.clone());
        let (url, log) = (url.to_owned(), self.folder.path().join("pool.log"));
        let files = PoolFiles { data_dir, matcher, relayer };
        tokio::task::spawn_blocking(move || PoolProcess::start(&files, &url, &log)).await.unwrap()
    }

    /// Sends what belongs to `step` for every order, again and again until the pool has taken it or `over`.
    async fn each(&self, pool: &PoolProcess, step: &str, over: &(dyn Fn() -> bool + Sync)) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        for placed in &self.orders {
            let body = placed.body(step);
            while !over() {
                let answer =
                    pool.ask(&placed.trader.api_key, &format!("/v1/orders/{step}"), Some(&body)).await;
                let code = |answer: &Value| answer["code"].as_str().unwrap_or_default().to_owned();
                match answer {
                    Some((200, _)) => break,
                    Some((_, problem)) if code(&problem) == "already_revealed" => break,
                    // Killed over its whole window: the order waits for its end.
                    Some((_, problem)) if step == "reveal" && code(&problem) == "wrong_phase" => break,
                    _ => tokio::time::sleep(Duration::from_millis(200)).await,
                }
                assert!(tokio::time::Instant::now() < deadline, "{step} is not taken");
            }
        }
    }

    /// Lets the chain's time pass until every order has ended; `over` ends it early.
    async fn until_all_ended(&self, over: &(dyn Fn() -> bool + Sync)) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut quiet = 0;
        while !over() {
            let orders = accounts::list::<Order>(self.node.ledger.as_ref(), []).await.unwrap();
            let live = orders.iter().filter(|(_, order)| matches!(order.ended, Ended::Live)).count();
            if live == 0 && orders.len() == self.orders.len() {
                return;
            }
            // Whatever is due is done in real time; what is not yet due, the clock brings: at once after a
            // clearing, and else only when a slow machine had the time for one.
            quiet += 1;
            let wait = if any_cleared(self).await { 12 } else { 300 };
            if quiet % wait == 0 {
                self.node.clock.advance(LONG);
            }
            assert!(tokio::time::Instant::now() < deadline, "orders have not ended: {}", self.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Every order has ended, the books balance, and the vaults hold what they held.
    async fn assert_whole(&self, fault: &str) -> String {
        let balance = books::balance(self.node.ledger.as_ref()).await.unwrap();
        assert!(balance.holds(), "{fault}: {balance:?}");
        assert_eq!(vaults(&self.node).await, self.held, "{fault}: money in the vaults was lost or made");
        let orders = accounts::list::<Order>(self.node.ledger.as_ref(), []).await.unwrap();
        assert_eq!(orders.len(), self.orders.len(), "{fault}: an order was lost or doubled");
        let mut ends: Vec<String> = orders.iter().map(|(_, order)| format!("{:?}", order.ended)).collect();
        ends.sort();
        ends.join(", ")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("pool.log")).unwrap_or_default()
    }
}

impl Placed {
    fn body(&self, step: &str) -> Value {
        let mut body = if step == "commit" { self.order.commit.clone() } else { self.order.reveal.clone() };
        body["orderId"] = json!(self.id);
        body
    }
}

async fn vaults(node: &ChainNode) -> [u64; 2] {
    let balance = books::balance(node.ledger.as_ref()).await.unwrap();
    [balance.usdc.vault, balance.obsc.vault]
}

fn never() -> bool {
    false
}

/// The whole of a batch through one fault that passes.
async fn through(fault: Fault) -> String {
    let scene = Scene::new().await;
    let proxy = FaultProxy::start(&scene.node.url(), fault).await;
    let pool = scene.start(&proxy.url).await;
    scene.each(&pool, "commit", &never).await;
    scene.node.clock.advance(REVEAL_AT);
    scene.each(&pool, "reveal", &never).await;
    scene.node.clock.advance(CLEAR_AT);
    scene.until_all_ended(&never).await;
    pool.kill();
    assert!(proxy.sent.load(Ordering::SeqCst) > 0, "{fault:?}: nothing went through the proxy");
    scene.assert_whole(&format!("{fault:?}")).await
}

/// Killed at the transaction after `after`; true if that many were sent at all.
async fn killed_at(after: u32, taken: bool) -> Option<String> {
    let scene = Scene::new().await;
    let fault = if taken { Fault::CutAfter(after) } else { Fault::CutBefore(after) };
    let proxy = FaultProxy::start(&scene.node.url(), fault).await;
    let cut = || proxy.cut.load(Ordering::SeqCst);
    let mut pool = scene.start(&proxy.url).await;
    for (step, then) in [("commit", REVEAL_AT), ("reveal", CLEAR_AT)] {
        scene.each(&pool, step, &cut).await;
        if cut() {
            pool.kill();
            pool = scene.start(&scene.node.url()).await;
            scene.each(&pool, step, &never).await;
        }
        scene.node.clock.advance(then);
    }
    scene.until_all_ended(&cut).await;
    let came = cut();
    pool.kill();
    let pool = scene.start(&scene.node.url()).await;
    scene.until_all_ended(&never).await;
    pool.kill();
    let ends = scene.assert_whole(&format!("{fault:?}")).await;
    came.then_some(ends)
}

fn row(fault: &str, what: &str) {
    use std::io::Write;
    // Not through a macro: the harness would keep it to itself.
    let _ = writeln!(std::io::stderr(), "| {fault} | {what} |");
}

#[tokio::test(flavor = "multi_thread")]
async fn through_lost_and_repeated_transactions_every_order_ends_once() {
    let _alone = ALONE.lock().await;
    for fault in [Fault::Swallowed(3), Fault::Unanswered(3), Fault::Repeated, Fault::Away(4)] {
        row(&format!("{fault:?}"), &through(fault).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matcher_killed_at_any_of_its_transactions_goes_on_and_pays_nobody_twice() {
    let _alone = ALONE.lock().await;
    for taken in [false, true] {
        for after in 0.. {
            let name = format!("killed {} transaction {}", if taken { "after" } else { "before" }, after + 1);
            let Some(ends) = killed_at(after, taken).await else { break };
            row(&name, &ends);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matcher_killed_while_it_proves_goes_on() {
    let _alone = ALONE.lock().await;
    let scene = Scene::new().await;
    let pool = scene.start(&scene.node.url()).await;
    scene.each(&pool, "commit", &never).await;
    scene.node.clock.advance(REVEAL_AT);
    scene.each(&pool, "reveal", &never).await;
    scene.node.clock.advance(CLEAR_AT);
    // A proof of sixteen slots takes longer, and its loop looks every half second.
    tokio::time::sleep(Duration::from_millis(900)).await;
    pool.kill();
    let pool = scene.start(&scene.node.url()).await;
    scene.until_all_ended(&never).await;
    pool.kill();
    row("killed while proving", &scene.assert_whole("proving").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_restarts_in_every_phase_costs_nothing() {
    let _alone = ALONE.lock().await;
    let mut scene = Scene::new().await;
    let pool = scene.start(&scene.node.url()).await;
    for (step, then) in [("commit", REVEAL_AT), ("reveal", CLEAR_AT)] {
        scene.each(&pool, step, &never).await;
        scene.node = scene.node.restart(|_| {}).await;
        scene.node.clock.advance(then);
    }
    scene.node = scene.node.restart(|_| {}).await;
    scene.until_all_ended(&never).await;
    pool.kill();
    row("node restarts in every phase", &scene.assert_whole("restarts").await);
}

/// What was cleared is taken back by the chain: the pool clears again, from what it has kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_fork_that_takes_the_clearing_back_ends_every_order_once_all_the_same() {
    let _alone = ALONE.lock().await;
    let mut scene = Scene::new().await;
    let pool = scene.start(&scene.node.url()).await;
    scene.each(&pool, "commit", &never).await;
    scene.node.clock.advance(REVEAL_AT);
    scene.each(&pool, "reveal", &never).await;
    let earlier = scene.folder.path().join("earlier");
    scene.node = scene.node.restart(|chain| copy(chain, &earlier)).await;
    scene.node.clock.advance(CLEAR_AT);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !any_cleared(&scene).await {
        assert!(tokio::time::Instant::now() < deadline, "no clearing: {}", scene.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    scene.node = scene.node.restart(|chain| copy(&earlier, chain)).await;
    assert!(!any_cleared(&scene).await, "the fork took it back");
    scene.until_all_ended(&never).await;
    pool.kill();
    row("fork: the clearing is taken back", &scene.assert_whole("fork").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_five_seconds_off_the_pools_machine_ends_every_order_once() {
    let _alone = ALONE.lock().await;
    for (name, steps) in [("chain 5 s ahead", [35, 20]), ("chain 5 s behind", [30, 15])] {
        let scene = Scene::new().await;
        let pool = scene.start(&scene.node.url()).await;
        scene.each(&pool, "commit", &never).await;
        scene.node.clock.advance(steps[0]);
        scene.each(&pool, "reveal", &never).await;
        // A source that steps back is waited for: the chain's own clock never runs backwards.
        let now = scene.node.clock.unix_seconds();
        scene.node.clock.set(now - 5);
        scene.node.clock.advance(steps[1] + 5);
        scene.until_all_ended(&never).await;
        pool.kill();
        row(name, &scene.assert_whole(name).await);
    }
}

async fn any_cleared(scene: &Scene) -> bool {
    let batches = accounts::list::<accounts::Batch>(scene.node.ledger.as_ref(), []).await.unwrap();
    batches.iter().any(|(_, batch)| batch.cleared)
}
