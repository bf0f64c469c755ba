//! `obscura zkey`: what a key ceremony takes in, and what comes of what it gives back.
//!
//! The ceremony itself is held with its own tool; docs/CEREMONY.md is the walk-through. Must never write a
//! key that was not checked against the circuit, nor call one checked for what only that tool can check.

mod export_r1cs;
mod import;
mod show;

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use obscura_circuits::size::BatchSize;
use serde_json::json;

use crate::output;

#[derive(Subcommand)]
pub enum Command {
    /// Write a circuit's constraints, for `snarkjs groth16 setup`.
    ExportR1cs(export_r1cs::Arguments),
    /// Turn a ceremony's last .zkey into the key file that a pool proves with.
    Import(import::Arguments),
    /// Say which key a key file holds.
    Show(show::Arguments),
}

/// What a file that holds no key of the circuit ends with.
const INVALID: u8 = 1;

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::ExportR1cs(arguments) => export_r1cs::run(arguments),
        Command::Import(arguments) => import::run(arguments),
        Command::Show(arguments) => show::run(arguments),
    }
}

fn size(text: &str) -> Result<BatchSize, String> {
    let slots: u16 = text.parse().map_err(|_| "give 16, 64, 256 or 1024".to_owned())?;
    BatchSize::new(slots).map_err(|error| error.to_string())
}

/// The verdict on a file that could be read and is no key of the circuit.
fn invalid(file: &Path, reason: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    let message = format!("{}: {reason}", file.display());
    output::line(&if as_json {
        json!({ "valid": false, "message": message }).to_string()
    } else {
        format!("invalid: {message}")
    })?;
    Ok(ExitCode::from(INVALID))
}
