//! Keeps a loop running: one that panics is started again, until the pool stops.
//!
//! A panic's text may quote what it stumbled over, so it never reaches the log
//! from here.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Pause before a loop is started again: one that panics at once must not spin.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs the loop that `start` makes until it returns, and again after a panic
/// until `stop`.
pub fn supervise<F, L>(name: &'static str, stop: &CancellationToken, start: F) -> JoinHandle<()>
where
    F: Fn() -> L + Send + 'static,
    L: Future<Output = ()> + Send + 'static,
{
    let stop = stop.clone();
    tokio::spawn(async move {
        while panicked(tokio::spawn(start())).await {
            tracing::error!(task = name, "a loop panicked; starting it again");
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    })
}

/// The loops of one pool.
pub struct Loops {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Loops {
    /// `tasks` end when `stop` is cancelled.
    pub fn new(stop: CancellationToken, tasks: Vec<JoinHandle<()>>) -> Self {
        Self { stop, tasks }
    }

    /// Ends every loop after its step under way.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            if task.await.is_err() {
                tracing::error!("a loop ended by a panic");
            }
        }
    }
}

async fn panicked(task: JoinHandle<()>) -> bool {
    task.await.is_err_and(|error| error.is_panic())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A loop that panics in its first `panics` runs, and counts them all.
    fn panicking(panics: u32, stop: &CancellationToken) -> (JoinHandle<()>, Arc<AtomicU32>) {
        let runs = Arc::new(AtomicU32::new(0));
        let counter = runs.clone();
        let start = move || {
            let run = counter.fetch_add(1, Ordering::SeqCst);
            async move { assert!(run >= panics, "on purpose") }
        };
        (supervise("test", stop, start), runs)
    }

    #[tokio::test]
    async fn a_loop_that_panics_is_started_again() {
        let (task, runs) = panicking(1, &CancellationToken::new());
        task.await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn after_the_stop_it_is_not_started_again() {
        let stop = CancellationToken::new();
        stop.cancel();
        let (task, runs) = panicking(u32::MAX, &stop);
        task.await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}
