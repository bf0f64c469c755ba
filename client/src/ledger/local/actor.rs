//! One thread that owns the [`Chain`]: LiteSVM and SQLite block, and async workers must not.
//!
//! A step that was handed over runs to its end even if its caller gives up waiting, so that disk and
//! memory cannot part. At most [`QUEUE`] steps wait; further callers wait for a place.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::super::LedgerError;
use super::OpenError;
use super::chain::Chain;
use super::clock::ClockSource;

/// Enough for every agent of a demo to have several requests under way.
const QUEUE: usize = 1_024;

type Step = Box<dyn FnOnce(&mut Chain) + Send>;

#[derive(Debug)]
pub struct ChainActor {
    steps: Option<mpsc::Sender<Step>>,
    thread: Option<JoinHandle<()>>,
}

impl ChainActor {
    /// Opens the chain on a thread of its own.
    pub async fn start(
        data_dir: PathBuf,
        clock: ClockSource,
        changes: Arc<AtomicU64>,
    ) -> Result<Self, OpenError> {
        let (steps, queue) = mpsc::channel(QUEUE);
        let (opened, outcome) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("obscura-ledger".to_owned())
            .spawn(move || run(|| Chain::open(&data_dir, clock, changes), opened, queue))
            .map_err(OpenError::Thread)?;
        let actor = Self { steps: Some(steps), thread: Some(thread) };
        outcome.await.unwrap_or(Err(OpenError::ThreadDied))?;
        Ok(actor)
    }

    pub async fn run<R: Send + 'static>(
        &self,
        step: impl FnOnce(&mut Chain) -> R + Send + 'static,
    ) -> Result<R, LedgerError> {
        let (reply, answer) = oneshot::channel();
        let boxed: Step = Box::new(move |chain| {
            // A caller that gave up waiting is the only way for this to fail.
            let _ = reply.send(step(chain));
        });
        let steps = self.steps.as_ref().ok_or_else(stopped)?;
        steps.send(boxed).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())
    }
}

impl Drop for ChainActor {
    /// Waits for the steps under way, so that whoever opens the directory next finds it free.
    fn drop(&mut self) {
        drop(self.steps.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the ledger thread panicked");
        }
    }
}

fn run(
    open: impl FnOnce() -> Result<Chain, OpenError>,
    opened: oneshot::Sender<Result<(), OpenError>>,
    mut queue: mpsc::Receiver<Step>,
) {
    let mut chain = match open() {
        Ok(chain) => chain,
        Err(error) => {
            let _ = opened.send(Err(error));
            return;
        }
    };
    let _ = opened.send(Ok(()));
    while let Some(step) = queue.blocking_recv() {
        step(&mut chain);
    }
    chain.close();
}

fn stopped() -> LedgerError {
    LedgerError::Halted { reason: "its thread has ended".to_owned() }
}
