//! The pool as a process of its own, killed as a power failure would at whatever moment a test names.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use obscura_client::idl;
use obscura_server::local::DataDir;
use serde_json::Value;

pub struct PoolProcess {
    child: Child,
    pub ready: Value,
}

/// What does not change when it is killed.
pub struct PoolFiles {
    pub data_dir: DataDir,
    pub matcher: PathBuf,
    pub relayer: PathBuf,
}

impl PoolProcess {
    /// Runs on the node at `url`; returns once it serves.
    pub fn start(files: &PoolFiles, url: &str, log: &Path) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_obscura-server"))
            .args(["serve", "--listen", "127.0.0.1:0", "--program-id", &idl::ID.to_string()])
            .arg("--keypair")
            .arg(&files.matcher)
            .arg("--relayer")
            .arg(&files.relayer)
            .arg("--data-dir")
            .arg(files.data_dir.path())
            .env("OBSCURA_RPC_URL", url)
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not one JSON line: {line:?}"));
        Self { child, ready }
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// None where it does not answer, as one that is being killed.
    pub async fn ask(&self, key: &str, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
        let url = format!("{}{path}", self.ready["http"].as_str().unwrap());
        let client = reqwest::Client::new();
        let request = match body {
            Some(body) => client.post(url).body(body.to_string()),
            None => client.get(url),
        };
        let answer = request.bearer_auth(key).timeout(Duration::from_secs(4)).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }
}

impl Drop for PoolProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
