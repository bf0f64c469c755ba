//! How far a long work is: a bar on a terminal, lines in the log elsewhere.
//!
//! Must never say anything of work that is done before a person wonders.

use std::future::Future;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use obscura_circuits::progress::Progress;
use obscura_circuits::size::BatchSize;

use crate::terminal::bars;

/// Most work is done before this. Also the time between two lines in the log.
const PATIENCE: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(200);

/// What `work` comes to, which counts its steps in `progress`.
pub async fn while_shown<T>(
    work: impl Future<Output = T>,
    what: &'static str,
    size: BatchSize,
    progress: &Progress,
) -> T {
    let mut sign = SignOfLife { what, size, bar: None };
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(sign.pause()) => sign.give(progress),
        }
    }
}

struct SignOfLife {
    what: &'static str,
    size: BatchSize,
    /// None before it is needed, and where there is no terminal.
    bar: Option<ProgressBar>,
}

impl SignOfLife {
    fn pause(&self) -> Duration {
        if self.bar.is_some() { TICK } else { PATIENCE }
    }

    fn give(&mut self, progress: &Progress) {
        let (done, steps) = progress.steps();
        if bars().is_hidden() {
            tracing::info!(slots = self.size.get(), done, steps, "{}", self.what);
            return;
        }
        let Self { what, size, bar } = self;
        let bar = bar.get_or_insert_with(|| bar_for(format!("{what}, {} slots", size.get())));
        // Nothing is known before the work has begun.
        bar.set_length(steps.max(1).into());
        bar.set_position(done.into());
    }
}

impl Drop for SignOfLife {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar_for(message: String) -> ProgressBar {
    let bar = bars().add(ProgressBar::new(1).with_elapsed(PATIENCE));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg} [{bar:30}] {percent} %") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(message);
    bar.enable_steady_tick(TICK);
    bar
}
