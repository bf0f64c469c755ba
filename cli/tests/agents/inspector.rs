//! The official Inspector does a whole lease from its command line: a process per call, as a person debugs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::pool::{Pool, json_of, search_path};
use super::prerequisites::{Prerequisite, repository, run};
use super::python::Python;

/// The folder of its `package.json`, which brings its own Node: 22.19 or newer is needed.
const PROJECT: &str = "cli/tests/agents/inspector";
const LAUNCHER: &str = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";
const ENTRY: &str = "examples/claude-desktop/claude_desktop_config.json";
const GPU_TYPE: &str = "H100 80GB";
/// What its exit code says of a tool that refused.
const REFUSED: i32 = 5;

/// The Inspector, on one server.
struct Inspector<'a> {
    folder: PathBuf,
    pool: &'a Pool,
    /// The server and how to reach it, as arguments.
    server: Vec<String>,
}

impl<'a> Inspector<'a> {
    fn folder(test: &str) -> Option<PathBuf> {
        let inspector = Prerequisite {
            name: "agents-inspector",
            require: "OBSCURA_REQUIRE_NODE",
            lock: repository().join(PROJECT).join("package-lock.json"),
            install,
        };
        inspector.find(test)
    }

    fn over_http(folder: PathBuf, pool: &'a Pool) -> Self {
        let header = format!("Authorization: Bearer {}", pool.api_key("buyer"));
        Self { folder, pool, server: vec![pool.mcp().to_owned(), "--header".to_owned(), header] }
    }

    /// Through `obscura mcp`, started as Claude Desktop would from the entry that the examples show.
    fn over_stdio(folder: PathBuf, pool: &'a Pool) -> Self {
        let entry = pool.folder().join("claude_desktop_config.json");
        std::fs::write(&entry, claude_desktop_entry(pool).to_string()).unwrap();
        let server = ["--config", entry.to_str().unwrap(), "--server", "obscura"].map(str::to_owned);
        Self { folder, pool, server: server.to_vec() }
    }

    fn command(&self, method: &str) -> Command {
        let mut command = Command::new(self.folder.join("node_modules/.bin/node"));
        command.arg(self.folder.join(LAUNCHER)).arg("--cli").args(&self.server);
        self.pool.address_for(&mut command, "buyer");
        // Its catalog and its store of tokens belong into the test's folder, not into the user's.
        command.env("HOME", self.pool.folder()).args(["--quiet", "--format", "json", "--method", method]);
        command
    }

    /// What a tool answered, refusals too.
    fn call(&self, tool: &str, arguments: &Value) -> Value {
        let mut command = self.command("tools/call");
        command.args(["--tool-name", tool, "--tool-args-json", &arguments.to_string()]);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let (text, errors) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let code = output.status.code();
        assert!(code == Some(0) || code == Some(REFUSED), "{tool} {arguments}: {code:?}\n{text}\n{errors}");
        let result: Value =
            serde_json::from_str(&text).unwrap_or_else(|_| panic!("{tool}: {text}\n{errors}"));
        let result = result.get("result").unwrap_or(&result);
        assert_eq!(result["isError"] == json!(true), code == Some(REFUSED), "{result}");
        result["structuredContent"].clone()
    }

    #[track_caller]
    fn must(&self, tool: &str, arguments: &Value) -> Value {
        let answer = self.call(tool, arguments);
        assert!(answer.get("code").is_none(), "{tool} {arguments}: {answer}");
        answer
    }

    fn wait(&self, order: &Value) -> Value {
        self.must("lease-status", &json!({ "orderId": order["orderId"], "waitSeconds": 40 }))
    }

    /// Follows an order until it is in `state`.
    fn until(&self, state: &str, mut order: Value) -> Value {
        while order["state"] != state {
            let over = ["refunded", "closed"].iter().any(|end| order["state"] == *end);
            assert!(!over, "over before it was {state}: {order}");
            order = self.wait(&order);
        }
        order
    }

    /// Commits in a commit window, however often the call comes too late for one.
    fn commit(&self, body: &Value) -> Value {
        loop {
            let answer = self.call("commit", body);
            match answer["code"].as_str() {
                None => return answer,
                Some(code) => assert_eq!(code, "wrong_phase", "{answer}"),
            }
        }
    }

