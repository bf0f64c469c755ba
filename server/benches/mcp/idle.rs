//! What a client that is connected and asks nothing costs the server in memory.

use clap::Args;
use comfy_table::{CellAlignment, Table};
use obscura_circuits::size::BatchSize;
use serde_json::json;

use super::clients::Clients;
use super::load::{Doing, Load};
use super::pool::{BenchPool, GPU_TYPE, PoolShape};
use super::process::resident_kib;
use super::wire::{Revision, ToolCall};

/// A first crowd, not counted: it fills whatever is filled once.
const WARM_UP: usize = 200;

#[derive(Clone, Debug, Args)]
pub struct IdleArgs {
    /// Clients that each make one call and then wait
    #[arg(long, default_value_t = 2_000)]
    connections: usize,
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Revision::Stateless, Revision::Previous])]
    revisions: Vec<Revision>,
}

pub async fn run(args: IdleArgs) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_header(["revision", "connections", "before KiB", "with them KiB", "KiB each"]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for revision in args.revisions {
        table.add_row(measure(revision, args.connections).await?);
    }
    println!("{table}");
    Ok(())
}

async fn measure(revision: Revision, connections: usize) -> anyhow::Result<Vec<String>> {
    let shape = PoolShape { max_orders: BatchSize::S16, buyers: 0, batch_seconds: None };
    let pool = BenchPool::start(shape).await?;
    let api_key = pool.pool.buyer.api_key.clone();
    let call = ToolCall { api_key, tool: "quote".into(), arguments: json!({ "gpuType": GPU_TYPE }) };
    let crowd =
        |size| Load { host: pool.host(), revision, doing: Doing::Idle, calls: vec![call.clone(); size] };
    let first = Clients::connect(&crowd(WARM_UP)).await?;
    let before = resident_kib()?;
    let idle = Clients::connect(&crowd(connections)).await?;
    let with_them = resident_kib()?;
    idle.go().await?;
    first.go().await?;
    pool.stop().await;
    let each = with_them.saturating_sub(before) as f64 / connections as f64;
    Ok(vec![
        revision.name().to_owned(),
        connections.to_string(),
        before.to_string(),
        with_them.to_string(),
        format!("{each:.1}"),
    ])
}
