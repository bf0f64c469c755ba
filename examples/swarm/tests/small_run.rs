//! A whole small market: every strategy trades over MCP against a pool that the swarm starts itself.

use clap::Parser;
use obscura_swarm::options::Options;

#[tokio::test(flavor = "multi_thread")]
async fn eight_agents_trade_two_rounds_and_every_micro_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let charts = folder.path().to_str().unwrap();
    let options = Options::parse_from([
        "obscura-swarm",
        "--agents",
        "5",
        "--providers",
        "3",
        "--batches",
        "2",
        "--batch-seconds",
        "9",
        "--seed",
        "11",
        "--chart-dir",
        charts,
    ]);
    let report = obscura_swarm::run(&options).await.unwrap();
    report.check().unwrap();
    assert_eq!(report.chain_balances, Some(true));
    assert!(report.orders.iter().any(|order| order.paid_micro > 0), "nothing was bought");
    assert!(report.orders.iter().any(|order| order.earned_micro > 0), "nothing was earned");
    let png = std::fs::read(folder.path().join("swarm.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    let svg = std::fs::read_to_string(folder.path().join("swarm.svg")).unwrap();
    assert!(svg.contains("USDC per GPU-hour") && svg.contains("refunded bids"));
}
