//! A local pool as a process of its own, with a provider that keeps selling. Ends with its test.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use super::python;

/// Windows of 8 and 4 seconds: room for a process per call on a busy machine.
pub const BATCH_SECONDS: &str = "12";
/// Cheap to prove, and more orders than any test has in one batch.
const MAX_ORDERS: &str = "16";

/// Folder of the binaries under test.
pub fn binaries() -> PathBuf {
    let obscura = Path::new(env!("CARGO_BIN_EXE_obscura"));
    let folder = obscura.parent().expect("a binary stands in a folder").to_owned();
    // A test of one package alone does not build another's binary.
    if !folder.join("obscura-server").exists() {
        let mut cargo = Command::new(env!("CARGO"));
        let built =
            cargo.args(["build", "--locked", "-p", "obscura-server", "--bin", "obscura-server"]).status();
        assert!(built.is_ok_and(|status| status.success()), "obscura-server cannot be built");
    }
    folder
}

/// `PATH` with the binaries under test in front.
pub fn search_path() -> std::ffi::OsString {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(binaries()).chain(std::env::split_paths(&rest));
    std::env::join_paths(folders).unwrap()
}

/// A process that ends with its owner.
pub struct Process(Child);

impl Process {
    pub fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().unwrap())
    }

    /// One that says something first.
    pub fn start_and_listen(command: &mut Command) -> (Self, ChildStdout) {
        let mut process = Self::start(command.stdout(Stdio::piped()));
        let stdout = process.0.stdout.take().unwrap();
        (process, stdout)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A serving pool.
pub struct Pool {
    ready: Value,
    provider: Option<Process>,
    _server: Process,
    folder: tempfile::TempDir,
}

impl Pool {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(binaries().join("obscura-server"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--batch-seconds", BATCH_SECONDS])
            .args(["--max-orders", MAX_ORDERS, "--data-dir"])
            .arg(folder.path().join("pool"))
            .env("RUST_LOG", "error,rmcp=off");
        let (server, stdout) = Process::start_and_listen(&mut command);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not one JSON line: {line:?}"));
        Self { ready, provider: None, _server: server, folder }
    }

    /// A pool in whose H100 market 8 GPUs are offered in every batch, at 1.50 USDC per GPU-hour.
    pub fn with_provider(python: &python::Python) -> Self {
        let mut pool = Self::start();
        let mut command = python.agent();
        pool.address_for(&mut command, "provider");
        command.args(["sell", "H100 80GB", "--gpus", "8", "--price", "1.50", "--batches", "100", "--keep"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        pool.provider = Some(Process::start(&mut command));
        pool
    }

    /// A folder that goes with the pool.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn http(&self) -> &str {
        self.ready["http"].as_str().unwrap()
    }

    pub fn mcp(&self) -> &str {
        self.ready["mcp"].as_str().unwrap()
    }

    pub fn api_key(&self, account: &str) -> &str {
        self.ready["apiKeys"][account].as_str().unwrap()
    }

    /// A file with an account's key, for its owner only.
    pub fn key_file(&self, account: &str) -> PathBuf {
        let path = self.folder().join(format!("{account}-api-key"));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).unwrap();
        file.write_all(self.api_key(account).as_bytes()).unwrap();
        path
    }

    /// The leases of a demo account, as the chain has them.
    pub fn leases_of(&self, account: &str) -> Vec<Value> {
        let key = self.folder().join("pool/demo").join(format!("{account}.json"));
        let mut list = Command::new(env!("CARGO_BIN_EXE_obscura"));
        list.args(["lease", "list", "--all", "--json", "--rpc-url", self.ready["rpc"].as_str().unwrap()]);
        let listed = json_of(list.arg("--keypair").arg(key));
        listed["leases"].as_array().unwrap().clone()
    }

    /// Tells a client where the pool is, as whom to call it, and where to keep its vault.
    pub fn address_for(&self, command: &mut Command, account: &str) {
        command
            .env("OBSCURA_MCP_URL", self.mcp())
            .env("OBSCURA_POOL", self.http())
            .env("OBSCURA_API_KEY", self.api_key(account))
            .env("XDG_DATA_HOME", self.folder().join(account))
            .env("PATH", search_path());
    }
}

/// What a program printed, after it succeeded.
#[track_caller]
pub fn output_of(command: &mut Command) -> String {
    output_with(command, 0)
}

/// What a program printed before it exited with `code`; it fails with all that it said otherwise.
#[track_caller]
pub fn output_with(command: &mut Command, code: i32) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    let program = command.get_program();
    assert_eq!(output.status.code(), Some(code), "{program:?} said:\n{text}\n{errors}");
    text
}

/// The JSON document in which a program's output ends.
#[track_caller]
pub fn json_of(command: &mut Command) -> Value {
    let text = output_of(command);
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).unwrap_or_else(|_| panic!("not one JSON line at the end of: {text}"))
}
