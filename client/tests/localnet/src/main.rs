//! `localnet RPC_PORT WS_PORT`: a Solana node with JSON-RPC on loopback, without a network behind it.
//!
//! Prints `ready` on standard output once it answers, and runs until it is killed. Keeps nothing.

use std::process::ExitCode;
use std::thread;

use crossbeam_channel::unbounded;
use surfpool_core::runloops::start_local_surfnet_runloop;
use surfpool_core::surfnet::locker::SurfnetSvmLocker;
use surfpool_core::surfnet::svm::{SurfnetSvm, SurfnetSvmConfig};
use surfpool_types::{RpcConfig, SimnetConfig, SimnetEvent, SurfpoolConfig};
use tokio::runtime::Runtime;

const LOOPBACK: &str = "127.0.0.1";
/// As on the real clusters.
const SLOT_MILLIS: u64 = 400;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("localnet: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let ports: Vec<u16> = std::env::args().skip(1).map_while(|port| port.parse().ok()).collect();
    let [rpc, websocket] = ports[..] else { return Err("say two ports: RPC_PORT WS_PORT".to_owned()) };
    let (svm, events, geyser) =
        SurfnetSvm::new(SurfnetSvmConfig::default()).map_err(|error| format!("{error:?}"))?;
    let (to_node, from_us) = unbounded();
    let commands = to_node.clone();
    let node = thread::spawn(move || {
        let runtime = Runtime::new().map_err(|error| error.to_string())?;
        let locker = SurfnetSvmLocker::new(svm);
        let node = start_local_surfnet_runloop(locker, config(rpc, websocket), commands, from_us, geyser);
        runtime.block_on(node).map_err(|error| format!("{error:?}"))
    });
    // The stream of events ends with the node.
    for event in events {
        if matches!(event, SimnetEvent::Ready(_)) {
            println!("ready");
        }
    }
    drop(to_node);
    node.join().map_err(|_| "the node panicked".to_owned())?
}

fn config(rpc: u16, websocket: u16) -> SurfpoolConfig {
    SurfpoolConfig {
        simnets: vec![SimnetConfig {
            offline_mode: true,
            slot_time: SLOT_MILLIS,
            ..SimnetConfig::default()
        }],
        rpc: RpcConfig {
            bind_host: LOOPBACK.to_owned(),
            bind_port: rpc,
            ws_port: websocket,
            ..RpcConfig::default()
        },
        ..SurfpoolConfig::default()
    }
}
