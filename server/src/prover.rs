//! The prover: one proof at a time, on threads of its own that yield to every other thread, with one
//! proving key in memory.
//!
//! Must never delay an answer: nothing here runs on a thread that serves requests. Proving uses every
//! core, so two proofs at once would make both late: whoever wants one waits for its turn.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use obscura_circuits::batch::{BatchInputs, Clearance, ClearanceError};
use obscura_circuits::keys::{ClearingKeys, KeyError};
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::{ProofBytes, ProveError, prove};
use obscura_circuits::size::BatchSize;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use thiserror::Error;
use tokio::sync::{Mutex, MutexGuard};
use tokio_util::sync::CancellationToken;

/// As low as priorities go: the prover takes what others leave.
const NICENESS: i32 = 19;
/// How often a long work says how far it is.
const REPORT_EVERY: Duration = Duration::from_secs(2);

/// Proves clearings.
pub struct Prover {
    threads: Arc<ThreadPool>,
    cache: PathBuf,
    held: Mutex<Option<Arc<ClearingKeys>>>,
}

/// The right to use the prover, until dropped.
pub struct Turn<'a> {
    threads: &'a Arc<ThreadPool>,
    cache: &'a PathBuf,
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
    Key(#[from] KeyError),
    #[error("the proof cannot be made: {0}")]
    Prove(#[from] ProveError),
    /// A panic's text may quote an order.
    #[error("the proving thread ended")]
    Died(#[from] tokio::task::JoinError),
}

impl Prover {
    /// With keys in the folder `cache`, made there on first use. A thread for every core.
    pub fn new(cache: PathBuf) -> Result<Self, ProvingError> {
        let threads = ThreadPoolBuilder::new()
            .thread_name(|number| format!("prover-{number}"))
            .start_handler(|_| yield_to_others())
            .build()?;
        Ok(Self { threads: Arc::new(threads), cache, held: Mutex::new(None) })
    }

    /// Waits until nobody else proves.
    pub async fn turn(&self) -> Turn<'_> {
        Turn { threads: &self.threads, cache: &self.cache, held: self.held.lock().await }
    }
}

impl Turn<'_> {
    /// Brings the key of `size` into memory, instead of the one that is there; makes it where it is missing.
    pub async fn load(
        &mut self,
        size: BatchSize,
        stop: &CancellationToken,
    ) -> Result<Arc<ClearingKeys>, ProvingError> {
        if let Some(keys) = self.held.as_ref().filter(|keys| keys.size() == size) {
            return Ok(keys.clone());
        }
        *self.held = None;
        let cache = self.cache.clone();
        let loading = move |progress: &Progress| ClearingKeys::dev(size, &cache, progress);
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
    /// Runs `work` on `threads`, tells the log how far it is, and tells it when to stop.
    async fn run<T: Send + 'static>(
        self,
        threads: &Arc<ThreadPool>,
        work: impl FnOnce(&Progress) -> T + Send + 'static,
    ) -> Result<T, ProvingError> {
        let progress = Arc::new(Progress::default());
        let (threads, watched) = (threads.clone(), progress.clone());
        let mut job = tokio::task::spawn_blocking(move || threads.install(|| work(&watched)));
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
        tokio::pin!(over);
        let mut cancelled = false;
        loop {
            tokio::select! {
                done = &mut job => return Ok(done?),
                () = &mut over, if !cancelled => {
                    progress.cancel();
                    cancelled = true;
                }
                () = tokio::time::sleep(REPORT_EVERY) => self.report(&progress),
            }
        }
    }

    fn report(&self, progress: &Progress) {
        let (done, steps) = progress.steps();
        tracing::info!(slots = self.size.get(), done, steps, "{}", self.what);
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
