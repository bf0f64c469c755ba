//! `idlgen DIR`: prints the IDL of the Anchor program in DIR as JSON.
//!
//! It compiles the program for this machine with its feature `idl-build` and runs the tests that
//! Anchor's macros generate; they print the parts of the IDL. It must never change the program's
//! lock file, hence `--locked`. Run the binary itself, with RUSTUP_TOOLCHAIN unset: where that is
//! set, the builder calls `cargo` with a toolchain name that does not exist.

use std::path::PathBuf;

use anchor_lang_idl::build::IdlBuilder;
use anyhow::{Context, Result};

fn main() -> Result<()> {
    let program = std::env::args_os().nth(1).context("usage: idlgen PROGRAM_DIR")?;
    let idl = IdlBuilder::new()
        .program_path(PathBuf::from(program))
        .skip_lint(true)
        .cargo_args(vec!["--lib".into(), "--locked".into()])
        .build()?;
    println!("{}", serde_json::to_string_pretty(&idl)?);
    Ok(())
}
