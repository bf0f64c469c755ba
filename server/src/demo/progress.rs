//! The batch clock while the swarm waits: a spinner on a terminal, a line per
//! phase elsewhere. Always on stderr, so that stdout is the result alone.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use tokio::task::JoinHandle;

use super::http_client::PoolHttp;
use crate::terminal::bars;

const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Tells a person what is going on.
#[derive(Clone)]
pub struct Progress {
    /// None where stderr is no terminal.
    bar: Option<ProgressBar>,
}

impl Progress {
    pub fn start() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = bars().add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(100));
            bar.set_message("starting the pool");
            bar
        });
        Self { bar }
    }

    /// One line that stays.
    pub fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => eprintln!("{line}"),
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Shows the batch clock until aborted.
    pub fn watch(&self, http: PoolHttp, gpu_type: &str) -> JoinHandle<()> {
        let (progress, gpu_type) = (self.clone(), gpu_type.to_owned());
        tokio::spawn(async move {
            let mut last_phase = String::new();
            loop {
                if let Ok(batch) = http.current_batch(&gpu_type).await {
                    progress.show(&batch, &mut last_phase);
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
    }

    fn show(&self, batch: &Value, last_phase: &mut String) {
        let clearing = match batch["clearing"]["index"].as_u64() {
            Some(index) => format!(", batch {index} is being proven and cleared"),
            None => String::new(),
        };
        let phase = format!("batch {} {}{clearing}", batch["index"], batch["phase"].as_str().unwrap_or("?"));
        match &self.bar {
            Some(bar) => bar.set_message(format!("{phase}: {} s left", batch["secondsLeft"])),
            None if phase != *last_phase => eprintln!("{phase}: {} s left", batch["secondsLeft"]),
            None => {}
        }
        *last_phase = phase;
    }
}
