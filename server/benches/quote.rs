//! How long `GET /v1/quote` takes over HTTP, on an idle pool and on one whose prover works: both in one run,
//! a table at the end.
//!
//! `cargo bench -p obscura-server --bench quote`; `--bench quote -- 1024` proves batches of that size.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use comfy_table::{CellAlignment, Table};
use obscura_circuits::size::BatchSize;
use obscura_circuits::trial::full_batch;
use obscura_client::ledger::local::ClockSource;
use obscura_server::local::{DataDir, LocalOptions, LocalPool, shared_circuit_cache};
use obscura_server::prover::Prover;
use obscura_server::proving_keys::ProvingKeys;
use obscura_server::serve::Server;
use tokio_util::sync::CancellationToken;

const CLIENTS: usize = 4;
/// Requests of each client in each state, after as many that are not counted have warmed up.
const REQUESTS: usize = 2_500;
/// Between an answer and the next request, so that the clients leave the prover something to run on.
const PAUSE: Duration = Duration::from_millis(5);
const WARM_UP: usize = 200;
const DEFAULT_SLOTS: u16 = 256;

fn main() -> anyhow::Result<()> {
    // What cargo adds by itself begins with a dash.
    let slots = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let slots = slots.map_or(Ok(DEFAULT_SLOTS), |text| text.parse()).context("the size of the batches")?;
    let size = BatchSize::new(slots)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(compare(size))
}

async fn compare(size: BatchSize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let pool = LocalPool::start(LocalOptions {
        data_dir: DataDir::new(folder.path()),
        batch_seconds: None,
        max_orders: Some(BatchSize::S16.get()),
        clock: ClockSource::Machine,
        more_accounts: Vec::new(),
        providers_act: false,
        circuit_cache: Some(shared_circuit_cache()),
        proving_keys: None,
    })
    .await?;
    let server = Server::start(&pool, ([127, 0, 0, 1], 0).into()).await?;
    let quote = Quote { url: format!("{}/v1/quote", server.http_url()), key: pool.buyer.api_key.clone() };

    let prover = Arc::new(Prover::new(ProvingKeys::Development { cache: shared_circuit_cache() })?);
    let stop = CancellationToken::new();
    eprintln!("loading the proving key of {} slots", size.get());
    prover.turn().await.load(size, &stop).await?;
    eprintln!("asking an idle pool");
    let idle = quote.ask().await?;
    eprintln!("asking a pool that proves batches of {} orders", size.get());
    let proving = tokio::spawn(prove_on(prover, size, stop.clone()));
    let busy = quote.ask().await?;
    stop.cancel();
    let proofs = proving.await??;
    if proofs == 0 {
        bail!("no proof was done while the pool was asked: take a smaller size");
    }
    print(&idle, &busy, size, proofs);
    server.stop().await;
    pool.stop().await;
    Ok(())
}

/// Proves one batch after the other until `stop`; answers how many.
async fn prove_on(prover: Arc<Prover>, size: BatchSize, stop: CancellationToken) -> anyhow::Result<u32> {
    let inputs = full_batch(size)?;
    let mut proofs = 0;
    while !stop.is_cancelled() {
        let proven = prover.turn().await.prove(inputs.clone(), Duration::from_secs(600), &stop).await;
        match proven {
            Ok(_) => proofs += 1,
            Err(_) if stop.is_cancelled() => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(proofs)
}

struct Quote {
    url: String,
    key: String,
}

impl Quote {
    /// How long each answer took, ascending.
    async fn ask(&self) -> anyhow::Result<Vec<Duration>> {
        let client = reqwest::Client::new();
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            let request = client.get(&self.url).bearer_auth(&self.key).build()?;
            clients.push(tokio::spawn(ask(client.clone(), request)));
        }
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await??);
        }
        times.sort_unstable();
        Ok(times)
    }
}

async fn ask(client: reqwest::Client, request: reqwest::Request) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(REQUESTS);
    for number in 0..WARM_UP + REQUESTS {
        let request = request.try_clone().context("the request has no body")?;
        let started = Instant::now();
        client.execute(request).await?.error_for_status()?.bytes().await?;
        if number >= WARM_UP {
            times.push(started.elapsed());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(times)
}

fn print(idle: &[Duration], busy: &[Duration], size: BatchSize, proofs: u32) {
    let percentile = |times: &[Duration], percent: usize| {
        let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(at).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_header(["GET /v1/quote", "idle ms", "proving ms", "proving / idle"]);
    for percent in [50, 90, 99] {
        let (idle, busy) = (percentile(idle, percent), percentile(busy, percent));
        table.add_row([
            format!("p{percent}"),
            format!("{idle:.2}"),
            format!("{busy:.2}"),
            format!("{:.2}", busy / idle),
        ]);
    }
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!(
        "{CLIENTS} clients, {} requests in each state, {proofs} proofs of {} slots done meanwhile\n{table}",
        CLIENTS * REQUESTS,
        size.get()
    );
}
