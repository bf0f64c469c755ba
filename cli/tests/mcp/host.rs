//! The host's side: it starts `obscura mcp`, speaks MCP to it, and may end badly.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rmcp::model::CallToolRequestParams;
use rmcp::service::{RoleClient, RunningService, ServiceExt};
use serde_json::Value;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::world::World;

/// Longest that a step which is due may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Host {
    child: Child,
    session: RunningService<RoleClient, ()>,
    log: PathBuf,
}

/// The command as a host's entry has it, over the pool at `url`.
pub fn command(world: &World, url: &str) -> Command {
    let log = OpenOptions::new().create(true).append(true).open(world.log()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_obscura"));
    command
        .args(["mcp", "--pool", url])
        .arg("--api-key-file")
        .arg(world.key_file())
        .arg("--keypair")
        .arg(world.owner_file())
        .arg("--vault")
        .arg(world.vault())
        .arg("--rpc-url")
        .arg(format!("{}/rpc", world.url()))
        // Whatever can be logged is, so that a test can look for what must not be.
        .env("RUST_LOG", "trace")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true);
    command
}

impl Host {
    pub async fn start(world: &World) -> Self {
        Self::over(world, &world.url()).await
    }

    /// With the pool behind another address.
    pub async fn over(world: &World, url: &str) -> Self {
        let mut child = command(world, url).spawn().unwrap();
        let streams = (child.stdout.take().unwrap(), child.stdin.take().unwrap());
        let session = ().serve(streams).await.unwrap();
        Self { child, session, log: world.log() }
    }

    /// Structured content of a result; panics where it is an error.
    pub async fn call(&self, tool: &'static str, arguments: &Value) -> Value {
        let arguments = arguments.as_object().unwrap().clone();
        let request = CallToolRequestParams::new(tool).with_arguments(arguments);
        let result = self.session.call_tool(request).await.unwrap();
        let content = result.structured_content.unwrap();
        assert_ne!(result.is_error, Some(true), "{content}\n{}", self.log());
        content
    }

    /// What the process said that was more than a trace.
    fn log(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap();
        log.lines()
            .filter(|line| line.contains("ERROR") || line.contains(" WARN"))
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub async fn tools(&self) -> Vec<String> {
        let tools = self.session.list_all_tools().await.unwrap();
        tools.iter().map(|tool| tool.name.to_string()).collect()
    }

    /// Follows an order until it is in `state`, as an agent does.
    pub async fn until(&self, order_id: &str, state: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let asked = serde_json::json!({ "orderId": order_id, "waitSeconds": 2 });
            let order = self.call("lease-status", &asked).await;
            if order["state"] == state {
                return order;
            }
            assert!(Instant::now() < deadline, "not {state} in time: {order}");
        }
    }

    /// As a power failure ends it.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks for something and does not wait for the answer.
    pub fn ask(&self, tool: &'static str, arguments: &Value) {
        let request = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().unwrap().clone());
        let peer = self.session.peer().clone();
        tokio::spawn(async move { peer.call_tool(request).await });
    }

    /// Closes its end, and waits until the process has ended by itself.
    pub async fn close(mut self) {
        self.session.cancel().await.unwrap();
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap();
        assert!(ended.success());
    }
}
