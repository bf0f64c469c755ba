//! Node, the suite in it, and a proxy that adds an API key.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");
const VERSION: &str = "0.2.0-alpha.12";
const REQUIRE: &str = "OBSCURA_REQUIRE_NODE";

/// The suite, installed.
pub struct Suite {
    node: PathBuf,
    script: PathBuf,
}

impl Suite {
    /// None where it cannot be installed, after saying that what is tested is skipped.
    pub fn find(tested: &str) -> Option<Self> {
        static INSTALLED: OnceLock<Result<(), String>> = OnceLock::new();
        if let Err(missing) = INSTALLED.get_or_init(install) {
            let required = std::env::var_os(REQUIRE).is_some_and(|value| value != "0");
            assert!(!required, "{REQUIRE} is set, but {missing}");
            // Not through a macro: the harness would keep it to itself.
            let _ = writeln!(std::io::stderr(), "SKIPPED conformance of {tested}: {missing}");
            return None;
        }
        let modules = Path::new(PROJECT).join("node_modules");
        let script = modules.join("@modelcontextprotocol/conformance/dist/index.js");
        Some(Self { node: modules.join("node/bin/node"), script })
    }

    /// Runs what a revision requires; `expected` names the file of failures that have a reason.
    pub async fn must_pass(&self, revision: &str, url: &str, expected: Option<&str>) {
        let mut command = Command::new(&self.node);
        command.arg(&self.script).args(["server", "--url", url, "--requirements", revision]);
        if let Some(expected) = expected {
            command.arg("--expected-failures").arg(Path::new(PROJECT).join("tests").join(expected));
        }
        let run = tokio::task::spawn_blocking(move || command.stdin(Stdio::null()).output().unwrap());
        let output = run.await.unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let summary = text.split_once("=== SUMMARY ===").map_or(text.as_str(), |(_, summary)| summary);
        assert!(
            output.status.success(),
            "{revision} against {url}:{summary}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let total = summary.lines().find(|line| line.starts_with("Total:")).unwrap_or("no total");
        let _ = writeln!(std::io::stderr(), "{revision} against {url}: {total}");
    }
}

fn install() -> Result<(), String> {
    let manifest = Path::new(PROJECT).join("node_modules/@modelcontextprotocol/conformance/package.json");
    let is_there = || {
        let manifest = std::fs::read_to_string(&manifest);
        manifest.is_ok_and(|text| text.contains(&format!("\"version\": \"{VERSION}\"")))
    };
    if is_there() {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.arg("ci").current_dir(PROJECT).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match npm.status() {
        Ok(status) if status.success() && is_there() => Ok(()),
        Ok(_) => {
            Err("the suite cannot be installed: see what `npm ci` in examples/conformance says".to_owned())
        }
        Err(_) => Err("there is no npm: install Node".to_owned()),
    }
}

/// The proxy's process; ends with this.
pub struct Proxy {
    child: Child,
    pub url: String,
}

impl Proxy {
    pub fn start(suite: &Suite, target: &str, api_key: &str) -> Self {
        let mut child = Command::new(&suite.node)
            .arg(Path::new(PROJECT).join("add-api-key.mjs"))
            .arg(target)
            .env("OBSCURA_API_KEY", api_key)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned() }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
