//! The prover: one proof at a time, on threads of its own that yield to every other thread, with one
//! proving key in memory.
//!
//! Must never delay an answer: nothing here runs on a thread that serves requests. Proving uses every
//! core, so two proofs at once would make both late: whoever wants one waits for its turn.

use std::sync::Arc;
use std::time::{Duration, Instant};

use obscura_circuits::batch::{BatchInputs, Clearance, ClearanceError};
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::{ProofBytes, ProveError, prove};
use obscura_circuits::size::BatchSize;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use thiserror::Error;
use tokio::sync::{Mutex, MutexGuard};
use tokio_util::sync::CancellationToken;

use crate::proving_keys::{ProvingKeyError, ProvingKeys};
use crate::sign_of_life::while_shown;

/// As low as priorities go: the prover takes what others leave.
const NICENESS: i32 = 19;

/// Proves clearings.
pub struct Prover {
    threads: Arc<ThreadPool>,
    keys: Arc<ProvingKeys>,
    held: Mutex<Option<Arc<ClearingKeys>>>,
}

/// The right to use the prover, until dropped.
pub struct Turn<'a> {
    threads: &'a Arc<ThreadPool>,
    keys: &'a Arc<ProvingKeys>,
    held: MutexGuard<'a, Option<Arc<ClearingKeys>>>,
}

/// A clearing with its proof.
pub struct Proven {
    pub clearance: Clearance,
    pub proof: ProofBytes,
    /// How long the proof alone took.
    pub millis: u64,
}

/// Why there is no proof.
#[derive(Debug, Error)]
pub enum ProvingError {
    #[error("the prover's threads cannot be started: {0}")]
    Threads(#[from] ThreadPoolBuildError),
    /// What the rule says of single orders stays out of the log.
    #[error("the clearing cannot be computed")]
    Clearance(#[from] ClearanceError),
    #[error("no proving key: {0}")]
    Key(#[from] ProvingKeyError),
    #[error("the proof cannot be made: {0}")]
    Prove(#[from] ProveError),
    /// A panic's text may quote an order.
    #[error("the proving thread ended")]
    Died(#[from] tokio::task::JoinError),
}

impl Prover {
    /// Proves under `keys`, with a thread for every core.
    pub fn new(keys: ProvingKeys) -> Result<Self, ProvingError> {
        let threads = ThreadPoolBuilder::new()
            .thread_name(|number| format!("prover-{number}"))
            .start_handler(|_| yield_to_others())
            .build()?;
        Ok(Self { threads: Arc::new(threads), keys: Arc::new(keys), held: Mutex::new(None) })
    }

    /// Waits until nobody else proves.
    pub async fn turn(&self) -> Turn<'_> {
        Turn { threads: &self.threads, keys: &self.keys, held: self.held.lock().await }
    }
}

impl Turn<'_> {
    /// Brings the key of `size` into memory, instead of the one that is there.
    pub async fn load(
        &mut self,
        size: BatchSize,
        stop: &CancellationToken,
    ) -> Result<Arc<ClearingKeys>, ProvingError> {
        if let Some(keys) = self.held.as_ref().filter(|keys| keys.size() == size) {
            return Ok(keys.clone());
        }
        *self.held = None;
        let keys = self.keys.clone();
        let loading = move |progress: &Progress| keys.load(size, progress);
        let task = Task { what: "loading the proving key", size, within: None, stop };
        let keys = Arc::new(task.run(self.threads, loading).await??);
        *self.held = Some(keys.clone());
        Ok(keys)
    }

    /// Computes and proves the clearing of a batch; gives up after `within`, or when `stop` is cancelled.
    pub async fn prove(
        mut self,
        inputs: BatchInputs,
        within: Duration,
        stop: &CancellationToken,
    ) -> Result<Proven, ProvingError> {
        let deadline = Instant::now() + within;
        let size = inputs.size;
        let keys = self.load(size, stop).await?;
        let proving = move |progress: &Progress| {
            let clearance = Clearance::compute(&inputs)?;
            let started = Instant::now();
            let proof = prove(&keys, &clearance, &mut rand::rngs::OsRng, progress)?;
            let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            Ok(Proven { clearance, proof, millis })
        };
        let within = Some(deadline.saturating_duration_since(Instant::now()));
        Task { what: "proving", size, within, stop }.run(self.threads, proving).await?
    }
}

/// Something that keeps the prover busy for long.
struct Task<'a> {
    what: &'static str,
    size: BatchSize,
    within: Option<Duration>,
    stop: &'a CancellationToken,
}

impl Task<'_> {
    /// Runs `work` on `threads`, shows how far it is, and tells it when to stop.
    async fn run<T: Send + 'static>(
        self,
        threads: &Arc<ThreadPool>,
        work: impl FnOnce(&Progress) -> T + Send + 'static,
    ) -> Result<T, ProvingError> {
        let progress = Arc::new(Progress::default());
        let (threads, watched) = (threads.clone(), progress.clone());
        let job = tokio::task::spawn_blocking(move || threads.install(|| work(&watched)));
        let shown = while_shown(job, self.what, self.size, &progress);
        let _abandoned = CancelOnDrop(progress.clone());
        let limit = async {
            match self.within {
                Some(within) => tokio::time::sleep(within).await,
                None => std::future::pending().await,
            }
        };
        let over = async {
            tokio::select! { () = self.stop.cancelled() => {}, () = limit => {} }
        };
        tokio::pin!(shown, over);
        let mut cancelled = false;
        loop {
            tokio::select! {
                done = &mut shown => return Ok(done?),
                () = &mut over, if !cancelled => {
                    progress.cancel();
                    cancelled = true;
                }
            }
        }
    }
}

/// Work whose result nobody waits for any more must not keep the threads.
struct CancelOnDrop(Arc<Progress>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// On Linux a priority belongs to the calling thread alone.
fn yield_to_others() {
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "the prover's threads keep their priority");
    }
}
