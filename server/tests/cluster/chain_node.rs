//! A chain whose clock the test moves, answering as a node: stopped, started again and put back at will.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use obscura_client::ledger::local::{ClockSource, LocalLedger, ManualClock, OpenError};
use obscura_server::local::rpc;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const GENESIS: i64 = 1_800_000_000;
/// Far longer than a question takes.
const LETS_GO: Duration = Duration::from_secs(20);

pub struct ChainNode {
    pub clock: ManualClock,
    pub ledger: Arc<LocalLedger>,
    folder: TempDir,
    address: SocketAddr,
    serving: Serving,
}

struct Serving {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl ChainNode {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::starting_at(GENESIS);
        let ledger = open(&folder.path().join("chain"), &clock).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Serving::start(listener, ledger.clone());
        Self { clock, ledger, folder, address, serving }
    }

    pub fn url(&self) -> String {
        format!("http://{}/rpc", self.address)
    }

    /// Away for as long as `meanwhile` takes, and back at the same address with what is then on its disk.
    pub async fn restart(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let Self { clock, ledger, folder, address, serving } = self;
        serving.stop().await;
        drop(ledger);
        let chain = folder.path().join("chain");
        meanwhile(&chain);
        let ledger = open(&chain, &clock).await;
        let listener = TcpListener::bind(address).await.unwrap();
        let serving = Serving::start(listener, ledger.clone());
        Self { clock, ledger, folder, address, serving }
    }
}

impl Serving {
    fn start(listener: TcpListener, ledger: Arc<LocalLedger>) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            axum::serve(listener, rpc::router(ledger)).with_graceful_shutdown(stopped).await.unwrap();
        });
        Self { stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

/// Waits for whoever held the folder before: a ledger lets go of it when its last question is answered.
async fn open(chain: &Path, clock: &ManualClock) -> Arc<LocalLedger> {
    let deadline = tokio::time::Instant::now() + LETS_GO;
    loop {
        match LocalLedger::open(chain, ClockSource::Manual(clock.clone())).await {
            Err(OpenError::Lock(_)) if tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            opened => return Arc::new(opened.unwrap()),
        }
    }
}

/// Everything in one folder, as it is.
pub fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry: PathBuf = entry.unwrap().path();
        std::fs::copy(&entry, to.join(entry.file_name().unwrap())).unwrap();
    }
}