    /// Ends every lease of a leased order.
    fn release(&self, order: &Value) -> Value {
        for lease in order["leases"].as_array().unwrap() {
            let released = self.must("release", &json!({ "leaseId": lease["leaseId"] }));
            assert_eq!(released["reason"], "released", "{released}");
        }
        self.until("closed", self.wait(order))
    }
}

fn install(folder: &Path) -> Result<(), String> {
    for file in ["package.json", "package-lock.json"] {
        let copied = std::fs::copy(repository().join(PROJECT).join(file), folder.join(file));
        copied.map_err(|error| format!("{file}: {error}"))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    run("there is no Node with npm that can install the Inspector", &mut npm)
}

/// The entry with this machine's paths in it. Its key file is as private as the README makes it.
fn claude_desktop_entry(pool: &Pool) -> Value {
    let key = pool.key_file("buyer");
    let text = std::fs::read_to_string(repository().join(ENTRY)).unwrap();
    let text = text
        .replace("/absolute/path/to/obscura", env!("CARGO_BIN_EXE_obscura"))
        .replace("/absolute/path/to/api-key", key.to_str().unwrap())
        .replace("http://127.0.0.1:8402", pool.http());
    let mut entry: Value = serde_json::from_str(&text).unwrap();
    entry["mcpServers"]["obscura"]["env"] = json!({ "XDG_DATA_HOME": pool.folder().join("buyer") });
    entry
}

/// A bid for 2 GPUs for an hour at up to 2 USDC each.
fn sealed(owner: &Value) -> Value {
    let mut seal = Command::new("obscura");
    seal.env("PATH", search_path())
        .args(["seal", "--gpu-type", GPU_TYPE, "--side", "bid", "--price-micro", "2000000", "--qty", "2"])
        .args(["--owner", owner.as_str().unwrap(), "--json"]);
    json_of(&mut seal)
}

#[test]
fn the_inspector_leases_over_http() {
    let test = "the_inspector_leases_over_http";
    let (Some(folder), Some(python)) = (Inspector::folder(test), Python::find(test)) else { return };
    let pool = Pool::with_provider(&python);
    let inspector = Inspector::over_http(folder, &pool);
    inspector.must("quote", &json!({ "gpuType": GPU_TYPE, "qty": 2 }));
    let sealed = sealed(&inspector.must("account", &json!({}))["owner"]);
    let mut body = sealed["commitBody"].clone();
    body["maxTotalMicro"] = json!(5_000_000);
    let mut order = inspector.commit(&body);
    while order["nextActions"][0]["tool"] != "reveal" {
        order = inspector.wait(&order);
    }
    let order = inspector.must("reveal", &sealed["revealBody"]);
    let order = inspector.release(&inspector.until("leased", order));
    assert_eq!(order["paidMicro"], 3_000_000, "{order}");
    assert_eq!(order["refundedMicro"], 3_000_000, "{order}");
}

#[test]
fn the_inspector_leases_through_the_local_vault_of_the_entry_for_claude_desktop() {
    let test = "the_inspector_leases_through_the_local_vault_of_the_entry_for_claude_desktop";
    let (Some(folder), Some(python)) = (Inspector::folder(test), Python::find(test)) else { return };
    let pool = Pool::with_provider(&python);
    let inspector = Inspector::over_stdio(folder, &pool);
    inspector.must("quote", &json!({ "gpuType": "h100", "qty": 2 }));
    let terms = json!({
        "gpuType": GPU_TYPE, "priceMicro": 2_000_000, "qty": 2, "maxTotalMicro": 5_000_000, "goodForBatches": 3
    });
    let order = inspector.must("commit", &terms);
    let order = inspector.release(&inspector.until("leased", order));
    assert_eq!(order["paidMicro"], 3_000_000, "{order}");
}

#[test]
fn the_inspector_finds_no_fault_with_the_tools_schemas() {
    let test = "the_inspector_finds_no_fault_with_the_tools_schemas";
    let Some(folder) = Inspector::folder(test) else { return };
    let pool = Pool::start();
    let inspector = Inspector::over_http(folder, &pool);
    // Its exit code is 6 where a schema would not work everywhere.
    let listed = super::pool::output_of(inspector.command("tools/list").arg("--strict"));
    assert!(listed.contains("lease-status"), "{listed}");
}
