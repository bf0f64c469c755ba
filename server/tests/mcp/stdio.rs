//! The same face on a pair of streams, for one caller.

use obscura_server::mcp::{McpConfig, serve_on};
use obscura_server::service::Caller;
use rmcp::model::CallToolRequestParams;
use rmcp::service::ServiceExt;
use solana_sdk::signer::Signer;

use crate::harness::TestPool;

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_starts_it_as_a_child_finds_the_same_tools() {
    let pool = TestPool::start().await;
    let caller = Caller { owner: pool.buyer.owner.pubkey().to_bytes() };
    let (host, face) = tokio::io::duplex(64 * 1024);
    let serving =
        tokio::spawn(serve_on(pool.surface(), caller, McpConfig::default(), tokio::io::split(face)));
    let client = ().serve(host).await.unwrap();
    let tools = client.list_all_tools().await.unwrap();
    assert_eq!(tools.len(), pool.surface().definitions().len());
    let account = client.call_tool(CallToolRequestParams::new("account")).await.unwrap();
    assert_eq!(account.structured_content.unwrap()["owner"], pool.account(&pool.buyer).await["owner"]);
    client.cancel().await.unwrap();
    serving.await.unwrap().unwrap();
    pool.stop().await;
}
