//! Standard output of a command whose result may be long.
//!
//! Must never call it a failure that whoever reads has seen enough, as `head` does.

use std::io::{self, BufWriter, ErrorKind, Write};

use anyhow::Context;

const BUFFER_BYTES: usize = 64 * 1024;

/// To be flushed by its user: what is lost when it is dropped is lost in silence.
pub fn stdout() -> impl Write {
    BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock())
}

/// What came of writing a result.
pub fn written(outcome: io::Result<()>) -> anyhow::Result<()> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("cannot write to standard output"),
    }
}

/// Writes one line, for a command whose result is short.
pub fn line(text: &str) -> anyhow::Result<()> {
    let mut out = stdout();
    written(writeln!(out, "{text}").and_then(|()| out.flush()))
}
