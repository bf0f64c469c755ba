//! What `obscura mcp` says beside the protocol: to standard error, without a request's content.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::prelude::*;

/// Libraries that would print whole requests, openings and keys included: no more than their warnings.
const TALKATIVE: [&str; 4] = ["rmcp", "hyper", "reqwest", "h2"];

pub fn start() {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let without_requests = filter_fn(|record| {
        let talkative = TALKATIVE.iter().any(|name| record.target().starts_with(name));
        !talkative || *record.level() <= Level::WARN
    });
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let to_stderr = tracing_subscriber::fmt::layer().with_ansi(colour).with_writer(std::io::stderr);
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
