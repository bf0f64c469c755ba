//! A bar on standard error, for work that counts its steps and takes longer than people like to wait.
//!
//! Must never be drawn where standard error is not a terminal, nor outlive the work.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{Builder, scope};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use obscura_circuits::progress::Progress;

/// Most work is done before this, and then nothing is drawn.
const PATIENCE: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(100);

/// What `work` comes to; `message` says what it is.
pub fn watched<T>(message: &'static str, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if !stderr().is_terminal() {
        return work(&progress);
    }
    scope(|threads| {
        let (working, over) = channel();
        let progress = &progress;
        // Without a thread there is no bar; the work does not need one.
        let _ = Builder::new().spawn_scoped(threads, move || follow(message, progress, &over));
        let done = work(progress);
        drop(working);
        done
    })
}

/// The sender is dropped, never used, so whatever comes of the channel but a timeout means the end.
fn follow(message: &'static str, progress: &Progress, over: &Receiver<()>) {
    if over.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::new(1).with_elapsed(PATIENCE);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg} [{bar:30}] {percent} %") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(message);
    while over.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        let (done, steps) = progress.steps();
        // Nothing is known before the work has begun.
        bar.set_length(steps.max(1).into());
        bar.set_position(done.into());
        bar.tick();
    }
    bar.finish_and_clear();
}
