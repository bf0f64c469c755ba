//! What a deployment has found and done: a line for each step, or one JSON document.

use std::process::ExitCode;

use obscura_client::causes::in_one_line;
use obscura_client::deploy::{DeployError, Step, StepState};
use obscura_client::idl;
use serde_json::{Value, json};

use crate::output;

/// Something is missing, or does not fit.
const UNFINISHED: u8 = 1;

pub struct Report {
    dry_run: bool,
    as_json: bool,
    steps: Vec<Value>,
    missing: usize,
}

impl Report {
    pub fn new(dry_run: bool, as_json: bool) -> Self {
        Self { dry_run, as_json, steps: Vec::new(), missing: 0 }
    }

    pub fn step(&mut self, step: &Step) {
        let Step { what, address, state } = step;
        let (word, signature) = match state {
            StepState::Present => ("present", None),
            StepState::Made(signature) => ("made", Some(signature.to_string())),
            StepState::Missing => ("missing", None),
        };
        self.missing += usize::from(*state == StepState::Missing);
        if !self.as_json {
            // A reader that has gone away must not stop a deployment half-way.
            let _ = output::line(&format!("{word:8} {what:28} {address}"));
        }
        self.steps.push(json!({
            "step": what, "address": address.to_string(), "state": word, "signature": signature,
        }));
    }

    /// The last word, and the exit code.
    pub fn finish(self, outcome: Result<(), DeployError>) -> anyhow::Result<ExitCode> {
        let Self { dry_run, as_json, steps, missing } = self;
        let error = outcome.err().map(|error| in_one_line(&error));
        let complete = error.is_none() && missing == 0;
        if as_json {
            output::line(
                &json!({
                    "program": idl::ID.to_string(),
                    "dryRun": dry_run,
                    "complete": complete,
                    "steps": steps,
                    "error": error,
                })
                .to_string(),
            )?;
        } else {
            match &error {
                Some(error) => eprintln!("error: {error}"),
                None if complete => output::line("everything is there")?,
                None => output::line(&format!("{missing} missing; run it without --dry-run to make them"))?,
            }
        }
        Ok(if complete || (dry_run && error.is_none()) {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(UNFINISHED)
        })
    }
}
