//! A sign of life on standard error, for work that takes longer than people like to wait.
//!
//! Must never be drawn where standard error is not a terminal, nor outlive the work.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Most work is done before this, and then nothing is drawn.
const PATIENCE: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(100);

/// Turns until it is dropped.
pub struct Spinner {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Spinner {
    /// Starts to wait; `message` says what the work is.
    pub fn start(message: &'static str) -> Self {
        let (working, over) = channel();
        // Without a thread there is no spinner; the work does not need one.
        let spawn = || Builder::new().spawn(move || turn(message, &over)).ok();
        let thread = stderr().is_terminal().then(spawn).flatten();
        Self { running: thread.map(|thread| (working, thread)) }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some((working, thread)) = self.running.take() {
            drop(working);
            // A spinner that panicked has nothing left to clear.
            let _ = thread.join();
        }
    }
}

/// The sender is dropped, never used, so whatever comes of the channel but a timeout means the end.
fn turn(message: &'static str, over: &Receiver<()>) {
    if over.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::new_spinner().with_elapsed(PATIENCE);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
        bar.set_style(style);
    }
    bar.set_message(message);
    bar.enable_steady_tick(TICK);
    let _ = over.recv();
    bar.finish_and_clear();
}
