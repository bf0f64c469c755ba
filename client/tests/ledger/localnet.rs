//! A Solana node for one test: its own process on free ports of loopback, killed when it is dropped.
//!
//! Must never pass for a run that did not happen: where the node was not built a test says that it was
//! skipped, past the test harness; with `OBSCURA_REQUIRE_LOCALNET=1` it fails instead.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// From the repository's root.
const BINARY: &str = "target/localnet/debug/localnet";
const BUILD: &str = "cargo build --locked --manifest-path client/tests/localnet/Cargo.toml --target-dir \
                     target/localnet";
const REQUIRE: &str = "OBSCURA_REQUIRE_LOCALNET";

pub struct Localnet {
    child: Child,
    ports: [u16; 2],
}

impl Localnet {
    /// A fresh chain; none where the node was not built, after saying that `test` is skipped.
    pub fn start(test: &str) -> Option<Self> {
        if !binary().exists() {
            let required = std::env::var_os(REQUIRE).is_some_and(|value| value != "0");
            assert!(!required, "{REQUIRE} is set, but there is no {BINARY}: run `{BUILD}`");
            // Not through a macro: the harness would keep it to itself.
            let _ = writeln!(std::io::stderr(), "SKIPPED {test}: there is no {BINARY}; `{BUILD}` makes it");
            return None;
        }
        let ports = free_ports();
        Some(Self { child: started(ports), ports })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports[0])
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Another chain at the same address.
    pub fn start_again(&mut self) {
        self.child = started(self.ports);
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(BINARY)
}

fn started(ports: [u16; 2]) -> Child {
    let mut command = Command::new(binary());
    command.args(ports.map(|port| port.to_string())).stdout(Stdio::piped()).stderr(Stdio::null());
    // It writes its own files beside it.
    let mut child = command.current_dir(env!("CARGO_TARGET_TMPDIR")).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(first, "ready\n");
    child
}

/// Free a moment ago; nobody else takes ports here.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}
