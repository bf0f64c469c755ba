//! A sign of life on standard error, for work that takes longer than people like to wait: a bar where the
//! work counts its steps, a spinner where it does not, or has not begun to.
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

const SPINNER: &str = "{spinner} {elapsed} {msg}";
const BAR: &str = "{spinner} {elapsed} {msg} [{bar:30}] {percent} %";

/// What `work` comes to; `message` says what it is.
pub fn watched<T>(message: &'static str, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if !stderr().is_terminal() {
        return work(&progress);
    }
    scope(|threads| {
        let (working, over) = channel();
        let progress = &progress;
        // Without a thread nothing is drawn; the work does not need it.
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
    let bar = ProgressBar::new_spinner().with_elapsed(PATIENCE).with_message(message);
    draw_as(&bar, SPINNER);
    while over.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        let (done, steps) = progress.steps();
        if steps > 0 {
            if bar.length().is_none() {
                draw_as(&bar, BAR);
            }
            bar.set_length(steps.into());
            bar.set_position(done.into());
        }
        bar.tick();
    }
    bar.finish_and_clear();
}

fn draw_as(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
}
