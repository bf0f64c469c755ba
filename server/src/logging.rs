//! What a program of ours says while it runs: to standard error, because standard output belongs to results.
//!
//! Must never show a request's content, an opening, an address that may hold a key, or what a panic quotes.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::prelude::*;

use crate::terminal::AboveBars;

/// Libraries that print whole requests, openings and keys included, or the address of the chain's node. Whatever
/// `RUST_LOG` says, they say no more than warnings.
const INDISCREET: [&str; 5] = ["rmcp", "solana_rpc_client", "hyper", "reqwest", "h2"];

/// Starts the log at `default`, unless `RUST_LOG` says otherwise. Once in a process.
pub fn start(default: &str) {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let without_requests = filter_fn(|record| {
        let indiscreet = INDISCREET.iter().any(|name| record.target().starts_with(name));
        !indiscreet || *record.level() <= Level::WARN
    });
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let to_stderr = tracing_subscriber::fmt::layer().with_ansi(colour).with_writer(|| AboveBars);
    tracing_subscriber::registry().with(to_stderr.with_filter(wanted.and(without_requests))).init();
    say_only_where_it_panicked();
}

/// A panic's text may quote what it stumbled over, an opening for example, so it is not printed.
fn say_only_where_it_panicked() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a bug: this code panicked");
    }));
}
