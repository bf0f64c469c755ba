//! What the commands that talk to a chain share: where it is, who signs, how a transaction is tried or sent,
//! how accounts and refusals are printed.
//!
//! Must never print a node's address whole, nor anything out of a key file.

pub mod arguments;
pub mod options;
pub mod refusal;
pub mod session;
pub mod show;

use std::future::Future;

use anyhow::Context;

use crate::spinner::Spinner;

/// What a transaction ends with that the chain refuses, or would refuse.
pub const REFUSED: u8 = 1;

/// Runs `work`, which talks to a node, with a sign of life where it takes long.
pub fn run<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start talking to the node")?;
    runtime.block_on(work)
}

/// Turns while the node is asked.
pub fn waiting(message: &'static str) -> Spinner {
    Spinner::start(message)
}
