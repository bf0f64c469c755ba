//! `obscura zkey export-r1cs`: where a ceremony starts.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use obscura_circuits::circom::r1cs::write_r1cs;
use obscura_circuits::pinned::PinnedCircuit;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::Constraints;
use serde_json::json;

use crate::new_file::NewFile;
use crate::output;
use crate::progress_bar::watched;

const EXAMPLES: &str = "Examples:
  Write the constraints of the smallest circuit, and start a ceremony from them:
    obscura zkey export-r1cs --size 16 16.r1cs
    snarkjs groth16 setup 16.r1cs powersOfTau28_hez_final_15.ptau 16_0000.zkey
  The same file comes out on every machine: compare it with the others' before you contribute:
    sha256sum 16.r1cs

Exit codes: 0 written; 2 bad input, or the file cannot be written.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Slots of the circuit: 16, 64, 256 or 1024.
    #[arg(long, value_name = "N", value_parser = super::size)]
    size: BatchSize,

    /// Where to write the constraints; nothing may be there yet.
    #[arg(value_name = "OUT.r1cs")]
    out: PathBuf,

    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { size, out, json } = arguments;
    let file = NewFile::at(&out)?;
    let constraints = laid_out(size)?;
    watched("writing the constraints", |progress| file.fill(|to| write_r1cs(&constraints, to, progress)))?;
    let PinnedCircuit { constraints, fingerprint, .. } = size.circuit();
    output::line(&if json {
        json!({ "file": out, "size": size.get(), "constraints": constraints, "circuit": fingerprint })
            .to_string()
    } else {
        format!("{}: {constraints} constraints of circuit {fingerprint}", out.display())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The circuit of `size`.
pub fn laid_out(size: BatchSize) -> anyhow::Result<Constraints> {
    watched("laying out the circuit", |_| Constraints::of(size))
        .with_context(|| format!("the circuit of {} slots cannot be laid out", size.get()))
}
