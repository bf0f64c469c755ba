//! The `obscura-server` binary as a user runs it: what it prints, what it keeps,
//! how it stops, and what never leaves it.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use obscura_auction::order::Side;
use obscura_auction::units::{Gpus, PriceMicro};
use obscura_circuits::secret::Secret;
use obscura_client::sealing::{Sealed, Terms, seal};
use serde_json::{Value, json};

/// Short, with room for a slow machine in both windows.
const BATCH_SECONDS: &str = "6";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obscura-server"));
    // The demo keeps its proving key in the user's data folder: here, the tests' own.
    command
        .args(arguments)
        .env("XDG_DATA_HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("RUST_LOG", "trace,rmcp::service=trace");
    command
}

struct Serving {
    child: Child,
    ready: Value,
    errors: PathBuf,
}

impl Serving {
    fn start(data_dir: &Path, errors: &Path) -> Self {
        let log = std::fs::File::create(errors).unwrap();
        let data_dir = data_dir.to_str().unwrap();
        let mut child = command(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            data_dir,
            "--batch-seconds",
            BATCH_SECONDS,
        ])
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        child.stdout = Some(stdout.into_inner());
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not one JSON line: {line:?}"));
        Self { child, ready, errors: errors.to_path_buf() }
    }

    /// Kills it as a power failure would.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Micro-USDC of the buyer, wherever they are.
    async fn buyer_owns(&self) -> u64 {
        let account = self.get("/v1/account").await;
        account["availableMicro"].as_u64().unwrap() + account["lockedMicro"].as_u64().unwrap()
    }

    /// Sends SIGTERM; returns what else was on stdout, and the log.
    fn stop(mut self) -> (String, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "SIGTERM is a clean stop");
        let mut rest = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
        (rest, std::fs::read_to_string(&self.errors).unwrap())
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.ready["http"].as_str().unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        let key = self.ready["apiKeys"]["buyer"].as_str().unwrap();
        reqwest::Client::new()
            .get(self.url(path))
            .bearer_auth(key)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let key = self.ready["apiKeys"]["buyer"].as_str().unwrap();
        let request = reqwest::Client::new().post(self.url(path)).bearer_auth(key).body(body.to_string());
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn seal(&self) -> Sealed {
        let owner = self.get("/v1/account").await["owner"].as_str().unwrap().parse().unwrap();
        let terms = Terms {
            gpu_type: "H100 80GB".to_owned(),
            side: Side::Bid,
            price: PriceMicro::new(1_234_567).unwrap(),
            qty: Gpus::new(3).unwrap(),
            min_qty: None,
            duration: None,
        };
        seal(&terms, &owner, Secret::random(&mut rand::rngs::OsRng)).unwrap()
    }

    /// The same opening again, through the library that could log it.
    async fn reveal_over_mcp(&self, reveal: &Value) {
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": "reveal", "arguments": reveal}});
        let request = reqwest::Client::new()
            .post(self.ready["mcp"].as_str().unwrap())
            .bearer_auth(self.ready["apiKeys"]["buyer"].as_str().unwrap())
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2025-11-25")
            .json(&call);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["result"]["structuredContent"]["code"], "already_revealed", "{answer}");
    }

    /// Commits as soon as a batch is open, and reveals in its window.
    async fn commit_and_reveal(&self) -> (Sealed, Value) {
        let sealed = self.seal().await;
        let committed = loop {
            let (status, body) =
                self.post("/v1/orders/commit", &serde_json::to_value(&sealed.commit_body).unwrap()).await;
            if status == 200 {
                break body;
            }
            assert_eq!(body["code"], "wrong_phase", "{body}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let id = committed["orderId"].as_str().unwrap();
        self.get(&format!("/v1/orders/{id}?waitSeconds=40")).await;
        let mut reveal = serde_json::to_value(&sealed.reveal_body).unwrap();
        reveal["orderId"] = json!(id);
        let (status, revealed) = self.post("/v1/orders/reveal", &reveal).await;
        assert_eq!(status, 200, "{revealed}");
        self.reveal_over_mcp(&reveal).await;
        (sealed, revealed)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_prints_one_line_keeps_its_keys_and_leaks_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let first = Serving::start(&data_dir, &folder.path().join("first.log"));
    assert_eq!(first.ready["ready"], true);
    let keys = first.ready["apiKeys"].clone();
    let (sealed, revealed) = first.commit_and_reveal().await;
    // Stopped with the opening still in its database.
    let (rest, log) = first.stop();
    assert_eq!(rest, "", "stdout is one line");
    assert!(log.contains("order revealed"), "the log was not taken: {log}");
    let secret = sealed.secret.to_hex();
    for private in [secret.as_str(), "1234567", keys["buyer"].as_str().unwrap()] {
        assert!(!log.contains(private), "the log holds {private}");
    }
    let needles = [hex::decode(secret.as_str()).unwrap(), secret.as_bytes().to_vec(), key_bytes(&keys)];
    for file in files_below(&data_dir) {
        let bytes = std::fs::read(&file).unwrap();
        for needle in &needles {
            assert!(!contains(&bytes, needle), "{} holds a secret", file.display());
        }
    }

    let second = Serving::start(&data_dir, &folder.path().join("second.log"));
    assert_eq!(second.ready["apiKeys"], keys);
    let order = second.get(&format!("/v1/orders/{}", revealed["orderId"].as_str().unwrap())).await;
    assert_eq!(order["commitHash"], json!(sealed.commit_hash));
    second.stop();

    let refused = command(&["serve", "--listen", "127.0.0.1:0", "--batch-seconds", "9", "--data-dir"])
        .arg(&data_dir)
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8_lossy(&refused.stderr);
    assert!(message.contains('9') && message.contains(BATCH_SECONDS), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_kill_in_the_middle_of_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let first = Serving::start(&data_dir, &folder.path().join("first.log"));
    let before = first.buyer_owns().await;
    let (sealed, revealed) = first.commit_and_reveal().await;
    first.kill();

    let second = Serving::start(&data_dir, &folder.path().join("second.log"));
    let path = format!("/v1/orders/{}", revealed["orderId"].as_str().unwrap());
    let order = second.get(&path).await;
    assert_eq!(order["commitHash"], json!(sealed.commit_hash));
    let spent = before - second.buyer_owns().await;
    assert!(spent <= order["orderFeeMicro"].as_u64().unwrap(), "{spent}");
    second.kill();

    let third = Serving::start(&data_dir, &folder.path().join("third.log"));
    let order = third.get(&format!("{path}?waitSeconds=40")).await;
    // Revealed alone, or not cleared in time: either way the deposit is back.
    assert!(order["state"] == "refunded" || order["state"] == "refundable", "{order}");
    assert_eq!(order["forfeitedMicro"], 0);
    third.stop();
}

#[test]
fn demo_shows_a_lease_a_loser_and_balanced_books_as_one_json_document() {
    let output =
        command(&["demo", "--json", "--batch-seconds", BATCH_SECONDS, "--agents", "4", "--providers", "2"])
            .env("RUST_LOG", "warn")
            .output()
            .unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{log}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["vaultBalanced"], true);
    for figure in ["index", "priceMicro", "proofMillis", "clearingComputeUnits"] {
        assert!(report["batch"][figure].is_u64(), "{figure} in {report}");
    }
    let orders = report["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 6);
    let with = |outcome: &str| orders.iter().filter(|order| order["outcome"] == outcome).count();
    assert!(with("leased") >= 2 && with("refunded") >= 1, "{report}");
    assert!(orders.iter().all(|order| order["paidMicro"].is_u64() && order["refundedMicro"].is_u64()));
}

#[test]
fn a_demo_that_no_batch_can_hold_is_refused_with_the_reason() {
    let output = command(&["demo", "--agents", "1000", "--providers", "25"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("1025 orders") && message.contains("1024"), "{message}");
}

#[test]
fn a_folder_without_proving_keys_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(&["serve", "--listen", "127.0.0.1:0", "--max-orders", "16", "--proving-keys"])
        .arg(folder.path())
        .arg("--data-dir")
        .arg(folder.path().join("pool"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    for part in ["16.key cannot be read: No such file", "obscura zkey import --size 16"] {
        assert!(message.contains(part), "no {part} in: {message}");
    }
}

fn key_bytes(keys: &Value) -> Vec<u8> {
    keys["buyer"].as_str().unwrap().as_bytes().to_vec()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
