//! The official MCP conformance suite against the fixtures and against a whole
//! local pool, for both revisions.
//!
//! Must never pass for a run that did not happen: where Node or the suite is
//! missing a test says that it was skipped, and why, past the test harness; with
//! `OBSCURA_REQUIRE_NODE=1` it fails instead.

#![allow(clippy::unwrap_used)]

mod node;

use obscura_client::ledger::local::{ClockSource, ManualClock};
use obscura_conformance::Server as FixtureServer;
use obscura_server::local::{DataDir, LocalOptions, LocalPool};
use obscura_server::serve::Server;

use node::{Proxy, Suite};

const REVISIONS: [&str; 2] = ["2025-11-25", "2026-07-28"];

#[tokio::test(flavor = "multi_thread")]
async fn the_fixtures_pass_every_scenario_of_both_revisions() {
    let Some(suite) = Suite::find("the fixtures") else { return };
    let server = FixtureServer::start(([127, 0, 0, 1], 0).into()).await.unwrap();
    for revision in REVISIONS {
        suite.must_pass(revision, &server.url(), None).await;
    }
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_passes_every_scenario_that_needs_no_fixture() {
    let Some(suite) = Suite::find("a pool") else { return };
    let folder = tempfile::tempdir().unwrap();
    let pool = LocalPool::start(LocalOptions {
        data_dir: DataDir::new(folder.path()),
        batch_seconds: None,
        max_orders: Some(16),
        clock: ClockSource::Manual(ManualClock::starting_at(1_800_000_000)),
        more_accounts: Vec::new(),
        providers_act: false,
        circuit_cache: Some(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("circuit")),
        proving_keys: None,
    })
    .await
    .unwrap();
    let server = Server::start(&pool, ([127, 0, 0, 1], 0).into()).await.unwrap();
    let proxy = Proxy::start(&suite, &server.http_url(), &pool.buyer.api_key);
    for revision in REVISIONS {
        let expected = format!("pool-{revision}.yml");
        suite.must_pass(revision, &format!("{}/mcp", proxy.url), Some(&expected)).await;
    }
    drop(proxy);
    server.stop().await;
    pool.stop().await;
}
