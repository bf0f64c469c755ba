//! `obscura zkey show`: which key a key file holds.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use obscura_circuits::circom::json;
use obscura_circuits::keys::{KeyFileError, VerifyingKeyBytes};
use obscura_circuits::size::BatchSize;
use serde_json::json;

use super::invalid;
use crate::new_file::NewFile;
use crate::output;
use crate::progress_bar::watched;

const EXAMPLES: &str = "Examples:
  Compare a key with the one on chain, or with what others imported:
    obscura zkey show keys/16.key --size 16
  Verify a pool's proofs with the ceremony's own tool:
    obscura zkey show keys/16.key --size 16 --verification-key verification_key.json
    snarkjs groth16 verify verification_key.json public.json proof.json

Exit codes: 0 the key is whole; 1 the file is no key of this circuit, or damaged; 2 bad input, or a file cannot be
read or written.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A file that `obscura zkey import` wrote.
    #[arg(value_name = "KEYFILE")]
    key: PathBuf,

    /// Slots of its circuit: 16, 64, 256 or 1024.
    #[arg(long, value_name = "N", value_parser = super::size)]
    size: BatchSize,

    /// Write the verifying key here too, as snarkjs reads it; nothing may be there yet.
    #[arg(long, value_name = "FILE")]
    verification_key: Option<PathBuf>,

    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { key: path, size, verification_key, json } = arguments;
    let document = verification_key.as_deref().map(NewFile::at).transpose()?;
    let cannot_read = || format!("cannot read {}", path.display());
    let file = File::open(&path).with_context(cannot_read)?;
    let key = match watched("checking the key", |progress| VerifyingKeyBytes::read(file, size, progress)) {
        Err(KeyFileError::Io(error)) => return Err(error).with_context(cannot_read),
        Err(refused) => return invalid(&path, &refused.to_string(), json),
        Ok(key) => key,
    };
    if let Some(document) = document {
        let text = json::verification_key(&key)?;
        document.fill(|to| to.write_all(text.as_bytes()))?;
    }
    output::line(&described(&key, size, json))?;
    Ok(ExitCode::SUCCESS)
}

fn described(key: &VerifyingKeyBytes, size: BatchSize, as_json: bool) -> String {
    let (circuit, fingerprint) = (size.circuit().fingerprint, hex::encode(key.fingerprint()));
    let development = key.is_development();
    if as_json {
        return json!({
            "valid": true,
            "size": size.get(),
            "circuit": circuit,
            "fingerprint": fingerprint,
            "developmentKey": development,
        })
        .to_string();
    }
    let warning = if development { "\nA development key: anybody can forge proofs under it." } else { "" };
    format!("circuit      {circuit}\nfingerprint  {fingerprint}{warning}")
}
