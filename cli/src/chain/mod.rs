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
use std::process::ExitCode;

use anyhow::Context;

use crate::output;
use crate::progress_bar::watched;

/// What a transaction ends with that the chain refuses, or would refuse.
const REFUSED: u8 = 1;

/// What a command has to say, once it is done with the node.
pub struct Answer {
    text: String,
    code: u8,
    is_error: bool,
}

impl Answer {
    /// All is well.
    pub fn done(text: String) -> Self {
        Self { text, code: 0, is_error: false }
    }

    /// The chain refuses, in JSON.
    pub fn refused(document: String) -> Self {
        Self { text: document, code: REFUSED, is_error: false }
    }

    /// The chain refuses, in words.
    pub fn refused_in_words(text: String) -> Self {
        Self { text, code: REFUSED, is_error: true }
    }
}

/// Runs `work`, which talks to a node, with a sign of life where it takes long, and prints its answer.
pub fn run(work: impl Future<Output = anyhow::Result<Answer>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start talking to the node")?;
    let Answer { text, code, is_error } = watched("talking to the node", |_| runtime.block_on(work))?;
    if is_error {
        eprintln!("error: {text}");
    } else {
        output::line(&text)?;
    }
    Ok(ExitCode::from(code))
}
