//! Secrets of the server on disk: 32-byte secret files, readable by their owner
//! only. Key files in Solana's format are the client crate's.
//!
//! A file that others can read is refused rather than used. No type here prints
//! what it holds.

mod secret_file;

use std::path::PathBuf;

use thiserror::Error;

pub use secret_file::{Secret32, load_or_create_secret, secret_from_hex};

/// Why a key or secret file could not be used.
#[derive(Debug, Error)]
pub enum KeyFileError {
    #[error("cannot read or write {path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path} may be read by others (mode {mode:o}): make it 0600, and consider it stolen")]
    ReadableByOthers { path: PathBuf, mode: u32 },
    #[error("{path} does not hold {expected}")]
    Malformed { path: PathBuf, expected: &'static str },
}
