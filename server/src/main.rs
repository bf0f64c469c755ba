//! The `obscura-server` binary: parses, starts, waits for a signal. No logic that a
//! library user could want.

use std::io::{Write, stdout};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use obscura_client::bootstrap::BootstrapError;
use obscura_client::causes::in_one_line;
use obscura_client::idl;
use obscura_client::ledger::local::ClockSource;
use obscura_client::program_file::OtherProgram;
use obscura_server::api_key;
use obscura_server::cli::{AgentArgs, ApiKeyArgs, Cli, ClusterArgs, Command, DemoArgs, ServeArgs};
use obscura_server::cluster::{ClusterOptions, ClusterPool};
use obscura_server::demo::{self, DemoOptions, Refusal};
use obscura_server::local::{DataDir, LocalOptions, LocalPool, default_data_dir};
use obscura_server::logging;
use obscura_server::proving_keys::ImportedKeyError;
use obscura_server::serve::{Faces, Server};
use rustix::fs::Mode;
use serde_json::{Value, json};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The request cannot be met as it stands, as clap's own usage errors.
const USAGE_ERROR: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // To the MCP library a client that has gone is an error; to a pool it is none.
    let default_log = match &cli.command {
        Command::Serve(_) => "info,rmcp=off",
        Command::Demo(_) | Command::ApiKey(_) => "warn,rmcp=off",
    };
    logging::start(default_log);
    // Databases and their logs are for their owner only, like the keys.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let outcome = match cli.command {
        Command::Serve(args) => serve(args).await,
        Command::ApiKey(args) => create_api_key(args).await,
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

async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    let ServeArgs { listen, data_dir, batch_seconds, max_orders, proving_keys, agents, cluster } = args;
    let data_dir = data_dir.map_or_else(default_data_dir, DataDir::new);
    if let Some(options) = cluster_options(data_dir.clone(), proving_keys.clone(), cluster) {
        return serve_on_cluster(options, listen, &agents).await;
    }
    // Registered first: a signal during the start must not be lost.
    let mut terminate = signal(SignalKind::terminate())?;
    let pool = LocalPool::start(LocalOptions {
        data_dir,
        batch_seconds,
        max_orders,
        clock: ClockSource::Machine,
        more_accounts: Vec::new(),
        providers_act: true,
        circuit_cache: None,
        proving_keys,
    })
    .await?;
    let faces = Faces { mcp: agents.mcp(), ..Faces::of_local(&pool, listen, agents.surface()) };
    let server = Server::start_faces(faces, listen).await?;
    tell(&json!({
        "ready": true,
        "http": server.http_url(),
        "mcp": server.mcp_url(),
        "rpc": server.rpc_url(),
        "apiKeys": { "buyer": pool.buyer.api_key, "provider": pool.provider.api_key },
    }))?;
    until_told_to_stop(&mut terminate).await?;
    server.stop().await;
    pool.stop().await;
    Ok(())
}

async fn serve_on_cluster(
    options: ClusterOptions,
    listen: SocketAddr,
    agents: &AgentArgs,
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let pool = tokio::select! {
        pool = ClusterPool::start(options) => pool?,
        stopped = until_told_to_stop(&mut terminate) => return stopped,
    };
    let faces = Faces {
        pool: pool.pool.clone(),
        vault: pool.vault(),
        surface: agents.surface(),
        mcp: agents.mcp(),
        storage: pool.storage.clone(),
        node: None,
    };
    let server = Server::start_faces(faces, listen).await?;
    tell(&json!({
        "ready": true,
        "http": server.http_url(),
        "mcp": server.mcp_url(),
        "program": idl::ID.to_string(),
        "matcher": pool.matcher.to_string(),
        "relayer": pool.relayer.to_string(),
        "markets": pool.markets(),
    }))?;
    until_told_to_stop(&mut terminate).await?;
    server.stop().await;
    pool.stop().await;
    Ok(())
}

/// None where no node was named: then the pool is its own chain.
fn cluster_options(
    data_dir: DataDir,
    proving_keys: Option<PathBuf>,
    arguments: ClusterArgs,
) -> Option<ClusterOptions> {
    let ClusterArgs {
        rpc_url,
        program_id,
        keypair,
        relayer,
        commitment,
        settle_commitment,
        priority_fee,
        markets,
        pool_sealing,
    } = arguments;
    Some(ClusterOptions {
        data_dir,
        rpc_url: rpc_url?,
        program_id: program_id?,
        matcher: keypair?,
        relayer,
        commitment: commitment.into(),
        settle_commitment: settle_commitment.into(),
        priority_fee,
        markets,
        proving_keys,
        pool_sealing,
    })
}

async fn create_api_key(args: ApiKeyArgs) -> anyhow::Result<()> {
    let ApiKeyArgs { data_dir, owner, label } = args;
    let key = api_key::create(&DataDir::new(data_dir), &owner, &label).await?;
    tell(&json!({ "apiKey": *key, "owner": owner.to_string() }))
}

fn tell(line: &Value) -> anyhow::Result<()> {
    writeln!(stdout(), "{line}").context("cannot write to standard output")
}

async fn until_told_to_stop(terminate: &mut Signal) -> anyhow::Result<()> {
    tokio::select! {
        _ = terminate.recv() => tracing::info!("stopping: SIGTERM"),
        outcome = tokio::signal::ctrl_c() => {
            outcome?;
            tracing::info!("stopping: Ctrl-C");
        }
    }
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
    let other_program = error.downcast_ref::<OtherProgram>().is_some();
    if other_program || other_directory || refused_demo || refused_keys { USAGE_ERROR } else { 1 }
}
