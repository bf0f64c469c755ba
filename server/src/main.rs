//! The `obscura-server` binary: parses, starts, waits for a signal. No logic that a
//! library user could want.

use std::io::{IsTerminal, Write, stdout};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use obscura_client::bootstrap::BootstrapError;
use obscura_client::causes::in_one_line;
use obscura_client::ledger::local::ClockSource;
use obscura_server::cli::{Cli, Command, DemoArgs, ServeArgs};
use obscura_server::demo::{self, DemoOptions, Refusal};
use obscura_server::local::{DataDir, LocalOptions, LocalPool, default_data_dir};
use obscura_server::proving_keys::ImportedKeyError;
use obscura_server::serve::Server;
use obscura_server::terminal::AboveBars;
use rustix::fs::Mode;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::prelude::*;

/// The request cannot be met as it stands, as clap's own usage errors.
const USAGE_ERROR: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let default_log = match &cli.command {
        Command::Serve(_) => "info",
        Command::Demo(_) => "warn",
    };
    start_logging(default_log);
    say_only_where_it_panicked();
    // Databases and their logs are for their owner only, like the keys.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let outcome = match cli.command {
        Command::Serve(args) => serve(args).await,
        Command::Demo(args) => demo::run(options(&args)).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", in_one_line(error.as_ref()));
            ExitCode::from(exit_code(&error))
        }
    }
}

/// To stderr: stdout belongs to results. Whatever `RUST_LOG` says, the MCP library says no more than
/// warnings: it would print whole requests, openings included.
fn start_logging(default: &str) {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let without_requests =
        filter_fn(|record| !record.target().starts_with("rmcp") || *record.level() <= Level::WARN);
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let to_stderr = tracing_subscriber::fmt::layer().with_ansi(colour).with_writer(|| AboveBars);
    tracing_subscriber::registry().with(to_stderr.with_filter(wanted.and(without_requests))).init();
}

/// A panic's text may quote what it stumbled over, an opening for example, so it is not printed.
fn say_only_where_it_panicked() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a bug: this code panicked");
    }));
}

async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    let ServeArgs { listen, data_dir, batch_seconds, max_orders, proving_keys } = args;
    // Registered first: a signal during the start must not be lost.
    let mut terminate = signal(SignalKind::terminate())?;
    let pool = LocalPool::start(LocalOptions {
        data_dir: data_dir.map_or_else(default_data_dir, DataDir::new),
        batch_seconds,
        max_orders,
        clock: ClockSource::Machine,
        more_accounts: Vec::new(),
        providers_act: true,
        circuit_cache: None,
        proving_keys,
    })
    .await?;
    let server = Server::start(&pool, listen).await?;
    let ready = json!({
        "ready": true,
        "http": server.http_url(),
        "mcp": server.mcp_url(),
        "rpc": server.rpc_url(),
        "apiKeys": { "buyer": pool.buyer.api_key, "provider": pool.provider.api_key },
    });
    writeln!(stdout(), "{ready}").context("cannot tell on standard output that the pool is ready")?;
    tokio::select! {
        _ = terminate.recv() => tracing::info!("stopping: SIGTERM"),
        outcome = tokio::signal::ctrl_c() => {
            outcome?;
            tracing::info!("stopping: Ctrl-C");
        }
    }
    server.stop().await;
    pool.stop().await;
    Ok(())
}

fn options(args: &DemoArgs) -> DemoOptions {
    let DemoArgs { agents, providers, batch_seconds, json } = *args;
    DemoOptions { agents, providers, batch_seconds, json }
}

fn exit_code(error: &anyhow::Error) -> u8 {
    use BootstrapError::{
        DevelopmentKeysAllowed, DevelopmentKeysRefused, OtherBatchSeconds, OtherCircuit, OtherMaxOrders,
    };
    let other_directory = matches!(
        error.downcast_ref::<BootstrapError>(),
        Some(
            OtherBatchSeconds { .. }
                | OtherMaxOrders { .. }
                | OtherCircuit { .. }
                | DevelopmentKeysRefused
                | DevelopmentKeysAllowed
        )
    );
    let refused_demo = error.downcast_ref::<Refusal>().is_some();
    let refused_keys = error.downcast_ref::<ImportedKeyError>().is_some();
    if other_directory || refused_demo || refused_keys { USAGE_ERROR } else { 1 }
}
